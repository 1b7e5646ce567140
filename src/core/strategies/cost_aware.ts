/**
 * `cost-aware`: the cheapest proxy that works often enough; among equals the one used least.
 *
 * Often enough is a success rate of at least the floor, with one success and one failure added, so that a
 * new proxy starts at one half. Those below the floor come after all others, cheapest first. A proxy whose
 * cost is not known counts as free.
 *
 * Cost: O(1) among proxies of one cost, O(log costs) when a proxy goes to another tier or cost.
 */

import type { PoolProxy, ProxyEntry } from "../proxy_entry.ts";
import type { EligibleProxies } from "../eligible_set.ts";
import { type HeapItem, IndexedHeap } from "./indexed_heap.ts";
import { firstAccepted } from "./least_used.ts";
import { LeastUsedQueue, QueuePlaces } from "./least_used_queue.ts";
import { checkOptionNames, numberOption, type StrategyOptions } from "./options.ts";
import { MAX_REJECTIONS, type SelectionRequest, type Selector, type Strategy } from "./strategy.ts";

const NAME = "cost-aware";

/**
 * Makes the `cost-aware` strategy. Options: `minSuccessRate`, 0–1 (0.5); `maxCost`, above which a proxy is
 * never chosen (none).
 */
export function costAwareStrategy(options: StrategyOptions): Strategy {
  checkOptionNames(NAME, options, ["minSuccessRate", "maxCost"]);
  const floor = numberOption(options, "minSuccessRate", { default: 0.5, minimum: 0, maximum: 1 });
  const maxCost = numberOption(options, "maxCost", { default: Infinity, minimum: 0, maximum: Infinity });
  function tierOf(proxy: PoolProxy): number {
    if ((proxy.cost ?? 0) > maxCost) return Infinity;
    return (proxy.totalSuccesses + 1) / (proxy.totalRequests + 2) >= floor ? 0 : 1;
  }
  return {
    name: NAME,
    className: "CostAwareStrategy",
    createSelector: () => new CostSelector(tierOf),
    tierOf,
  };
}

/** Proxies of one tier and cost. */
class PriceGroup implements HeapItem {
  place = -1;
  readonly tier: number;
  readonly cost: number;
  readonly queue: LeastUsedQueue;

  constructor(tier: number, cost: number, places: QueuePlaces) {
    this.tier = tier;
    this.cost = cost;
    this.queue = new LeastUsedQueue(places);
  }
}

function isCheaper(a: PriceGroup, b: PriceGroup): boolean {
  return a.tier < b.tier || (a.tier === b.tier && a.cost < b.cost);
}

class CostSelector implements Selector {
  readonly #tierOf: (proxy: PoolProxy) => number;
  readonly #order: IndexedHeap<PriceGroup> = new IndexedHeap(isCheaper);
  /** By tier, then by cost. */
  readonly #groups: readonly Map<number, PriceGroup>[] = [new Map(), new Map()];
  readonly #groupBySlot: (PriceGroup | undefined)[] = [];
  /** One for all groups: each proxy may have a cost of its own. */
  readonly #places: QueuePlaces = new QueuePlaces();

  constructor(tierOf: (proxy: PoolProxy) => number) {
    this.#tierOf = tierOf;
  }

  added(proxy: PoolProxy): void {
    const tier = this.#tierOf(proxy);
    if (tier !== Infinity) this.#put(proxy as ProxyEntry, tier);
  }

  removed(proxy: PoolProxy): void {
    const { slot } = proxy as ProxyEntry;
    const group = this.#groupBySlot[slot];
    if (group === undefined) return;
    this.#groupBySlot[slot] = undefined;
    group.queue.remove(proxy as ProxyEntry);
    if (group.queue.size > 0) return;
    this.#order.remove(group);
    this.#groups[group.tier]?.delete(group.cost);
  }

  changed(proxy: PoolProxy): void {
    const tier = this.#tierOf(proxy);
    const group = this.#groupBySlot[(proxy as ProxyEntry).slot];
    if (group?.tier === tier && group.cost === (proxy.cost ?? 0)) group.queue.put(proxy as ProxyEntry);
    else {
      this.removed(proxy);
      this.added(proxy);
    }
  }

  allows(proxy: PoolProxy): boolean {
    return this.#tierOf(proxy) !== Infinity;
  }

  select(_eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
    const passedOver: PriceGroup[] = [];
    let rejectionsLeft = MAX_REJECTIONS;
    let found: PoolProxy | undefined;
    for (
      let group = this.#order.first;
      group !== undefined && rejectionsLeft > 0;
      group = this.#order.first
    ) {
      found = firstAccepted(group.queue, request, rejectionsLeft);
      if (found !== undefined) break;
      rejectionsLeft -= group.queue.size;
      this.#order.remove(group);
      passedOver.push(group);
    }
    for (const group of passedOver) this.#order.add(group);
    return found;
  }

  #put(entry: ProxyEntry, tier: number): void {
    const groups = this.#groups[tier] as Map<number, PriceGroup>;
    const cost = entry.cost ?? 0;
    let group = groups.get(cost);
    if (group === undefined) {
      group = new PriceGroup(tier, cost, this.#places);
      groups.set(cost, group);
      this.#order.add(group);
    }
    this.#groupBySlot[entry.slot] = group;
    group.queue.put(entry);
  }
}
