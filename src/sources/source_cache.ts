/**
 * Keeps lists as they were read, in this process, with what their server calls the version (`etag`,
 * `last-modified`): asked with it, the server need not send a list that did not change, and we need not read it.
 */

import type { ParsedSource } from "./found_proxy.ts";

/** A list and its version. */
export interface CachedSource {
  /** Where it came from; another address is another list. */
  readonly url: string;
  /** The list. */
  readonly parsed: ParsedSource;
  /** `etag` of the answer. */
  readonly etag: string | null;
  /** `last-modified` of the answer. */
  readonly lastModified: string | null;
}

const DEFAULT_MAX_PROXIES = 300_000;

/** Lists by name. The ones not used longest go when there are too many proxies in all. */
export class SourceCache {
  readonly #lists: Map<string, CachedSource> = new Map();
  readonly #maxProxies: number;
  #proxies = 0;

  /**
   * Makes an empty cache.
   *
   * @param maxProxies Most proxies in all lists
   */
  constructor(maxProxies: number = DEFAULT_MAX_PROXIES) {
    this.#maxProxies = maxProxies;
  }

  /** Proxies in all lists. */
  get size(): number {
    return this.#proxies;
  }

  /** A list, if it is at hand. */
  get(name: string, url: string): CachedSource | undefined {
    const cached = this.#lists.get(name);
    if (cached === undefined || cached.url !== url) return undefined;
    this.#lists.delete(name);
    this.#lists.set(name, cached);
    return cached;
  }

  /** Keeps a list, if its server says which version it is. */
  set(name: string, cached: CachedSource): void {
    this.#forget(name);
    if (cached.etag === null && cached.lastModified === null) return;
    this.#lists.set(name, cached);
    this.#proxies += cached.parsed.proxies.length;
    for (const oldest of this.#lists.keys()) {
      if (this.#proxies <= this.#maxProxies) break;
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    this.#proxies -= this.#lists.get(name)?.parsed.proxies.length ?? 0;
    this.#lists.delete(name);
  }
}
