/** `status`: everything about one proxy. */
import type { StatusInput, StatusOutput } from "../../../gen/models.ts";
import type { HandlerContext } from "../handler_context.ts";
import { requireProxy } from "../lookup.ts";
import { presentLatency, presentRate, presentRegion, presentTime } from "../presenters.ts";

/** Shows one proxy. */
export function status(input: StatusInput, context: HandlerContext): Promise<StatusOutput> {
  const proxy = requireProxy(context.rotator, input.proxy_id);
  const time = (epochMs: number | null) => epochMs === null ? null : presentTime(epochMs);
  return Promise.resolve({
    proxy_id: proxy.id,
    url: proxy.publicUrl,
    status: proxy.status,
    metrics: {
      success_rate: presentRate(proxy.successRate),
      avg_latency_ms: presentLatency(proxy.avgLatencyMs),
      total_requests: proxy.totalRequests,
      successful_requests: proxy.totalSuccesses,
      failed_requests: proxy.totalFailures,
      ema_response_time_ms: proxy.emaLatencyMs === null ? null : presentLatency(proxy.emaLatencyMs),
    },
    health: {
      last_check: time(proxy.lastCheckAt),
      last_success: time(proxy.lastSuccessAt),
      last_failure: time(proxy.lastFailureAt),
      circuit_breaker: proxy.circuit,
      consecutive_failures: proxy.consecutiveFailures,
      consecutive_successes: proxy.consecutiveSuccesses,
    },
    region: presentRegion(proxy.region),
    protocol: proxy.protocol,
    targets: [],
    ...(proxy.circuit === "open"
      ? {
        next_step:
          "The circuit breaker is open: wait until it lets a probe through, or close it with reset_cb.",
      }
      : {}),
  });
}
