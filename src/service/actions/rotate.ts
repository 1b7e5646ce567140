/** `rotate`: the next proxy, as a lease. */
import type { RotateInput, RotateOutput } from "../../../gen/models.ts";
import { type Criteria, type Lease, type ProxyRotator, ProxyWhirlError } from "../../core/mod.ts";
import { ActionError } from "../action_error.ts";
import { type HandlerContext, toCriteria } from "../handler_context.ts";
import { noProxyAvailable } from "../no_proxy.ts";
import { presentProxy } from "../presenters.ts";

/** A caller who never reports must not count as a request in flight for ever. */
const LEASE_TTL_MS = 5 * 60_000;

/** Chooses the next proxy. The lease ends with its report, or after five minutes. */
export function rotate(input: RotateInput, context: HandlerContext): Promise<RotateOutput> {
  const lease = acquire(input, context);
  return Promise.resolve({ proxy: presentProxy(lease.proxy), lease_id: lease.id });
}

function acquire(input: RotateInput, { rotator }: HandlerContext): Lease {
  const criteria = toCriteria(input.criteria);
  try {
    return rotator.acquire({
      ...criteria,
      ttlMs: LEASE_TTL_MS,
      ...(input.session === undefined ? {} : { session: input.session }),
      ...(input.renew === undefined ? {} : { renew: input.renew }),
    });
  } catch (error) {
    throw explained(error, criteria, rotator);
  }
}

function explained(error: unknown, criteria: Criteria, rotator: ProxyRotator): unknown {
  if (error instanceof ProxyWhirlError && error.code === "SESSION_REQUIRED") {
    return new ActionError(400, `session required for rotate action: ${error.message}`, {
      cause: error,
      nextStep: "Pass any name as session; the same name gets the same proxy.",
    });
  }
  return noProxyAvailable(error, criteria, rotator) ?? error;
}
