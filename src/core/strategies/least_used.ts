/**
 * `least-used`: the proxy with the fewest requests started; among equals the one added first.
 *
 * A heap ordered by that count: a choice raises the count of the first, which then sinks to its place. So
 * n·k choices among n proxies that start equal give each exactly k. Proxies that the request refuses are
 * lifted out while it looks and put back afterwards.
 *
 * Cost: O(log n).
 */

import type { EligibleProxies } from "../eligible_set.ts";
import type { PoolProxy, ProxyEntry } from "../proxy_entry.ts";
import { IndexedHeap } from "./indexed_heap.ts";
import { MAX_REJECTIONS, type SelectionRequest, type Selector, type Strategy } from "./strategy.ts";

/** The `least-used` strategy. */
export const leastUsedStrategy: Strategy = {
  name: "least-used",
  className: "LeastUsedStrategy",
  createSelector: () => new HeapSelector(hasFewerRequests),
};

function hasFewerRequests(a: ProxyEntry, b: ProxyEntry): boolean {
  return a.requestsStarted < b.requestsStarted ||
    (a.requestsStarted === b.requestsStarted && a.slot < b.slot);
}

/** Chooses the first acceptable proxy of an order that may change with every report. */
export class HeapSelector implements Selector {
  readonly #heap: IndexedHeap;

  /** @param goesBefore The order; must be total */
  constructor(goesBefore: (a: ProxyEntry, b: ProxyEntry) => boolean) {
    this.#heap = new IndexedHeap(goesBefore);
  }

  /** See {@linkcode Selector.added}. */
  added(proxy: PoolProxy): void {
    this.#heap.add(proxy as ProxyEntry);
  }

  /** See {@linkcode Selector.removed}. */
  removed(proxy: PoolProxy): void {
    this.#heap.remove(proxy as ProxyEntry);
  }

  /** See {@linkcode Selector.changed}. */
  changed(proxy: PoolProxy): void {
    this.#heap.update(proxy as ProxyEntry);
  }

  /** See {@linkcode Selector.select}. */
  select(_eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
    const heap = this.#heap;
    const first = heap.first;
    if (first === undefined || request.accepts(first)) return first;
    const refused: ProxyEntry[] = [];
    let found: ProxyEntry | undefined;
    while (heap.first !== undefined && refused.length < MAX_REJECTIONS) {
      if (request.accepts(heap.first)) {
        found = heap.first;
        break;
      }
      refused.push(heap.first);
      heap.remove(heap.first);
    }
    for (const entry of refused) heap.add(entry);
    return found;
  }
}
