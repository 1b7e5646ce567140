/** `health`: the state of the pool at a glance; also the resource `proxy://health`. */
import type { HealthInput, HealthOutput } from "../../../gen/models.ts";
import type { ProxyRotator } from "../../core/mod.ts";
import type { HandlerContext } from "../handler_context.ts";
import { paceText } from "../pace_text.ts";
import { presentLatency, presentRate, presentTime } from "../presenters.ts";

/** Shows the state of the pool. Cost: none to speak of, whatever its size. */
export function health(_input: HealthInput, context: HandlerContext): Promise<HealthOutput> {
  return Promise.resolve(presentHealth(context.rotator));
}

/** The state of the pool with the guide's keys. */
export function presentHealth(rotator: ProxyRotator): HealthOutput {
  const pool = rotator.poolStatus();
  const pace = paceText(rotator);
  const nextStep = nextStepOf(pool.status, pool.unknown > 0);
  return {
    pool_status: pool.status,
    total_proxies: pool.total,
    healthy_proxies: pool.healthy,
    degraded_proxies: pool.degraded,
    failed_proxies: pool.unhealthy + pool.dead,
    average_success_rate: presentRate(pool.averageSuccessRate),
    average_latency_ms: presentLatency(pool.averageLatencyMs),
    last_update: presentTime(pool.lastUpdate),
    total_requests: pool.totalRequests,
    total_successes: pool.totalSuccesses,
    total_failures: pool.totalFailures,
    rate_limit: { enabled: pace !== undefined, message: pace ?? "Rate limiting not configured" },
    unknown_proxies: pool.unknown,
    open_circuits: pool.openCircuits,
    ...(pool.message === undefined ? {} : { message: pool.message }),
    ...(nextStep === undefined ? {} : { next_step: nextStep }),
  };
}

function nextStepOf(status: HealthOutput["pool_status"], hasUnknown: boolean): string | undefined {
  switch (status) {
    case "empty":
      return "Call fetch to fill it from public lists, add proxies with add, or import a list with the command `import FILE`.";
    case "critical":
      return "Most proxies fail: add fresh ones, or see with explain what keeps the others out.";
    case "degraded":
      return hasUnknown
        ? "Call validate to try those never tried; or call rotate, and report how each did."
        : undefined;
    case "healthy":
      return undefined;
  }
}
