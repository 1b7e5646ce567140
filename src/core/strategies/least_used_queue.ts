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

// A row of numbers for each slot: one step into memory that no cache holds, instead of three.
const ROW = 4;
const NEXT = 0;
const PREVIOUS = 1;
/** Count under which the proxy stands in line; below 0 where there is none. */
const COUNT = 2;

/** Where proxies stand, by slot: room for all queues of which each proxy is in one at the most. */
export class QueuePlaces {
  /** The proxy of each slot; undefined where it stands in no queue. */
  readonly entries: (ProxyEntry | undefined)[] = [];
  /** A row of numbers for each slot. */
  rows: Float64Array = new Float64Array(0);

  /** Makes room for a slot. */
  reserve(slot: number): void {
    const length = (slot + 1) * ROW;
    if (length <= this.rows.length) return;
    const rows = new Float64Array(Math.max(16 * ROW, 2 * this.rows.length, length)).fill(NOBODY);
    rows.set(this.rows);
    this.rows = rows;
  }
}

/** A queue of proxies by use. Cost: O(1) to move on by one use, O(log counts) to add and remove. */
export class LeastUsedQueue {
  readonly #lines: Map<number, Line> = new Map();
  readonly #order: IndexedHeap<Line> = new IndexedHeap((a, b) => a.count < b.count);
  readonly #places: QueuePlaces;
  #size = 0;

  /** @param places Shared with the queues between which proxies move: they leave one before they enter another */
  constructor(places: QueuePlaces = new QueuePlaces()) {
    this.#places = places;
  }

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** The least used; among equals the one that waits longest. */
  get first(): ProxyEntry | undefined {
    const line = this.#order.first;
    return line === undefined ? undefined : this.#places.entries[line.head];
  }

  /** Puts an entry where its count belongs: at the end of that line, unless it stands in it already. */
  put(entry: ProxyEntry): void {
    if (this.#countOf(entry) === entry.requestsStarted) return;
    this.remove(entry);
    const { slot } = entry;
    const line = this.#join(entry);
    this.#link(line.tail, slot, line);
    this.#link(slot, NOBODY, line);
  }

  /** Puts an entry that was taken out back to the head of its line. */
  putBack(entry: ProxyEntry): void {
    const { slot } = entry;
    const line = this.#join(entry);
    this.#link(slot, line.head, line);
    this.#link(NOBODY, slot, line);
  }

  /** Removes an entry, if it is there. */
  remove(entry: ProxyEntry): void {
    const count = this.#countOf(entry);
    const line = this.#lines.get(count);
    if (line === undefined) return;
    const row = entry.slot * ROW;
    this.#link(this.#places.rows[row + PREVIOUS] as number, this.#places.rows[row + NEXT] as number, line);
    this.#places.rows[row + COUNT] = NOBODY;
    this.#places.entries[entry.slot] = undefined;
    this.#size--;
    if (line.head !== NOBODY) return;
    this.#lines.delete(count);
    this.#order.remove(line);
  }

  #countOf(entry: ProxyEntry): number {
    return this.#places.rows[entry.slot * ROW + COUNT] ?? NOBODY;
  }

  /** Lets one slot follow another; nobody before the head, nobody after the tail. */
  #link(previous: number, next: number, line: Line): void {
    if (previous === NOBODY) line.head = next;
    else this.#places.rows[previous * ROW + NEXT] = next;
    if (next === NOBODY) line.tail = previous;
    else this.#places.rows[next * ROW + PREVIOUS] = previous;
  }

  #join(entry: ProxyEntry): Line {
    const { slot, requestsStarted: count } = entry;
    this.#places.reserve(slot);
    let line = this.#lines.get(count);
    if (line === undefined) {
      line = new Line(count);
      this.#lines.set(count, line);
      this.#order.add(line);
    }
    this.#places.entries[slot] = entry;
    this.#places.rows[slot * ROW + COUNT] = count;
    this.#size++;
    return line;
  }
}
