/** Tries groups of proxies one after the other, each with a selector of its own. */

import { type EligibleProxies, EligibleSet } from "../eligible_set.ts";
import type { PoolProxy, ProxyEntry } from "../proxy_entry.ts";
import type { SelectionRequest, Selector } from "./strategy.ts";

interface Tier {
  readonly rank: number;
  readonly set: EligibleSet;
  readonly selector: Selector;
}

/**
 * Proxies in tiers: those of the lowest tier that has an acceptable one are chosen among by its selector.
 * Cost: that of the selectors, times the number of tiers that are passed over.
 */
export class TieredSelector implements Selector {
  readonly #tierOf: (proxy: PoolProxy) => number;
  readonly #createSelector: () => Selector;
  /** Sorted by rank. */
  readonly #tiers: Tier[] = [];
  readonly #tierByEntry: Map<PoolProxy, Tier> = new Map();

  /**
   * @param tierOf Rank of a proxy; `Infinity` for never
   * @param createSelector Makes the selector of each tier
   */
  constructor(tierOf: (proxy: PoolProxy) => number, createSelector: () => Selector) {
    this.#tierOf = tierOf;
    this.#createSelector = createSelector;
  }

  /** See {@linkcode Selector.added}. */
  added(proxy: PoolProxy): void {
    this.#put(proxy, this.#tierOf(proxy));
  }

  /** See {@linkcode Selector.removed}. */
  removed(proxy: PoolProxy): void {
    const tier = this.#tierByEntry.get(proxy);
    if (tier === undefined) return;
    this.#tierByEntry.delete(proxy);
    tier.set.remove(proxy as ProxyEntry);
    tier.selector.removed?.(proxy);
  }

  /** See {@linkcode Selector.changed}. */
  changed(proxy: PoolProxy): void {
    const tier = this.#tierByEntry.get(proxy);
    const rank = this.#tierOf(proxy);
    if (tier?.rank === rank) tier.selector.changed?.(proxy);
    else {
      this.removed(proxy);
      this.#put(proxy, rank);
    }
  }

  /** See {@linkcode Selector.allows}. */
  allows(proxy: PoolProxy): boolean {
    return this.#tierOf(proxy) !== Infinity;
  }

  /** See {@linkcode Selector.select}. */
  select(_eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
    for (const { set, selector } of this.#tiers) {
      const proxy = selector.select(set, request) ?? firstAccepted(set, request);
      if (proxy !== undefined) return proxy;
    }
    return undefined;
  }

  /** See {@linkcode Selector.peek}. */
  peek(_eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
    for (const { set, selector } of this.#tiers) {
      const proxy = (selector.peek ?? selector.select).call(selector, set, request) ??
        firstAccepted(set, request);
      if (proxy !== undefined) return proxy;
    }
    return undefined;
  }

  #put(proxy: PoolProxy, rank: number): void {
    if (rank === Infinity) return;
    const tier = this.#tier(rank);
    this.#tierByEntry.set(proxy, tier);
    tier.set.add(proxy as ProxyEntry);
    tier.selector.added?.(proxy);
  }

  #tier(rank: number): Tier {
    const place = this.#tiers.findIndex((tier) => tier.rank >= rank);
    const known = this.#tiers[place];
    if (known?.rank === rank) return known;
    const tier = { rank, set: new EligibleSet(), selector: this.#createSelector() };
    this.#tiers.splice(place < 0 ? this.#tiers.length : place, 0, tier);
    return tier;
  }
}

/** Looks for an acceptable member where a draw found none; up to 256, so that a choice stays cheap. */
function firstAccepted(set: EligibleSet, request: SelectionRequest): PoolProxy | undefined {
  const looks = Math.min(set.size, 256);
  const offset = looks === 0 ? 0 : Math.floor(request.random() * set.size);
  for (let look = 0; look < looks; look++) {
    const proxy = set.at((offset + look) % set.size);
    if (request.accepts(proxy)) return proxy;
  }
  return undefined;
}
