/** The proxies themselves: found by id and by URL, listed in the order of adding. */

import { ProxyEntry } from "./proxy_entry.ts";
import type { ProxyUrl } from "./proxy_url.ts";

/** A set of proxies. Cost of each call: O(1). */
export class Pool {
  readonly #byId: Map<string, ProxyEntry> = new Map();
  readonly #byUrl: Map<string, ProxyEntry> = new Map();
  readonly #freeSlots: number[] = [];
  #lastOrdinal = 0;

  /** How many there are. */
  get size(): number {
    return this.#byId.size;
  }

  /** A proxy by its id, in any case. */
  get(id: string): ProxyEntry | undefined {
    const entry = this.#byId.get(id);
    if (entry !== undefined) return entry;
    const lower = id.toLowerCase();
    return lower === id ? undefined : this.#byId.get(lower);
  }

  /** A proxy by its canonical URL. */
  getByUrl(href: string): ProxyEntry | undefined {
    return this.#byUrl.get(href);
  }

  /** Adds a proxy whose id and URL are new. */
  add(id: string, url: Pick<ProxyUrl, "href" | "protocol">, addedAt: number): ProxyEntry {
    const slot = this.#freeSlots.pop() ?? this.#byId.size;
    const entry = new ProxyEntry(id, url.href, url.protocol, slot, addedAt);
    entry.ordinal = ++this.#lastOrdinal;
    this.#byId.set(id.toLowerCase(), entry);
    this.#byUrl.set(url.href, entry);
    return entry;
  }

  /** Removes a proxy. Its slot may be given to the next one at once. */
  remove(entry: ProxyEntry): void {
    entry.isPooled = false;
    this.#byId.delete(entry.id.toLowerCase());
    this.#byUrl.delete(entry.url);
    this.#freeSlots.push(entry.slot);
  }

  /** All proxies in the order of adding. */
  values(): IterableIterator<ProxyEntry> {
    return this.#byId.values();
  }
}
