/**
 * `adaptive`: of two proxies that proved themselves on the target, the one that costs less; and now and
 * then one that has yet to.
 *
 * Cost is the latency to be expected there, in which failures count as seconds, times the requests already
 * on it. Two random candidates instead of the best of all: everybody choosing the same best is what burns
 * it, and two is enough to avoid the worst (Mitzenmacher, "The Power of Two Choices in Randomized Load
 * Balancing", 2001; peak EWMA as in Finagle's P2C). The comparison is cut off at a factor of two, because a
 * refusal that nobody reported looks like a fast success: latency may favour a proxy, not crown it.
 *
 * Proxies without a record on the target are explored at a bounded rate, those that work elsewhere first.
 *
 * Cost: O(1).
 */

import type { EligibleProxies } from "../eligible_set.ts";
import type { PoolProxy } from "../proxy_entry.ts";
import type { HealthStatus } from "../types.ts";
import { checkOptionNames, numberOption, type StrategyOptions } from "./options.ts";
import { drawUniform, type SelectionRequest, type Strategy } from "./strategy.ts";

const NAME = "adaptive";
/** Draws for each of the two candidates before exploring instead. */
const TRIES = 6;
/** Unknown proxies compared when exploring. */
const LOOKS = 6;
/** Pseudo-failure weight: what a failure rate of 1 adds to the expected latency, ms. */
const FAILURE_MS = 5000;

const PRIOR: Readonly<Record<HealthStatus, number>> = {
  healthy: 0,
  unknown: 1,
  degraded: 2,
  unhealthy: 3,
  dead: 4,
};

/** Makes the `adaptive` strategy. Option `explorationRate`: share of requests that explore, 0–1 (0.05). */
export function adaptiveStrategy(options: StrategyOptions): Strategy {
  checkOptionNames(NAME, options, ["explorationRate"]);
  const explorationRate = numberOption(options, "explorationRate", { default: 0.05, minimum: 0, maximum: 1 });
  function select(eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
    const isExploring = request.random() < explorationRate;
    return (isExploring ? explore(eligible, request) : undefined) ??
      exploit(eligible, request) ?? explore(eligible, request) ?? drawUniform(eligible, request);
  }
  return { name: NAME, className: "AdaptiveStrategy", createSelector: () => ({ select }) };
}

function exploit(eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
  const first = drawProven(eligible, request, undefined);
  if (first === undefined) return undefined;
  const second = drawProven(eligible, request, first);
  if (second === undefined) return first;
  return costOf(first, request, second) <= costOf(second, request, first) ? first : second;
}

function drawProven(
  eligible: EligibleProxies,
  request: SelectionRequest,
  other: PoolProxy | undefined,
): PoolProxy | undefined {
  const { proven, random } = request;
  for (let tries = 0; tries < TRIES && proven.size > 0; tries++) {
    const proxy = proven.at(Math.floor(random() * proven.size));
    if (proxy !== other && eligible.has(proxy) && request.accepts(proxy)) return proxy;
  }
  return undefined;
}

function costOf(proxy: PoolProxy, request: SelectionRequest, other: PoolProxy): number {
  const own = request.latencyMs(proxy) ?? 0;
  const floor = (request.latencyMs(other) ?? 0) / 2;
  return (Math.max(own, floor) + FAILURE_MS * failureRate(proxy, request)) * (proxy.inFlight + 1);
}

function explore(eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
  const { random, proven } = request;
  let best: PoolProxy | undefined;
  let lowest = Infinity;
  for (let looks = 0; looks < LOOKS && eligible.size > 0; looks++) {
    const proxy = eligible.at(Math.floor(random() * eligible.size));
    if (proven.has(proxy) || !request.accepts(proxy)) continue;
    const rank = PRIOR[proxy.status] + failureRate(proxy, request) + proxy.inFlight;
    if (rank < lowest) {
      lowest = rank;
      best = proxy;
    }
  }
  return best;
}

function failureRate(proxy: PoolProxy, request: SelectionRequest): number {
  const { recentSuccesses, recentFailures } = request.record(proxy);
  return recentFailures / (recentSuccesses + recentFailures + 1);
}
