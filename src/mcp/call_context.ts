/**
 * What the service learns of a call from what the SDK knows of it: who calls, what that caller may do, and how to
 * reach it meanwhile.
 *
 * @module
 */
import type { AuthInfo, ServerContext } from "@modelcontextprotocol/server";
import type { ActionEffect } from "../contract/spec.ts";
import type { McpCallContext } from "./mcp_service.ts";
import { traceOf } from "./trace_context.ts";

/** Every effect that an action can have. */
export const EFFECTS: readonly ActionEffect[] = ["read", "use", "write", "destructive"];

const SCOPE_PREFIX = "proxywhirl:";

/** The OAuth scope that grants an effect: `proxywhirl:read`, … */
export function scopeOf(effect: ActionEffect): string {
  return SCOPE_PREFIX + effect;
}

/** The context of a call. */
export function callContext({ http, mcpReq }: ServerContext): McpCallContext {
  const progressToken = mcpReq._meta?.progressToken;
  return {
    origin: http === undefined ? "local" : "http",
    authorized: http?.authInfo !== undefined,
    ...(http?.authInfo === undefined ? {} : effectsOf(http.authInfo)),
    signal: mcpReq.signal,
    ...traceOf(mcpReq._meta),
    ...(progressToken === undefined ? {} : {
      // A client that has gone, or hung up, misses the progress too.
      progress: (progress) =>
        void mcpReq.notify({ method: "notifications/progress", params: { progressToken, ...progress } })
          .catch(() => {}),
    }),
  };
}

/** Whoever has shown a key may do everything; a token says what. */
function effectsOf({ extra, scopes }: AuthInfo): Pick<McpCallContext, "effects"> {
  if (extra?.["isScoped"] !== true) return {};
  return { effects: EFFECTS.filter((effect) => scopes.includes(scopeOf(effect))) };
}
