/**
 * `geo-targeted`: the preferred countries in their order, then any other.
 *
 * Within a country another strategy chooses. With `fallback: false` a proxy elsewhere is never chosen, not
 * even when a request would fail without.
 *
 * Cost: that of the other strategy, for each country that has nobody free.
 */

import type { PoolProxy } from "../proxy_entry.ts";
import { booleanOption, checkOptionNames, regionsOption, type StrategyOptions } from "./options.ts";
import type { Strategy } from "./strategy.ts";
import { TieredSelector } from "./tiered_selector.ts";

const NAME = "geo-targeted";

/**
 * Makes the `geo-targeted` strategy. Options: `regions`, countries in order of preference; `fallback`,
 * whether any other may follow (true); the rotator resolves `strategy`, who chooses within a country.
 */
export function geoTargetedStrategy(options: StrategyOptions, chooser: Strategy): Strategy {
  checkOptionNames(NAME, options, ["regions", "fallback", "strategy"]);
  const regions = regionsOption(options, "regions");
  const hasFallback = booleanOption(options, "fallback", true);
  function tierOf(proxy: PoolProxy): number {
    const tier = proxy.region === null ? -1 : regions.indexOf(proxy.region);
    if (tier >= 0) return tier;
    return hasFallback ? regions.length : Infinity;
  }
  return {
    name: NAME,
    className: "GeoTargetedStrategy",
    createSelector: () => new TieredSelector(tierOf, () => chooser.createSelector()),
    tierOf,
  };
}
