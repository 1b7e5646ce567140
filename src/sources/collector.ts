/** Takes what a parser finds, entry by entry: drops repetitions, counts what is wrong, and says when it is enough. */

import { type ProxyMetadata, type ProxyUrl, redactProxyInput, type RejectedLine } from "../core/mod.ts";
import type { FoundProxy, ParsedSource, ParseSourceOptions, SourceFormat } from "./found_proxy.ts";

const DEFAULT_MAX_PROXIES = 100_000;
const DEFAULT_MAX_REJECTED = 100;

/** Collects the proxies of one list. */
export class Collector {
  readonly #proxies: Map<string, FoundProxy> = new Map();
  readonly #rejected: RejectedLine[] = [];
  readonly #maxProxies: number;
  readonly #maxRejected: number;
  readonly #readsHttpsAsHttp: boolean;
  #duplicates = 0;
  #rejectedCount = 0;
  #isCut = false;

  /** @param options Limits, and what `https` means */
  constructor(options: ParseSourceOptions = {}) {
    this.#maxProxies = options.maxProxies ?? DEFAULT_MAX_PROXIES;
    this.#maxRejected = options.maxRejected ?? DEFAULT_MAX_REJECTED;
    this.#readsHttpsAsHttp = options.readHttpsAs === "http";
  }

  /** Whether there was more than wanted: nothing further is taken, so a parser may stop. */
  get isFull(): boolean {
    return this.#isCut;
  }

  /** Different proxies so far. */
  get size(): number {
    return this.#proxies.size;
  }

  /** Takes a proxy. What an earlier entry did not know about it is filled in. */
  add(proxy: ProxyUrl, metadata?: ProxyMetadata): void {
    const url = this.#readsHttpsAsHttp && proxy.protocol === "https"
      ? `http${proxy.href.slice("https".length)}`
      : proxy.href;
    const known = this.#proxies.get(url);
    if (known !== undefined) {
      this.#duplicates++;
      if (metadata !== undefined) this.#proxies.set(url, { ...metadata, ...known });
    } else if (this.#proxies.size >= this.#maxProxies) {
      this.#isCut = true;
    } else {
      this.#proxies.set(url, metadata === undefined ? { url } : { url, ...metadata });
    }
  }

  /** Counts entries that repeat an earlier proxy and were found by somebody else. */
  countDuplicates(count: number): void {
    this.#duplicates += count;
  }

  /**
   * Notes an entry that is no proxy.
   *
   * @param line Line, row or element, from 1
   * @param input The entry; shown without credentials
   * @param reason What is wrong with it
   */
  reject(line: number, input: string, reason: string): void {
    this.#rejectedCount++;
    if (this.#rejected.length >= this.#maxRejected) return;
    this.#rejected.push({ line, input: redactProxyInput(input.slice(0, 4096)), reason });
  }

  /** What came together. */
  result(format: SourceFormat): ParsedSource {
    return {
      format,
      proxies: [...this.#proxies.values()],
      duplicates: this.#duplicates,
      rejectedCount: this.#rejectedCount,
      rejected: this.#rejected,
      isCut: this.#isCut,
    };
  }
}
