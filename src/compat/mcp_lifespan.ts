/** The time between start and clean end of the module-level functions. */
import type { ProxyRotator } from "../core/mod.ts";
import { cleanupRotator, getRotator } from "./proxywhirl.ts";

/** What {@linkcode mcpLifespan} returns. */
export interface McpLifespan extends AsyncDisposable {
  /** The rotator, once it is loaded. Rejects when the settings are wrong. */
  readonly ready: Promise<ProxyRotator>;
}

/**
 * Starts loading the rotator, and cleans up when disposed.
 *
 * @example
 * ```ts
 * import { AsyncProxyRotator, mcpLifespan, setRotator } from "@proxywhirl/mcp";
 *
 * await setRotator(new AsyncProxyRotator());
 * {
 *   await using lifespan = mcpLifespan();
 *   const rotator = await lifespan.ready;
 *   console.log(rotator.size);
 * } // cleaned up here
 * ```
 */
export function mcpLifespan(): McpLifespan {
  const ready = getRotator();
  ready.catch(() => {}); // whoever awaits it is told; nobody has to
  return { ready, [Symbol.asyncDispose]: cleanupRotator };
}
