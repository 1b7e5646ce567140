/** What a `PoolSync` needs of a rotator. `ProxyRotator` is one; tests may have a smaller one. */

import type { LearnedState } from "../core/learned.ts";
import type { ProxyMetadata, ProxySnapshot } from "../core/types.ts";

/** What is needed of a proxy. */
export interface SyncedProxy {
  /** UUID. */
  readonly id: string;
  /** Canonical URL, with credentials. */
  readonly url: string;
}

/** What a rotator tells. */
export interface SyncedObserver {
  /** A proxy was added. */
  added?(proxy: SyncedProxy): void;
  /** A proxy was removed. */
  removed?(proxy: SyncedProxy): void;
  /** Counters, state or metadata of a proxy changed. */
  changed?(proxy: SyncedProxy): void;
}

/** What is needed of a rotator; `ProxyRotator` is one. */
export interface SyncedRotator<P extends SyncedProxy = SyncedProxy> {
  /** Adds a proxy or updates its metadata. */
  addProxy(
    url: string,
    metadata: ProxyMetadata & { readonly id?: string },
  ): { readonly proxy: P; readonly isNew: boolean };
  /** Removes a proxy. */
  removeProxy(id: string): boolean;
  /** The proxy with this id, in any case. */
  getProxy(id: string): P | undefined;
  /** The proxy with this URL. */
  findByUrl(url: string): P | undefined;
  /** All proxies. */
  proxies(): Iterable<P>;
  /** Everything about a proxy. */
  snapshot(id: string): ProxySnapshot;
  /** Adds a proxy as it was, or makes a known one so; one with the same URL and another id gives way. */
  restore(snapshot: ProxySnapshot): P;
  /** Starts to note what is learned of targets and sessions. */
  startNoting(): void;
  /** Notes no longer. */
  stopNoting(): void;
  /** What was learned since the last call. */
  takeLearned(): LearnedState;
  /** Puts what was learned in an earlier run in place, after its proxies. */
  restoreLearned(learned: LearnedState): void;
  /** Tells of changes until the returned function is called. */
  observe(observer: SyncedObserver): () => void;
}
