/** Keeps bad proxies out of the store. */

import { parseProxyUrl } from "../core/proxy_url.ts";
import { wishedId } from "./snapshot.ts";
import type { NewProxy } from "./store.ts";

/**
 * Whatever the rotator would refuse must not get into the store either. The id is chosen here, so that it is known
 * even when the store fails after it wrote a part of a list.
 *
 * @throws {InvalidProxyUrlError} when the URL is none
 * @throws {RangeError} when a weight or cost is out of range
 */
export function checkProxy(proxy: NewProxy): NewProxy {
  const { weight, cost } = proxy;
  if (typeof weight === "number" && !(weight > 0 && Number.isFinite(weight))) {
    throw new RangeError(`Cannot use weight ${weight}: it must be a finite number above 0`);
  }
  if (typeof cost === "number" && !(cost >= 0 && Number.isFinite(cost))) {
    throw new RangeError(`Cannot use cost ${cost}: it must be a finite number, 0 or more`);
  }
  return { ...proxy, id: wishedId(proxy) ?? crypto.randomUUID(), url: parseProxyUrl(proxy.url).href };
}
