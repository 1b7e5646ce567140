/**
 * `weighted`: at random, in proportion to the weight that the owner gave, else to the success rate.
 *
 * A rate never counts as less than 0.1, so that new proxies and bad ones that recovered get their chance.
 *
 * Cost: O(1).
 */

import type { PoolProxy, ProxyEntry } from "../proxy_entry.ts";
import { MAX_REJECTIONS, type SelectionRequest, type Selector, type Strategy } from "./strategy.ts";
import { WeightTable } from "./weight_table.ts";
import type { EligibleProxies } from "../eligible_set.ts";

const FLOOR = 0.1;

/** The `weighted` strategy. */
export const weightedStrategy: Strategy = {
  name: "weighted",
  className: "WeightedStrategy",
  createSelector: () => new WeightedSelector(weightOf),
};

function weightOf(proxy: PoolProxy): number {
  return proxy.weight ?? Math.max(proxy.successRate, FLOOR);
}

/** Draws in proportion to a weight that may change with every report. */
export class WeightedSelector implements Selector {
  readonly #table: WeightTable = new WeightTable();
  readonly #weightOf: (proxy: PoolProxy) => number;

  /** @param weight Weight of a proxy, above 0 */
  constructor(weight: (proxy: PoolProxy) => number) {
    this.#weightOf = weight;
  }

  /** See {@linkcode Selector.added}. */
  added(proxy: PoolProxy): void {
    this.#table.set(proxy as ProxyEntry, this.#weightOf(proxy));
  }

  /** See {@linkcode Selector.removed}. */
  removed(proxy: PoolProxy): void {
    this.#table.remove(proxy as ProxyEntry);
  }

  /** See {@linkcode Selector.changed}. */
  changed(proxy: PoolProxy): void {
    this.#table.set(proxy as ProxyEntry, this.#weightOf(proxy));
  }

  /** See {@linkcode Selector.select}. */
  select(_eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
    for (let draws = 0; draws < MAX_REJECTIONS; draws++) {
      const proxy = this.#table.draw(request.random);
      if (proxy === undefined || request.accepts(proxy)) return proxy;
    }
    return undefined;
  }
}
