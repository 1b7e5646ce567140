/** Tells which resources a change of a proxy's health changes. */
import type { PoolProxy, ProxyRotator } from "../../core/mod.ts";

/**
 * Calls the listener with `proxy://health`, and with the address of the proxy, on every change of a proxy's health
 * and when one leaves; for one that joins, whose address nobody knew, with the former alone. Outcomes that change no
 * health are not told: under load these are nearly all.
 */
export function observeHealth(rotator: ProxyRotator, listener: (uri: string) => void): () => void {
  let latest: PoolProxy | undefined;
  // The rotator tells first which proxy, and then that it was its health.
  return rotator.observe({
    added: () => void (latest = undefined),
    removed: (proxy) => void (latest = proxy),
    changed: (proxy) => void (latest = proxy),
    healthChanged: () => {
      listener("proxy://health");
      if (latest !== undefined) listener(`proxy://proxies/${latest.id}`);
    },
  });
}
