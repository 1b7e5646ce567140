/**
 * `round-robin`: each eligible proxy in turn.
 *
 * The turn is a circular list threaded through two arrays indexed by slot, with a cursor on the next in
 * turn. A proxy that joins is put behind everybody who still waits in this round; one that leaves takes
 * nothing with it. So the order of the others never changes, and between any two moments no two proxies
 * that were there throughout differ by more than one turn. (An index modulo the size of a filtered list,
 * the usual way, skips and repeats whenever the list changes.)
 *
 * Cost: O(1), plus one step for each proxy that the request refuses.
 */

import type { EligibleProxies } from "../eligible_set.ts";
import type { PoolProxy, ProxyEntry } from "../proxy_entry.ts";
import { MAX_REJECTIONS, type SelectionRequest, type Selector, type Strategy } from "./strategy.ts";

/** The `round-robin` strategy, the default. */
export const roundRobinStrategy: Strategy = {
  name: "round-robin",
  className: "RoundRobinStrategy",
  createSelector: () => new RoundRobinSelector(),
};

class RoundRobinSelector implements Selector {
  readonly #entries: (ProxyEntry | undefined)[] = [];
  readonly #next: number[] = [];
  readonly #previous: number[] = [];
  #cursor = -1;

  added(proxy: PoolProxy): void {
    const { slot } = proxy as ProxyEntry;
    this.#entries[slot] = proxy as ProxyEntry;
    if (this.#cursor < 0) {
      this.#next[slot] = this.#previous[slot] = this.#cursor = slot;
      return;
    }
    const last = this.#previous[this.#cursor] as number;
    this.#next[last] = slot;
    this.#previous[slot] = last;
    this.#next[slot] = this.#cursor;
    this.#previous[this.#cursor] = slot;
  }

  removed(proxy: PoolProxy): void {
    const { slot } = proxy as ProxyEntry;
    const next = this.#next[slot] as number;
    const previous = this.#previous[slot] as number;
    this.#entries[slot] = undefined;
    if (next === slot) {
      this.#cursor = -1;
      return;
    }
    this.#next[previous] = next;
    this.#previous[next] = previous;
    if (this.#cursor === slot) this.#cursor = next;
  }

  select(eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
    const entry = this.#find(eligible, request);
    if (entry !== undefined) this.#cursor = this.#next[entry.slot] as number;
    return entry;
  }

  peek(eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
    return this.#find(eligible, request);
  }

  #find(eligible: EligibleProxies, request: SelectionRequest): ProxyEntry | undefined {
    const steps = Math.min(eligible.size, MAX_REJECTIONS);
    let slot = this.#cursor;
    for (let step = 0; step < steps; step++) {
      const entry = this.#entries[slot] as ProxyEntry;
      if (request.accepts(entry)) return entry;
      slot = this.#next[slot] as number;
    }
    return undefined;
  }
}
