/** `recommend`: the best proxy for some criteria, and others. Nothing is taken. */
import type { RecommendInput, RecommendOutput } from "../../../gen/models.ts";
import { type HandlerContext, toCriteria } from "../handler_context.ts";
import { nothingFits } from "../no_proxy.ts";
import { presentLatency, presentRate, presentRegion } from "../presenters.ts";

/** Recommends a proxy that could be chosen now. */
export function recommend(input: RecommendInput, context: HandlerContext): Promise<RecommendOutput> {
  const { rotator } = context;
  const criteria = toCriteria(input.criteria);
  const best = rotator.recommend(criteria);
  if (best === undefined) {
    const { rejected, nextFreeInMs } = rotator.explain(criteria);
    throw nothingFits({ counts: rejected, retryAfterMs: nextFreeInMs }, criteria, rotator);
  }
  const { proxy } = best;
  return Promise.resolve({
    recommendation: {
      id: proxy.id,
      url: proxy.publicUrl,
      score: best.score,
      reason: best.reason,
      metrics: {
        success_rate: presentRate(proxy.successRate),
        avg_latency_ms: presentLatency(proxy.avgLatencyMs),
        region: presentRegion(proxy.region),
        performance_tier: criteria.performance ?? "medium",
        total_requests: proxy.totalRequests,
      },
      alternatives: best.alternatives.map((alternative) => ({
        id: alternative.proxy.id,
        url: alternative.proxy.publicUrl,
        score: alternative.score,
        reason: alternative.reason,
      })),
    },
    next_step: proxy.totalRequests === 0
      ? "It has no record yet: call rotate with the same criteria, and report how the request went."
      : "To use it, or one as good, call rotate with the same criteria, and report how the request went.",
  });
}
