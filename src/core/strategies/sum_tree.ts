/**
 * Draws proxies with probabilities in proportion to their weights, while the weights keep changing.
 *
 * A complete binary tree over the members, each node the sum of its two children. The alias method draws in
 * O(1), but has to be rebuilt in O(n) after any change, and here every report is one.
 */

import type { ProxyEntry } from "../proxy_entry.ts";
import type { Random } from "../types.ts";

/** A weighted set of proxies. Cost: O(log n) to set a weight, remove and draw; 16–32 bytes a member. */
export class SumTree {
  readonly #members: ProxyEntry[] = [];
  readonly #places: number[] = [];
  #capacity = 16;
  #sums: Float64Array = new Float64Array(32);

  /** How many there are. */
  get size(): number {
    return this.#members.length;
  }

  /** Sum of all weights. */
  get total(): number {
    return this.#sums[1] as number;
  }

  /** Adds an entry or changes its weight (finite, ≥ 0). */
  set(entry: ProxyEntry, weight: number): void {
    let place = this.#placeOf(entry);
    if (place < 0) {
      place = this.#members.length;
      if (place === this.#capacity) this.#grow();
      this.#members.push(entry);
      this.#places[entry.slot] = place;
    }
    if (this.#sums[this.#capacity + place] !== weight) this.#assign(place, weight);
  }

  /** Removes an entry, if it is there. */
  remove(entry: ProxyEntry): void {
    const place = this.#placeOf(entry);
    if (place < 0) return;
    const lastPlace = this.#members.length - 1;
    const last = this.#members.pop() as ProxyEntry;
    if (last !== entry) {
      this.#members[place] = last;
      this.#places[last.slot] = place;
      this.#assign(place, this.#sums[this.#capacity + lastPlace] as number);
    }
    this.#assign(lastPlace, 0);
    this.#places[entry.slot] = -1;
  }

  /** Draws one member in proportion to the weights; undefined when all weights are 0. */
  draw(random: Random): ProxyEntry | undefined {
    const sums = this.#sums;
    let left = random() * this.total;
    let node = 1;
    if (!(this.total > 0)) return undefined;
    while (node < this.#capacity) {
      node *= 2;
      const sum = sums[node] as number;
      if (left >= sum && (sums[node + 1] as number) > 0) {
        left -= sum;
        node++;
      }
    }
    return this.#members[node - this.#capacity];
  }

  #placeOf(entry: ProxyEntry): number {
    const place = this.#places[entry.slot] ?? -1;
    return this.#members[place] === entry ? place : -1;
  }

  #assign(place: number, weight: number): void {
    const sums = this.#sums;
    let node = this.#capacity + place;
    sums[node] = weight;
    while (node > 1) {
      node >>= 1;
      sums[node] = (sums[2 * node] as number) + (sums[2 * node + 1] as number);
    }
  }

  #grow(): void {
    const old = this.#sums;
    const oldCapacity = this.#capacity;
    this.#capacity *= 2;
    const sums = new Float64Array(2 * this.#capacity);
    sums.set(old.subarray(oldCapacity, 2 * oldCapacity), this.#capacity);
    for (let node = this.#capacity - 1; node > 0; node--) {
      sums[node] = (sums[2 * node] as number) + (sums[2 * node + 1] as number);
    }
    this.#sums = sums;
  }
}
