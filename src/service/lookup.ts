/** Finds what a call names. */
import type { PoolProxy, ProxyRotator } from "../core/mod.ts";
import { proxyNotFound } from "./action_error.ts";

/**
 * The proxy with this id, in any case.
 *
 * @throws {ActionError} 404 when there is none.
 */
export function requireProxy(rotator: ProxyRotator, id: string): PoolProxy {
  const proxy = rotator.getProxy(id);
  if (proxy === undefined) throw proxyNotFound(id);
  return proxy;
}
