/** What goes into a `PoolSync`, and what comes out. */

import type { Store, UpsertResult } from "./store.ts";
import type { SyncedProxy, SyncedRotator } from "./synced_rotator.ts";

/** What a `PoolSync` ties together, and how often. */
export interface PoolSyncOptions<P extends SyncedProxy = SyncedProxy> {
  /** The pool. */
  readonly rotator: SyncedRotator<P>;
  /** Where it is remembered. */
  readonly store: Store;
  /** The most that a crash may lose, in time, ms. @default {250} */
  readonly flushIntervalMs?: number;
  /** How often to look for changes by other processes, ms. @default {1000} */
  readonly pollIntervalMs?: number;
  /** Is told when the store fails, once until it works again, and then that it does. @default {process.emitWarning} */
  readonly onWarning?: (message: string) => void;
}

/** What became of a proxy that was added. */
export interface AddResult<P extends SyncedProxy = SyncedProxy> extends UpsertResult {
  /** The proxy in the pool. */
  readonly proxy: P;
  /** Whether the store has it; if not, it will be written as soon as the store works again. */
  readonly isStored: boolean;
}

/**
 * Refuses a time that does not pass.
 *
 * @throws {RangeError} when it is not above 0
 */
export function checkInterval(verb: "flush" | "poll", ms: number): void {
  if (!(ms > 0)) throw new RangeError(`Cannot ${verb} every ${ms} ms: must be above 0`);
}
