/** A min-heap of proxies in which each one's place is known, so that it can move when its key changes. */

import type { ProxyEntry } from "../proxy_entry.ts";

/** Answers whether `a` goes before `b`. */
export type GoesBefore = (a: ProxyEntry, b: ProxyEntry) => boolean;

/** An indexed binary min-heap. Cost: O(log n) to add, remove and update; O(1) to look at the first. */
export class IndexedHeap {
  readonly #goesBefore: GoesBefore;
  readonly #heap: ProxyEntry[] = [];
  /** Place of each proxy by slot; -1 when absent. */
  readonly #places: number[] = [];

  /** @param goesBefore Order of the heap */
  constructor(goesBefore: GoesBefore) {
    this.#goesBefore = goesBefore;
  }

  /** How many there are. */
  get size(): number {
    return this.#heap.length;
  }

  /** The first, or undefined when empty. */
  get first(): ProxyEntry | undefined {
    return this.#heap[0];
  }

  /** Adds an entry, or finds its new place if it is in the heap. */
  add(entry: ProxyEntry): void {
    if (this.#placeOf(entry) >= 0) return this.update(entry);
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1, entry);
  }

  /** Removes an entry, if it is there. */
  remove(entry: ProxyEntry): void {
    const place = this.#placeOf(entry);
    if (place < 0) return;
    this.#places[entry.slot] = -1;
    const last = this.#heap.pop() as ProxyEntry;
    if (last === entry) return;
    this.#heap[place] = last;
    this.#places[last.slot] = place;
    this.update(last);
  }

  /** Finds the new place of an entry whose key changed; does nothing when it is not there. */
  update(entry: ProxyEntry): void {
    const place = this.#placeOf(entry);
    if (place >= 0 && this.#rise(place, entry) === place) this.#sink(place, entry);
  }

  #placeOf(entry: ProxyEntry): number {
    const place = this.#places[entry.slot] ?? -1;
    return this.#heap[place] === entry ? place : -1;
  }

  #rise(from: number, entry: ProxyEntry): number {
    const heap = this.#heap;
    let place = from;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = heap[parentPlace] as ProxyEntry;
      if (!this.#goesBefore(entry, parent)) break;
      heap[place] = parent;
      this.#places[parent.slot] = place;
      place = parentPlace;
    }
    heap[place] = entry;
    this.#places[entry.slot] = place;
    return place;
  }

  #sink(from: number, entry: ProxyEntry): void {
    const heap = this.#heap;
    let place = from;
    for (;;) {
      let childPlace = 2 * place + 1;
      const left = heap[childPlace];
      if (left === undefined) break;
      const right = heap[childPlace + 1];
      const child = right !== undefined && this.#goesBefore(right, left) ? (childPlace++, right) : left;
      if (!this.#goesBefore(child, entry)) break;
      heap[place] = child;
      this.#places[child.slot] = place;
      place = childPlace;
    }
    heap[place] = entry;
    this.#places[entry.slot] = place;
  }
}
