/** Errors of the network as errors of actions. */
import type { Criteria } from "../core/mod.ts";
import { ActionError } from "./action_error.ts";
import { redactString } from "./boundary.ts";
import type { HandlerContext } from "./handler_context.ts";
import { noProxyAvailable } from "./no_proxy.ts";

/** Where an error came from. */
export interface NetworkErrorOrigin {
  /** What was asked of the proxies. */
  readonly criteria: Criteria;
  /** The call. */
  readonly context: HandlerContext;
  /** The network's module. */
  readonly net: typeof import("../net/mod.ts");
}

/**
 * 400 for a site that must not be asked for, 503 or 429 when nothing can be chosen, 504 when every attempt failed or
 * the answer broke off; other errors as they are.
 */
export function toNetworkError(error: unknown, origin: NetworkErrorOrigin): unknown {
  const { context, criteria, net } = origin;
  if (error instanceof net.TargetRefusedError) {
    return new ActionError(400, error.message, {
      cause: error,
      nextStep: "Give the http(s) URL of a public site.",
    });
  }
  if (error instanceof net.RequestFailedError) {
    const tried = error.attempts.map(({ proxyId, reason }) => `${proxyId}: ${redactString(reason)}`).join(
      "; ",
    );
    return new ActionError(504, `Every attempt failed (${error.attempts.length}): ${tried}`, {
      cause: error,
      nextStep:
        "Call health; if many proxies are dead, validate the pool or fetch new ones before trying again.",
    });
  }
  if (error instanceof net.NetError) {
    const whose = error.side === "proxy" ? "another proxy may carry it" : "the site sent what cannot be read";
    return new ActionError(504, `The answer broke off: ${error.message}`, {
      cause: error,
      nextStep: `Send the request again if it may be repeated: ${whose}.`,
    });
  }
  const { signal } = context.call;
  if (signal?.aborted && error === signal.reason) {
    return new ActionError(504, "The caller gave up", { cause: error });
  }
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return new ActionError(504, "The time limit passed", {
      cause: error,
      nextStep: "Give more time with timeout_s, or call health to see how the pool does.",
    });
  }
  if (error instanceof TypeError) return new ActionError(400, redactString(error.message), { cause: error });
  return noProxyAvailable(error, criteria, context.rotator) ?? error;
}
