/** What is dialled for a proxy of the pool. */

import { parseProxyUrl, type PoolProxy, type ProxyUrl } from "../core/mod.ts";

/** Reading a URL costs more than looking it up; entries of the pool live as long as their proxy. */
const known = new WeakMap<PoolProxy, ProxyUrl>();

/** Parts of a proxy's URL, credentials included. */
export function endpointOf(proxy: PoolProxy): ProxyUrl {
  let url = known.get(proxy);
  if (url === undefined) {
    url = parseProxyUrl(proxy.url);
    known.set(proxy, url);
  }
  return url;
}
