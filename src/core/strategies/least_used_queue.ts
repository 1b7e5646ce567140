/**
 * Proxies in the order of how often they were used, the least used first.
 *
 * Proxies with the same count wait in one line; the lines stand in a heap by their count. In use nearly all
 * proxies have one of two or three counts, so a proxy that was just used goes from the head of one line to the
 * end of the next. (Shah, Mitra and Matani, "An O(1) algorithm for implementing the LFU cache eviction
 * scheme", 2010, with a heap where they have a list, since proxies also come with any count from the disk.)
 */

import type { ProxyEntry } from "../proxy_entry.ts";
import { type HeapItem, IndexedHeap } from "./indexed_heap.ts";

const NOBODY = -1;

/** Proxies of one count; a list threaded through the arrays of the queue. */
class Line implements HeapItem {
  place = -1;
  head = NOBODY;
  tail = NOBODY;
  readonly count: number;

  constructor(count: number) {
    this.count = count;
  }
}

/** A queue of proxies by use. Cost: O(1) to move on by one use, O(log counts) to add and remove. */
export class LeastUsedQueue {
  readonly #lines: Map<number, Line> = new Map();
  readonly #order: IndexedHeap<Line> = new IndexedHeap((a, b) => a.count < b.count);
  readonly #entries: (ProxyEntry | undefined)[] = [];
  readonly #lineBySlot: (Line | undefined)[] = [];
  readonly #next: number[] = [];
  readonly #previous: number[] = [];
  #size = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** The least used; among equals the one that waits longest. */
  get first(): ProxyEntry | undefined {
    const line = this.#order.first;
    return line === undefined ? undefined : this.#entries[line.head];
  }

  /** Puts an entry where its count belongs: at the end of that line, unless it stands in it already. */
  put(entry: ProxyEntry): void {
    if (this.#has(entry)) {
      if (this.#lineBySlot[entry.slot]?.count === entry.requestsStarted) return;
      this.remove(entry);
    }
    const { slot } = entry;
    const line = this.#join(entry);
    this.#previous[slot] = line.tail;
    this.#next[slot] = NOBODY;
    if (line.tail === NOBODY) line.head = slot;
    else this.#next[line.tail] = slot;
    line.tail = slot;
  }

  /** Puts an entry that was taken out back to the head of its line. */
  putBack(entry: ProxyEntry): void {
    const { slot } = entry;
    const line = this.#join(entry);
    this.#next[slot] = line.head;
    this.#previous[slot] = NOBODY;
    if (line.head === NOBODY) line.tail = slot;
    else this.#previous[line.head] = slot;
    line.head = slot;
  }

  /** Removes an entry, if it is there. */
  remove(entry: ProxyEntry): void {
    if (!this.#has(entry)) return;
    const { slot } = entry;
    const line = this.#lineBySlot[slot] as Line;
    const next = this.#next[slot] as number;
    const previous = this.#previous[slot] as number;
    if (previous === NOBODY) line.head = next;
    else this.#next[previous] = next;
    if (next === NOBODY) line.tail = previous;
    else this.#previous[next] = previous;
    this.#entries[slot] = undefined;
    this.#size--;
    if (line.head !== NOBODY) return;
    this.#lines.delete(line.count);
    this.#order.remove(line);
  }

  #has(entry: ProxyEntry): boolean {
    return this.#entries[entry.slot] === entry;
  }

  #join(entry: ProxyEntry): Line {
    const { slot, requestsStarted } = entry;
    let line = this.#lines.get(requestsStarted);
    if (line === undefined) {
      line = new Line(requestsStarted);
      this.#lines.set(requestsStarted, line);
      this.#order.add(line);
    }
    this.#entries[slot] = entry;
    this.#lineBySlot[slot] = line;
    this.#size++;
    return line;
  }
}
