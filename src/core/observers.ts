/** Tells others of changes in the pool. */

import type { PoolProxy } from "./proxy_entry.ts";

/** What an observer may want to know. Called synchronously; must not throw and must not change the pool. */
export interface PoolObserver {
  /** A proxy joined the pool. */
  added?(proxy: PoolProxy): void;
  /** A proxy left the pool. */
  removed?(proxy: PoolProxy): void;
  /** Counters, health, circuit or description of a proxy changed. */
  changed?(proxy: PoolProxy): void;
  /** Health or circuit of a proxy changed, or the pool grew or shrank. */
  healthChanged?(): void;
}

/** A list of observers. */
export class Observers {
  #observers: readonly PoolObserver[] = [];

  /** Adds an observer; the answer removes it again. */
  add(observer: PoolObserver): () => void {
    this.#observers = [...this.#observers, observer];
    return () => {
      this.#observers = this.#observers.filter((other) => other !== observer);
    };
  }

  /** A proxy joined. */
  added(proxy: PoolProxy): void {
    for (const observer of this.#observers) {
      observer.added?.(proxy);
      observer.healthChanged?.();
    }
  }

  /** A proxy left. */
  removed(proxy: PoolProxy): void {
    for (const observer of this.#observers) {
      observer.removed?.(proxy);
      observer.healthChanged?.();
    }
  }

  /** A proxy changed. */
  changed(proxy: PoolProxy, isHealthChanged: boolean): void {
    for (const observer of this.#observers) {
      observer.changed?.(proxy);
      if (isHealthChanged) observer.healthChanged?.();
    }
  }
}
