/**
 * Remembering the pool: a {@linkcode Store} is a place, {@linkcode PoolSync} keeps a rotator and a place alike.
 *
 * @example
 * ```ts
 * import { ProxyRotator } from "@proxywhirl/mcp/core";
 * import { openStore, PoolSync } from "@proxywhirl/mcp/store";
 *
 * const rotator = new ProxyRotator();
 * const { store, warning } = await openStore(":memory:"); // or the path of a file
 * if (warning !== undefined) console.error(warning);
 * const sync = new PoolSync({ rotator, store });
 * await sync.load();
 * sync.start();
 * await sync.add([{ url: "http://203.0.113.7:8080", region: "US" }]);
 * await sync.close();
 * ```
 *
 * @module
 */

export { MemoryStore, type MemoryStoreOptions } from "./memory.ts";
export { type OpenedStore, openStore } from "./open_store.ts";
export { PoolSync } from "./pool_sync.ts";
export type { AddResult, PoolSyncOptions } from "./pool_sync_options.ts";
export type { StoredPool } from "./sqlite_open.ts";
export { SqliteStore, type SqliteStoreOptions } from "./sqlite.ts";
export type { SqliteDatabase, SqliteModule, SqliteStatement, SqlValue } from "./sqlite_database.ts";
export type {
  NewProxy,
  ProxyCounters,
  ProxyDelta,
  ProxyState,
  Store,
  StoreChanges,
  UpsertResult,
  WriteOptions,
} from "./store.ts";
export type { SyncedObserver, SyncedProxy, SyncedRotator } from "./synced_rotator.ts";
export { StoreError, type StoreErrorCode } from "./store_error.ts";
