/**
 * Numbers the proxies in the order of adding, for the cursor of `list`. No number is used twice.
 *
 * The pool itself keeps no such number. They are given on first use, since most programs never turn a page.
 *
 * @module
 */
import type { PoolProxy, ProxyRotator } from "../core/mod.ts";

/** Knows which of two proxies was added first. */
export class ProxyOrder {
  readonly #rotator: ProxyRotator;
  readonly #ordinals = new WeakMap<PoolProxy, number>();
  #next = 1;
  #isWatching = false;

  /**
   * Numbers nothing yet.
   *
   * @param rotator The pool
   */
  constructor(rotator: ProxyRotator) {
    this.#rotator = rotator;
  }

  /** The number of a proxy of the pool; rises in the order of adding. The first call numbers the whole pool. */
  ordinalOf(proxy: PoolProxy): number {
    if (!this.#isWatching) this.#watch();
    return this.#ordinals.get(proxy) ?? this.#number(proxy);
  }

  #watch(): void {
    this.#isWatching = true;
    for (const proxy of this.#rotator.proxies()) this.#number(proxy);
    this.#rotator.observe({ added: (proxy) => void this.#number(proxy) });
  }

  #number(proxy: PoolProxy): number {
    this.#ordinals.set(proxy, this.#next);
    return this.#next++;
  }
}
