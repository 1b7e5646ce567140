/**
 * What the service learns of a call from what the SDK knows of it: who calls, what that caller may do, and how to
 * reach it meanwhile.
 *
 * @module
 */
import type { AuthInfo, ServerContext } from "@modelcontextprotocol/server";
import type { ActionEffect } from "../contract/spec.ts";
import type { McpCallContext, McpService } from "./mcp_service.ts";
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

/** Why a caller may not look into the pool. */
export interface ReadRefusal {
  /** HTTP-like code. */
  readonly code: 401 | 403;
  /** One sentence. */
  readonly message: string;
}

/**
 * Why a caller may not look into the pool beside the actions, by resources and completions; `undefined` when it may.
 * Over HTTP, where anybody may connect, a configured key guards that, and a token must grant it.
 */
export function readRefusal(service: McpService, context: ServerContext): ReadRefusal | undefined {
  const { authorized, effects, origin } = callContext(context);
  if (service.requiresKey && origin === "http" && authorized !== true) {
    return { code: 401, message: "Authentication failed: Invalid API key" };
  }
  if (effects?.includes("read") === false) {
    return { code: 403, message: "Reading is not allowed: the token does not grant read" };
  }
  return undefined;
}

/** Whoever has shown a key may do everything; a token says what. */
function effectsOf({ extra, scopes }: AuthInfo): Pick<McpCallContext, "effects"> {
  if (extra?.["isScoped"] !== true) return {};
  return { effects: EFFECTS.filter((effect) => scopes.includes(scopeOf(effect))) };
}
