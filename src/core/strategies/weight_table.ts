/**
 * Draws proxies with probabilities in proportion to their weights, while the weights keep changing.
 *
 * Members lie in groups by the power of two above their weight. A draw takes a group in proportion to what its
 * members could weigh at most, then any member of it, and keeps that one with the probability weight / most;
 * else it starts over. More than half of all draws are kept, so the cost does not depend on how many members
 * there are, and the distribution is exact. (Matias, Vitter and Ni, "Dynamic generation of discrete random
 * variates", 1993. An alias table would have to be rebuilt after every report; a tree of sums takes a step into
 * memory that no cache holds for each of its lower levels.)
 */

import type { ProxyEntry } from "../proxy_entry.ts";
import type { Random } from "../types.ts";

/** Weights are brought into this range, so that the sums of a large pool stay finite. */
const LOWEST_POWER = -400;
const HIGHEST_POWER = 400;
const LIGHTEST = 2 ** LOWEST_POWER;
const HEAVIEST = 2 ** HIGHEST_POWER;

// Where a member is, two numbers for each slot: the power of its group, from 1 on, and its place there.
const ROW = 2;
const NOWHERE = 0;

class Group {
  readonly most: number;
  readonly members: ProxyEntry[] = [];
  readonly weights: number[] = [];

  constructor(most: number) {
    this.most = most;
  }
}

/** A weighted set of proxies. Cost: O(1) to set a weight, remove and draw, with a step per power of two in use. */
export class WeightTable {
  /** Heaviest first: the first group is mostly the one that is drawn. */
  readonly #groups: Group[] = [];
  readonly #groupByPower: (Group | undefined)[] = [];
  #rows: Int32Array = new Int32Array(0);
  #size = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** Adds an entry or changes its weight (above 0). */
  set(entry: ProxyEntry, weight: number): void {
    const held = Math.min(Math.max(weight, LIGHTEST), HEAVIEST);
    const row = entry.slot * ROW;
    const group = this.#groupOf(entry);
    if (group !== undefined) {
      const place = this.#rows[row + 1] as number;
      if (group.weights[place] === held) return;
      if (held <= group.most && 2 * held > group.most) {
        group.weights[place] = held;
        return;
      }
      this.remove(entry);
    }
    if (row >= this.#rows.length) this.#grow(entry.slot);
    const power = 1 + Math.ceil(Math.log2(held)) - LOWEST_POWER;
    const next = this.#groupByPower[power] ?? this.#addGroup(power);
    this.#rows[row] = power;
    this.#rows[row + 1] = next.members.length;
    next.members.push(entry);
    next.weights.push(held);
    this.#size++;
  }

  /** Removes an entry, if it is there. */
  remove(entry: ProxyEntry): void {
    const group = this.#groupOf(entry);
    if (group === undefined) return;
    const row = entry.slot * ROW;
    const place = this.#rows[row + 1] as number;
    const last = group.members.pop() as ProxyEntry;
    const weight = group.weights.pop() as number;
    if (last !== entry) {
      group.members[place] = last;
      group.weights[place] = weight;
      this.#rows[last.slot * ROW + 1] = place;
    }
    const power = this.#rows[row] as number;
    this.#rows[row] = NOWHERE;
    this.#size--;
    if (group.members.length > 0) return;
    this.#groups.splice(this.#groups.indexOf(group), 1);
    this.#groupByPower[power] = undefined;
  }

  /** Draws one member in proportion to the weights; undefined when there is none. */
  draw(random: Random): ProxyEntry | undefined {
    let total = 0;
    for (const group of this.#groups) total += group.most * group.members.length;
    while (total > 0) {
      const { group, place } = this.#pick(random() * total);
      if (random() * group.most < (group.weights[place] as number)) return group.members[place];
    }
    return undefined;
  }

  /** The group and member at a distance from the start, each member being as long as its group's most. */
  #pick(distance: number): { readonly group: Group; readonly place: number } {
    let left = distance;
    for (const group of this.#groups) {
      const length = group.most * group.members.length;
      if (left < length) return { group, place: Math.floor(left / group.most) };
      left -= length;
    }
    // Rounding can leave a trace behind the last member.
    const group = this.#groups.at(-1) as Group;
    return { group, place: group.members.length - 1 };
  }

  #groupOf(entry: ProxyEntry): Group | undefined {
    return this.#groupByPower[this.#rows[entry.slot * ROW] ?? NOWHERE];
  }

  #addGroup(power: number): Group {
    const group = new Group(2 ** (power - 1 + LOWEST_POWER));
    const place = this.#groups.findIndex(({ most }) => most < group.most);
    this.#groups.splice(place < 0 ? this.#groups.length : place, 0, group);
    return this.#groupByPower[power] = group;
  }

  #grow(slot: number): void {
    const rows = new Int32Array(Math.max(16 * ROW, 2 * this.#rows.length, (slot + 1) * ROW));
    rows.set(this.#rows);
    this.#rows = rows;
  }
}
