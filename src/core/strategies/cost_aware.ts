/**
 * `cost-aware`: the cheapest proxy that works often enough; among equals the one used least.
 *
 * Often enough is a success rate of at least the floor, with one success and one failure added, so that a
 * new proxy starts at one half. Those below the floor come after all others, cheapest first. A proxy whose
 * cost is not known counts as free.
 *
 * Cost: O(log n).
 */

import type { PoolProxy, ProxyEntry } from "../proxy_entry.ts";
import { HeapSelector } from "./least_used.ts";
import { checkOptionNames, numberOption, type StrategyOptions } from "./options.ts";
import type { Selector, Strategy } from "./strategy.ts";

const NAME = "cost-aware";

/**
 * Makes the `cost-aware` strategy. Options: `minSuccessRate`, 0–1 (0.5); `maxCost`, above which a proxy is
 * never chosen (none).
 */
export function costAwareStrategy(options: StrategyOptions): Strategy {
  checkOptionNames(NAME, options, ["minSuccessRate", "maxCost"]);
  const floor = numberOption(options, "minSuccessRate", { default: 0.5, minimum: 0, maximum: 1 });
  const maxCost = numberOption(options, "maxCost", { default: Infinity, minimum: 0, maximum: Infinity });
  function tierOf(proxy: PoolProxy): number {
    if ((proxy.cost ?? 0) > maxCost) return Infinity;
    return (proxy.totalSuccesses + 1) / (proxy.totalRequests + 2) >= floor ? 0 : 1;
  }
  function goesBefore(a: ProxyEntry, b: ProxyEntry): boolean {
    const tierA = tierOf(a);
    const tierB = tierOf(b);
    if (tierA !== tierB) return tierA < tierB;
    const costA = a.cost ?? 0;
    const costB = b.cost ?? 0;
    if (costA !== costB) return costA < costB;
    return a.requestsStarted < b.requestsStarted ||
      (a.requestsStarted === b.requestsStarted && a.slot < b.slot);
  }
  return {
    name: NAME,
    className: "CostAwareStrategy",
    createSelector: () => new CostSelector(goesBefore, tierOf),
    tierOf,
  };
}

class CostSelector extends HeapSelector implements Selector {
  readonly #tierOf: (proxy: PoolProxy) => number;

  constructor(goesBefore: (a: ProxyEntry, b: ProxyEntry) => boolean, tierOf: (proxy: PoolProxy) => number) {
    super(goesBefore);
    this.#tierOf = tierOf;
  }

  override added(proxy: PoolProxy): void {
    if (this.allows(proxy)) super.added(proxy);
  }

  override changed(proxy: PoolProxy): void {
    if (this.allows(proxy)) super.added(proxy);
    else super.removed(proxy);
  }

  allows(proxy: PoolProxy): boolean {
    return this.#tierOf(proxy) !== Infinity;
  }
}
