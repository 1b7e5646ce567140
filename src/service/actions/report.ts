/** `report`: how a request through a proxy went. This is how the pool learns. */
import type { Outcome, PoolProxy } from "../../core/mod.ts";
import type { ReportInput, ReportOutput } from "../../../gen/models.ts";
import { ActionError } from "../action_error.ts";
import { excerpt } from "../boundary.ts";
import { checkTarget, type HandlerContext } from "../handler_context.ts";
import { requireProxy } from "../lookup.ts";

/** Records an outcome, by lease (which it ends), or by proxy and target. */
export function report(input: ReportInput, context: HandlerContext): Promise<ReportOutput> {
  const outcome: Outcome = {
    verdict: input.outcome,
    ...(input.latency_ms === undefined ? {} : { latencyMs: input.latency_ms }),
    ...(input.status_code === undefined ? {} : { statusCode: input.status_code }),
  };
  const proxy = input.lease_id === undefined
    ? reportByProxy(input, outcome, context)
    : reportByLease(input.lease_id, input.proxy_id, outcome, context);
  const failures = proxy.consecutiveFailures;
  return Promise.resolve({
    success: true,
    proxy_id: proxy.id,
    status: proxy.status,
    message: `Outcome ${input.outcome} recorded for proxy ${proxy.id}` +
      (failures > 1 ? `: ${failures} failures in a row, circuit breaker ${proxy.circuit}` : ""),
    ...(input.outcome === "ok" ? {} : { next_step: "Call rotate for another proxy." }),
  });
}

function reportByLease(
  leaseId: string,
  proxyId: string | undefined,
  outcome: Outcome,
  { rotator }: HandlerContext,
): PoolProxy {
  const lease = rotator.lease(leaseId);
  if (lease === undefined) {
    throw new ActionError(404, `Lease not found: ${excerpt(leaseId)}`, {
      nextStep: "A lease ends with its report or after 5 minutes. Report by proxy_id and target instead.",
    });
  }
  const { proxy } = lease;
  if (proxyId !== undefined && proxyId.toLowerCase() !== proxy.id.toLowerCase()) {
    throw new ActionError(409, `Lease ${lease.id} is not of proxy ${proxyId}`, {
      nextStep: "Leave proxy_id out: the lease knows its proxy.",
    });
  }
  lease.report(outcome);
  return proxy;
}

function reportByProxy(input: ReportInput, outcome: Outcome, { rotator }: HandlerContext): PoolProxy {
  if (input.proxy_id === undefined || input.target === undefined) {
    throw new ActionError(400, "lease_id, or proxy_id and target, required for report action");
  }
  checkTarget(input.target);
  requireProxy(rotator, input.proxy_id);
  return rotator.report(input.proxy_id, { ...outcome, target: input.target });
}
