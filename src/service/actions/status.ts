/** `status`: everything about one proxy. */
import type { StatusInput, StatusOutput, TargetState } from "../../../gen/models.ts";
import type { PoolProxy, ProxyRotator, TargetRecord } from "../../core/mod.ts";
import type { HandlerContext } from "../handler_context.ts";
import { requireProxy } from "../lookup.ts";
import { presentLatency, presentRate, presentRegion, presentTime, presentWait } from "../presenters.ts";

/** An assistant pays for every line. */
const MAX_TARGETS = 20;

/** Shows one proxy. */
export function status(input: StatusInput, { rotator }: HandlerContext): Promise<StatusOutput> {
  return Promise.resolve(statusOf(requireProxy(rotator, input.proxy_id), rotator));
}

/** The output for a proxy; also the content of `proxy://proxies/{id}`. */
export function statusOf(proxy: PoolProxy, rotator: ProxyRotator): StatusOutput {
  const time = (epochMs: number | null) => epochMs === null ? null : presentTime(epochMs);
  return {
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
    targets: rotator.targetRecords(proxy.id, MAX_TARGETS).map(presentTarget),
    ...(proxy.circuit === "open"
      ? {
        next_step:
          "The circuit breaker is open: wait until it lets a probe through, or close it with reset_cb.",
      }
      : {}),
  };
}

function presentTarget({ pair, expectedLatencyMs, reason, freeInMs }: TargetRecord): TargetState {
  const latency = (ms: number | null) => ms === null ? null : presentLatency(ms);
  return {
    target: pair.target,
    last_verdict: pair.lastVerdict,
    last_seen: presentTime(pair.lastAt),
    successes: pair.successes,
    blocks: pair.blocks,
    failures: pair.deads,
    latency_ms: latency(pair.goodMs),
    expected_latency_ms: latency(expectedLatencyMs),
    ejected_for_s: freeInMs === undefined ? null : presentWait(freeInMs),
    reason,
  };
}
