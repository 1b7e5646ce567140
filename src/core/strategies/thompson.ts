/**
 * `thompson`: draws, for eight proxies, a success rate that their record makes plausible, and takes the
 * highest rate per latency.
 *
 * Learns fastest of all: a proxy without a record draws anything between 0 and 1 and so gets its chance,
 * and loses it as its failures add up. It concentrates on the fastest, so add pacing where use burns proxies.
 * The record fades, since sites change their mind. Eight instead of all: the choice must not cost more in a
 * large pool, and the best of eight is close.
 *
 * Source: Thompson (1933); Chapelle and Li, "An Empirical Evaluation of Thompson Sampling" (2011). The Beta
 * distribution is drawn as the logistic of a normal one (mean ln(a/b), variance 1/a + 1/b), which is near
 * enough for comparing and costs one logarithm.
 */

import type { EligibleProxies } from "../eligible_set.ts";
import type { PoolProxy } from "../proxy_entry.ts";
import type { Random } from "../types.ts";
import {
  drawFromWindow,
  drawUniform,
  type Evidence,
  MAX_REJECTIONS,
  type SelectionRequest,
  type Strategy,
} from "./strategy.ts";

const DRAWS = 8;
/** Stands for the latency of a proxy that was never seen; low, so that it gets its chance. */
const UNSEEN_MS = 300;

/** The `thompson` strategy. */
export const thompsonStrategy: Strategy = {
  name: "thompson",
  className: "ThompsonSamplingStrategy",
  createSelector: () => ({ select: selectThompson }),
};

function selectThompson(eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
  let best: PoolProxy | undefined;
  let highest = -1;
  for (let draw = 0, found = 0; draw < MAX_REJECTIONS && found < DRAWS && eligible.size > 0; draw++) {
    const proxy = drawFromWindow(eligible, request);
    if (!request.accepts(proxy)) continue;
    found++;
    const latencyMs = request.latencyMs(proxy) ?? proxy.emaLatencyMs ?? UNSEEN_MS;
    const score = plausibleRate(request.record(proxy), request.random) / (latencyMs + UNSEEN_MS);
    if (score > highest) {
      highest = score;
      best = proxy;
    }
  }
  return best ?? drawUniform(eligible, request);
}

function plausibleRate({ recentSuccesses, recentFailures }: Evidence, random: Random): number {
  const a = recentSuccesses + 1;
  const b = recentFailures + 1;
  return 1 / (1 + Math.exp(-(Math.log(a / b) + Math.sqrt(1 / a + 1 / b) * roughlyNormal(random))));
}

/** Mean 0, deviation 1, within ±3: the sum of three uniform numbers (Irwin and Hall, 1927). */
function roughlyNormal(random: Random): number {
  return 2 * (random() + random() + random()) - 3;
}
