/**
 * `adaptive`: of a few proxies that proved themselves on the target, the one that costs least; and now and
 * then one that has yet to.
 *
 * Cost is the latency to be expected there, in which failures count as seconds, plus a little for each past
 * failure, times the requests already on it. A few random candidates instead of the best of all: everybody
 * choosing the same best is what burns it (Mitzenmacher, "The Power of Two Choices in Randomized Load
 * Balancing", 2001; the cost is that of Finagle's P2C peak EWMA). Two candidates avoid the worst, eight also
 * find the fast ones: in the simulated world they serve half as much again, and the busiest tenth of the
 * proxies still carries no more than a third of the load.
 *
 * Proxies without a record on the target are explored at a bounded rate, those that work elsewhere first;
 * more of them while everybody who proved himself is busy or slow.
 *
 * Cost: O(1).
 */

import type { EligibleProxies } from "../eligible_set.ts";
import type { PoolProxy } from "../proxy_entry.ts";
import type { HealthStatus } from "../types.ts";
import { checkOptionNames, numberOption, type StrategyOptions } from "./options.ts";
import { drawFromWindow, drawUniform, type SelectionRequest, type Strategy } from "./strategy.ts";

const NAME = "adaptive";
/** Proven proxies compared for each request. */
const CANDIDATES = 8;
/** Draws in search of the next candidate. */
const TRIES = 6;
/** Unknown proxies compared when exploring. */
const LOOKS = 6;
/** Failure rate from which a proxy is explored less often… */
const BAD = 0.3;
/** …with this probability. */
const SECOND_CHANCE = 0.1;
/** What a failure rate of 1 adds to the expected latency, ms. */
const FAILURE_MS = 500;
/** What an unknown proxy is expected to cost, ms: beyond that, exploring is the better bet. */
const UNKNOWN_MS = 800;

const PRIOR: Readonly<Record<HealthStatus, number>> = {
  healthy: 0,
  unknown: 1,
  degraded: 2,
  unhealthy: 3,
  dead: 4,
};

/** Makes the `adaptive` strategy. Option `explorationRate`: share of requests that explore, 0–1 (0.02). */
export function adaptiveStrategy(options: StrategyOptions): Strategy {
  checkOptionNames(NAME, options, ["explorationRate"]);
  const explorationRate = numberOption(options, "explorationRate", { default: 0.02, minimum: 0, maximum: 1 });
  function select(eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
    const tried = request.random() < explorationRate ? explore(eligible, request, true) : undefined;
    if (tried !== undefined) return tried;
    const known = cheapest(eligible, request);
    if (known !== undefined && costOf(known, request) <= UNKNOWN_MS) return known;
    return explore(eligible, request, known !== undefined) ?? known ?? drawUniform(eligible, request);
  }
  return { name: NAME, className: "AdaptiveStrategy", createSelector: () => ({ select }) };
}

function cheapest(eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
  let best: PoolProxy | undefined;
  let lowest = Infinity;
  for (let candidate = 0; candidate < CANDIDATES; candidate++) {
    const proxy = drawProven(eligible, request, best);
    if (proxy === undefined) break;
    const cost = costOf(proxy, request);
    if (cost < lowest) {
      lowest = cost;
      best = proxy;
    }
  }
  return best;
}

function drawProven(
  eligible: EligibleProxies,
  request: SelectionRequest,
  other: PoolProxy | undefined,
): PoolProxy | undefined {
  const { proven } = request;
  for (let tries = 0; tries < TRIES && proven.size > 0; tries++) {
    const proxy = drawFromWindow(proven, request);
    if (proxy !== other && eligible.has(proxy) && request.accepts(proxy)) return proxy;
  }
  return undefined;
}

function costOf(proxy: PoolProxy, request: SelectionRequest): number {
  return ((request.latencyMs(proxy) ?? 0) + FAILURE_MS * failureRate(proxy, request)) * (proxy.inFlight + 1);
}

function explore(
  eligible: EligibleProxies,
  request: SelectionRequest,
  isOptional: boolean,
): PoolProxy | undefined {
  const { random, proven } = request;
  let best: PoolProxy | undefined;
  let lowest = Infinity;
  for (let looks = 0; looks < LOOKS && eligible.size > 0; looks++) {
    const proxy = eligible.at(Math.floor(random() * eligible.size));
    if (proven.has(proxy) || !request.accepts(proxy)) continue;
    if (isOptional && failureRate(proxy, request) > BAD && random() > SECOND_CHANCE) continue;
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
