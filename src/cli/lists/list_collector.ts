/** Gathers what the entries of a list hold. */
import { type Protocol, redactProxyInput, type RejectedLine } from "../../core/mod.ts";
import { type EntryOptions, type ReadEntry, readEntry } from "./list_entry.ts";
import type { ListedProxy, ListResult } from "./listed_proxy.ts";
import { isRecord } from "../is_record.ts";

const SHOWN_KEYS = 8;

/** A list that is being read. */
export class ListCollector {
  readonly #options: EntryOptions;
  readonly #proxies: Map<string, ListedProxy> = new Map();
  readonly #rejected: RejectedLine[] = [];
  readonly #ignored: Set<string> = new Set();
  readonly #notes: string[] = [];
  #duplicates = 0;
  #lines = 0;

  /** @param options How entries are read */
  constructor(options: EntryOptions) {
    this.#options = options;
  }

  /**
   * Takes an entry: a text, or a table of values by name.
   *
   * @param line Number that a person finds it by
   * @param defaultProtocol For this entry, if it names none
   */
  take(entry: unknown, line: number, defaultProtocol: Protocol = this.#options.defaultProtocol): void {
    this.#lines++;
    const values = typeof entry === "string" ? { url: entry } : entry;
    if (!isRecord(values)) return this.reject(line, "", "the entry is neither a text nor an object");
    const read = readEntry(values, { ...this.#options, defaultProtocol });
    for (const key of read.ignored) this.#ignored.add(key);
    this.#keep(read, line);
  }

  /** Notes an entry that is no proxy. */
  reject(line: number, input: string, reason: string): void {
    this.#rejected.push({ line, input: redactProxyInput(input), reason });
  }

  /** Counts an entry that {@linkcode ListCollector.reject} was called for. */
  count(): void {
    this.#lines++;
  }

  /** Says something that a person should know. */
  note(text: string): void {
    this.#notes.push(text);
  }

  /** What was gathered. */
  result(): ListResult {
    const ignored = [...this.#ignored].map((key) => key.slice(0, 40));
    const shown = ignored.slice(0, SHOWN_KEYS).join(", ");
    const more = ignored.length > SHOWN_KEYS ? ` and ${ignored.length - SHOWN_KEYS} more` : "";
    return {
      proxies: [...this.#proxies.values()],
      duplicates: this.#duplicates,
      rejected: this.#rejected,
      lines: this.#lines,
      notes: [
        ...this.#notes,
        ...(ignored.length === 0 ? [] : [`not taken over, since there is no counterpart: ${shown}${more}`]),
      ],
    };
  }

  #keep({ proxies, reason, shown }: ReadEntry, line: number): void {
    if (reason !== undefined) this.reject(line, shown, reason);
    for (const proxy of proxies) {
      if (this.#proxies.has(proxy.url)) this.#duplicates++;
      else this.#proxies.set(proxy.url, proxy);
    }
  }
}
