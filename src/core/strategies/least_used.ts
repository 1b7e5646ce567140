/**
 * `least-used`: the proxy with the fewest requests started; among equals the one that waits longest.
 *
 * A choice raises the count of the first, which then goes to the end of those with one more. So n·k choices
 * among n proxies that start equal give each exactly k.
 *
 * Cost: O(1), plus a step for each proxy that the request refuses.
 */

import type { EligibleProxies } from "../eligible_set.ts";
import type { PoolProxy, ProxyEntry } from "../proxy_entry.ts";
import { LeastUsedQueue } from "./least_used_queue.ts";
import { MAX_REJECTIONS, type SelectionRequest, type Selector, type Strategy } from "./strategy.ts";

/** The `least-used` strategy. */
export const leastUsedStrategy: Strategy = {
  name: "least-used",
  className: "LeastUsedStrategy",
  createSelector: () => new LeastUsedSelector(),
};

class LeastUsedSelector implements Selector {
  readonly #queue: LeastUsedQueue = new LeastUsedQueue();

  added(proxy: PoolProxy): void {
    this.#queue.put(proxy as ProxyEntry);
  }

  removed(proxy: PoolProxy): void {
    this.#queue.remove(proxy as ProxyEntry);
  }

  changed(proxy: PoolProxy): void {
    this.#queue.put(proxy as ProxyEntry);
  }

  select(_eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
    return firstAccepted(this.#queue, request, MAX_REJECTIONS);
  }
}

/**
 * The first of a queue that a request accepts, at most so many being passed over. Those lose nothing: they are
 * lifted out while it looks, and put back as they stood.
 */
export function firstAccepted(
  queue: LeastUsedQueue,
  request: SelectionRequest,
  maxRejections: number,
): ProxyEntry | undefined {
  let found = queue.first;
  if (found === undefined || request.accepts(found)) return found;
  const refused: ProxyEntry[] = [];
  while (found !== undefined && !request.accepts(found)) {
    queue.remove(found);
    refused.push(found);
    found = refused.length < maxRejections ? queue.first : undefined;
  }
  for (const entry of refused.reverse()) queue.putBack(entry);
  return found;
}
