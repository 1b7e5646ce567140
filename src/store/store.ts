/** What the pool needs of a place that remembers it. Words of the domain, no SQL. */

import type { LearnedState } from "../core/learned.ts";
import type { ProxyMetadata, ProxySnapshot } from "../core/types.ts";

/** A proxy to be kept. Of the metadata, what is `undefined` is left as it is and `null` clears. */
export interface NewProxy extends ProxyMetadata {
  /** Canonical URL, with credentials. */
  readonly url: string;
  /** A UUID to use if the URL is new; an id that another proxy has already is not taken. */
  readonly id?: string;
}

/** What became of one {@linkcode NewProxy}. */
export interface UpsertResult {
  /** The id that the store has for this URL, now and for ever. */
  readonly id: string;
  /** Whether the URL was not there before. */
  readonly isNew: boolean;
}

/** The counters of a proxy that add up between processes. */
export interface ProxyCounters {
  /** Requests handed out. */
  readonly requestsStarted: number;
  /** Outcomes `ok`. */
  readonly totalSuccesses: number;
  /** Outcomes `dead`. */
  readonly totalFailures: number;
  /** Sum of latencies, ms. */
  readonly latencySumMs: number;
  /** Number of latencies in the sum. */
  readonly latencyCount: number;
}

/** The part of a proxy's state where the last writer wins. */
export type ProxyState = Pick<
  ProxySnapshot,
  | "status"
  | "emaLatencyMs"
  | "consecutiveFailures"
  | "consecutiveSuccesses"
  | "lastCheckAt"
  | "lastSuccessAt"
  | "lastFailureAt"
  | "circuit"
>;

/** What happened to one proxy since the last write: the counters **add up**, the state replaces. */
export interface ProxyDelta extends ProxyCounters {
  /** The proxy; a delta for one that was removed meanwhile is ignored. */
  readonly id: string;
  /** The state as it is now. */
  readonly state: ProxyState;
}

/** What others did to the same place. */
export interface StoreChanges {
  /** Proxies that were added or changed, as they are now. */
  readonly proxies: readonly ProxySnapshot[];
  /** Ids of proxies that are gone. */
  readonly removed: readonly string[];
}

/** How patient a write is. */
export interface WriteOptions {
  /**
   * How long to wait while another program holds the place locked, ms. The event loop runs on meanwhile.
   *
   * @default {10_000} for `upsert` and `remove`, 0 for `apply`
   */
  readonly waitMs?: number;
}

/**
 * A place that remembers the pool. Several processes may share one; each holds its own `Store`.
 *
 * Every method throws a `StoreError`, whose `code` tells a lock that will pass from a file that is broken. A
 * write that throws has changed nothing and may be repeated.
 */
export interface Store {
  /** For people: a path, or `:memory:`. */
  readonly location: string;
  /** Whether what is written outlives the process. */
  readonly isPersistent: boolean;
  /** All proxies in the order of adding. What they hold counts as seen by {@linkcode Store.changes}. */
  loadAll(): Promise<readonly ProxySnapshot[]>;
  /**
   * Like {@linkcode Store.loadAll}, in parts: a large pool need not be in memory twice.
   *
   * @param receive Is called with each part; what it throws ends the loading
   * @returns How many proxies there are
   */
  loadParts(receive: (proxies: readonly ProxySnapshot[]) => void): Promise<number>;
  /**
   * Adds proxies, or updates the metadata of those whose URL is known. Durable when it returns. Long lists are
   * written in parts of 10 000, each whole or not at all.
   *
   * @returns One result for each proxy, in the same order
   */
  upsert(proxies: readonly NewProxy[], options?: WriteOptions): Promise<readonly UpsertResult[]>;
  /**
   * Forgets proxies, durably.
   *
   * @returns How many were there
   */
  remove(ids: readonly string[], options?: WriteOptions): Promise<number>;
  /**
   * Adds up counters and replaces states, and keeps what was learned of targets and sessions: all or nothing.
   *
   * @param learned Replaces what was kept of the same pairs and sessions, whoever wrote it
   */
  apply(deltas: readonly ProxyDelta[], learned?: LearnedState, options?: WriteOptions): Promise<void>;
  /**
   * What was learned of targets and sessions, for the start of a process: what others learn later is not among
   * {@linkcode Store.changes}. Sessions that have ended and pairs without an outcome for 14 days are forgotten,
   * and so are the oldest beyond 250 000 pairs. Pairs come in the order of their last outcomes, sessions in that
   * of their ends.
   */
  loadLearned(): Promise<LearnedState>;
  /**
   * Short texts kept beside the proxies, by name: those whose name begins with `prefix`.
   *
   * @returns Name and text of each
   */
  loadNotes(prefix: string): Promise<ReadonlyMap<string, string>>;
  /** Keeps texts over those of the same names, whoever wrote them: all or nothing. */
  saveNotes(notes: ReadonlyMap<string, string>, options?: WriteOptions): Promise<void>;
  /** What **others** changed since the last call (or since {@linkcode Store.loadAll}); never one's own writes. */
  changes(): Promise<StoreChanges>;
  /** Ends the use of the place. A second call does nothing. */
  close(): Promise<void>;
}
