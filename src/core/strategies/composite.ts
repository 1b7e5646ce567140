/**
 * `composite`: filters first, then a chooser.
 *
 * Each filter sorts the proxies into tiers (`geo-targeted` by country, `cost-aware` by success floor); the
 * first filter weighs most. Among the best tier that has somebody free, the last strategy chooses.
 *
 * Cost: that of the chooser, for each tier that has nobody free.
 */

import type { PoolProxy } from "../proxy_entry.ts";
import type { Strategy } from "./strategy.ts";
import { TieredSelector } from "./tiered_selector.ts";

/** More tiers than any filter has. */
const BASE = 1000;

/**
 * Makes the `composite` strategy.
 *
 * @throws {RangeError} for an empty list, or a filter that cannot be one
 */
export function compositeStrategy(strategies: readonly Strategy[]): Strategy {
  const chooser = strategies[strategies.length - 1];
  if (chooser === undefined) {
    throw new RangeError("Cannot use composite without strategies: name filters and a chooser");
  }
  const filters = strategies.slice(0, -1).map((strategy) => {
    if (strategy.tierOf) return strategy.tierOf;
    throw new RangeError(
      `Cannot use ${strategy.name} as a filter of composite: use geo-targeted or cost-aware`,
    );
  });
  function tierOf(proxy: PoolProxy): number {
    return filters.reduce((tier, filter) => tier * BASE + filter(proxy), 0);
  }
  return {
    name: "composite",
    className: "CompositeStrategy",
    createSelector: () => new TieredSelector(tierOf, () => chooser.createSelector()),
    tierOf,
  };
}
