/**
 * A set of proxies that can be drawn from in constant time.
 *
 * Members lie in one dense array; a second array, indexed by the proxy's slot, says where. Adding appends,
 * removing moves the last member into the gap, so the order means nothing: strategies that need one keep
 * their own.
 */

import type { PoolProxy, ProxyEntry } from "./proxy_entry.ts";

/** What a strategy may do with the proxies it can choose from. */
export interface EligibleProxies {
  /** How many there are. */
  readonly size: number;
  /** The proxy at a position, 0 ≤ index < size; positions change with every add and remove. */
  at(index: number): PoolProxy;
  /** Whether the proxy is among them. */
  has(proxy: PoolProxy): boolean;
}

/** Positions of an empty set: most targets of a crawler never hold more. */
const NOWHERE: Int32Array = new Int32Array(0);

/** A set of pool entries with constant-time add, remove, membership and draw. */
export class EligibleSet implements EligibleProxies {
  readonly #members: ProxyEntry[] = [];
  #positions: Int32Array = NOWHERE;

  /** How many there are. */
  get size(): number {
    return this.#members.length;
  }

  /** The entry at a position, 0 ≤ index < size. */
  at(index: number): ProxyEntry {
    return this.#members[index] as ProxyEntry;
  }

  /** Whether the entry is a member. */
  has(proxy: PoolProxy): boolean {
    const entry = proxy as ProxyEntry;
    const position = this.#positions[entry.slot] ?? -1;
    return position >= 0 && this.#members[position] === entry;
  }

  /** Adds an entry; answers whether it was new. */
  add(entry: ProxyEntry): boolean {
    if (this.has(entry)) return false;
    if (entry.slot >= this.#positions.length) this.#grow(entry.slot);
    this.#positions[entry.slot] = this.#members.length;
    this.#members.push(entry);
    return true;
  }

  /** Removes an entry; answers whether it was there. */
  remove(entry: ProxyEntry): boolean {
    if (!this.has(entry)) return false;
    const position = this.#positions[entry.slot] ?? -1;
    this.#positions[entry.slot] = -1;
    const last = this.#members.pop() as ProxyEntry;
    if (last !== entry) {
      this.#members[position] = last;
      this.#positions[last.slot] = position;
    }
    return true;
  }

  /** Members in no particular order. */
  [Symbol.iterator](): IterableIterator<ProxyEntry> {
    return this.#members[Symbol.iterator]();
  }

  #grow(slot: number): void {
    const positions = new Int32Array(Math.max(16, 2 * this.#positions.length, slot + 1)).fill(-1);
    positions.set(this.#positions);
    this.#positions = positions;
  }
}
