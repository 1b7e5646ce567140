/**
 * `performance-based`: five tries for each new proxy, then at random in proportion to 1 / latency.
 *
 * Latency here counts failures: with success rate s it is s · average + (1 − s) · 5 s. Proxies that the
 * target answers with a fast refusal are out already: ejection is a filter, not a matter of weight.
 *
 * Cost: O(1).
 */

import { type EligibleProxies, EligibleSet } from "../eligible_set.ts";
import type { PoolProxy, ProxyEntry } from "../proxy_entry.ts";
import { FAILURE_PENALTY_MS } from "../pair_state.ts";
import { checkOptionNames, numberOption, type StrategyOptions } from "./options.ts";
import { drawUniform, type SelectionRequest, type Selector, type Strategy } from "./strategy.ts";
import { WeightedSelector } from "./weighted.ts";

const NAME = "performance-based";

/** Makes the `performance-based` strategy. Option `explorationCount`: tries of a new proxy, 0–1000 (5). */
export function performanceBasedStrategy(options: StrategyOptions): Strategy {
  checkOptionNames(NAME, options, ["explorationCount"]);
  const tries = numberOption(options, "explorationCount", { default: 5, minimum: 0, maximum: 1000 });
  return {
    name: NAME,
    className: "PerformanceBasedStrategy",
    createSelector: () => new PerformanceSelector(tries),
  };
}

class PerformanceSelector implements Selector {
  readonly #tries: number;
  readonly #unexplored: EligibleSet = new EligibleSet();
  readonly #explored: WeightedSelector = new WeightedSelector(speedOf);

  constructor(tries: number) {
    this.#tries = tries;
  }

  added(proxy: PoolProxy): void {
    if (proxy.requestsStarted < this.#tries) this.#unexplored.add(proxy as ProxyEntry);
    else this.#explored.added(proxy);
  }

  removed(proxy: PoolProxy): void {
    if (!this.#unexplored.remove(proxy as ProxyEntry)) this.#explored.removed(proxy);
  }

  changed(proxy: PoolProxy): void {
    const isNew = this.#unexplored.has(proxy);
    if (isNew && proxy.requestsStarted < this.#tries) return;
    if (isNew) this.#unexplored.remove(proxy as ProxyEntry);
    this.#explored.changed(proxy);
  }

  select(eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
    return drawUniform(this.#unexplored, request) ?? this.#explored.select(eligible, request);
  }
}

function speedOf(proxy: PoolProxy): number {
  const { successRate, avgLatencyMs, totalRequests } = proxy;
  if (totalRequests === 0) return 1 / FAILURE_PENALTY_MS;
  const latencyMs = proxy.emaLatencyMs ?? avgLatencyMs;
  return 1 / Math.max(1, successRate * latencyMs + (1 - successRate) * FAILURE_PENALTY_MS);
}
