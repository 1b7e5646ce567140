/**
 * The store in a SQLite file.
 *
 * Several processes share one file. Each write transaction takes the next *revision* and stamps the rows that it
 * touches; a reader asks for what is newer than the last revision it has seen. To leave one's own writes out of
 * that, a write first notes the ids that others have stamped meanwhile, and then counts its own revision as seen.
 * Ids rather than rows are noted, so that what is told later is the state of then, own writes included.
 *
 * SQLite calls block the event loop. So SQLite itself waits for a lock some milliseconds only; longer waits are
 * repeated calls with the event loop running between them.
 */

import { resolve } from "node:path";
import process from "node:process";
import type { LearnedState } from "../core/learned.ts";
import type { ProxySnapshot } from "../core/types.ts";
import { countLearned, NOTHING_LEARNED } from "./learned_limits.ts";
import { mergeMetadata, newSnapshot, wishedId } from "./snapshot.ts";
import {
  loadSqlite,
  setBusyTimeout,
  SqliteConnection,
  type SqliteDatabase,
  type SqliteModule,
} from "./sqlite_database.ts";
import { pruneLearned, saveLearned, selectLearned } from "./sqlite_learned.ts";
import {
  NO_CONTENTS,
  openConnection,
  prepareConnection,
  type PrepareOptions,
  readOnlyContents,
  type StoredPool,
} from "./sqlite_open.ts";
import {
  addDelta,
  deleteProxy,
  forgetRemovals,
  insertNew,
  type KnownProxy,
  pruneRemovals,
  selectById,
  selectChangedIds,
  selectChangedSince,
  selectKnown,
  selectParts,
  selectRemovedSince,
  selectTakenIds,
  updateMetadata,
} from "./sqlite_rows.ts";
import { readMeta, readNotes, writeMeta, writeNotes } from "./sqlite_schema.ts";
import type { NewProxy, ProxyDelta, Store, StoreChanges, UpsertResult, WriteOptions } from "./store.ts";
import { StoreError, toStoreError } from "./store_error.ts";

/** What may be chosen or injected for a {@linkcode SqliteStore}. */
export interface SqliteStoreOptions {
  /** How long `upsert`, `remove` and `loadAll` wait for a lock, ms. @default {10_000} */
  readonly waitMs?: number;
  /** Is told in a sentence what a person should know, such as what was taken over from another program. */
  readonly onNotice?: (notice: string) => void;
  /**
   * Keys with which the Python program may have encrypted credentials.
   *
   * @default {the environment variables PROXYWHIRL_CACHE_ENCRYPTION_KEY and PROXYWHIRL_CACHE_KEY_PREVIOUS}
   */
  readonly encryptionKeys?: readonly string[];
  /** Epoch ms, for the time of adding. @default {Date.now} */
  readonly wallClock?: () => number;
  /** Loads the SQLite library. @default {() => import("node:sqlite")} */
  readonly importer?: () => Promise<SqliteModule>;
}

const NO_NOTES: ReadonlyMap<string, string> = new Map();
const NO_CHANGES: StoreChanges = Object.freeze({ proxies: Object.freeze([]), removed: Object.freeze([]) });
/** Pairs written between two looks at whether they are too many: these cost up to 100 ms. */
const PAIRS_BETWEEN_PRUNING = 50_000;
/** Proxies written in one transaction: some 100 ms. */
const UPSERT_AT_ONCE = 10_000;
const REVISION = "revision";
const REMOVALS_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** A {@linkcode Store} in a SQLite file, which several processes may share. */
export class SqliteStore implements Store {
  /** Absolute path of the file. */
  readonly location: string;
  /** Always true. */
  readonly isPersistent: boolean = true;
  readonly #options: SqliteStoreOptions;
  readonly #given: SqliteDatabase | undefined;
  #connecting: Promise<SqliteConnection | undefined> | undefined;
  #connection: SqliteConnection | undefined;
  /** Why the file must not be touched any more. */
  #broken: StoreError | undefined;
  #seen = 0;
  #noticed = new Set<string>();
  #dataVersion: number | undefined;
  #pairsSincePruning = 0;

  /**
   * Opens nothing yet.
   *
   * @param place Path of a file, which is made on the first write, or an opened database. The owner of a
   *   database object closes it; the store sets its pragmas.
   */
  constructor(place: string | SqliteDatabase, options: SqliteStoreOptions = {}) {
    this.#options = options;
    this.#given = typeof place === "string" ? undefined : place;
    this.location = typeof place === "string" ? resolve(place) : "(opened database)";
  }

  /**
   * Opens the file if it is there, without waiting for a lock. Other calls do so by themselves.
   *
   * @throws {StoreError} when it cannot be used
   */
  open(): Promise<void> {
    return this.#attempt({ create: false, waitMs: 0, otherwise: undefined }, () => undefined);
  }

  /** What a file holds that can be read but not written; nothing when that fails too. */
  async readOnly(): Promise<StoredPool> {
    try {
      const sqlite = await loadSqlite(this.#options.importer);
      return readOnlyContents(this.location, { ...this.#prepareOptions, sqlite });
    } catch {
      return NO_CONTENTS;
    }
  }

  /** All proxies in the order of adding; none when the file is not there yet. */
  async loadAll(): Promise<readonly ProxySnapshot[]> {
    const parts: (readonly ProxySnapshot[])[] = [];
    await this.loadParts((part) => parts.push(part));
    return parts.flat();
  }

  /** The same in parts of 1 000. */
  loadParts(receive: (proxies: readonly ProxySnapshot[]) => void): Promise<number> {
    return this.#attempt(
      { create: false, waitMs: this.#waitMs, otherwise: 0 },
      (connection) =>
        connection.transaction("read", () => {
          const seen = readMeta(connection, REVISION);
          let count = 0;
          for (const part of selectParts(connection)) {
            receive(part);
            count += part.length;
          }
          this.#seen = seen;
          this.#noticed.clear();
          return count;
        }),
    );
  }

  /** Adds proxies or updates their metadata; makes the file when it is not there. */
  async upsert(proxies: readonly NewProxy[], options: WriteOptions = {}): Promise<readonly UpsertResult[]> {
    const results: UpsertResult[] = [];
    for (let start = 0; start < proxies.length; start += UPSERT_AT_ONCE) {
      const part = proxies.slice(start, start + UPSERT_AT_ONCE);
      const plan = { create: true, waitMs: options.waitMs ?? this.#waitMs, otherwise: [] };
      const written = await this.#attempt(
        plan,
        (connection) =>
          this.#writeDurably(connection, (revision) => this.#upsertPart(connection, part, revision)),
      );
      for (const result of written) results.push(result);
    }
    return results;
  }

  /** Forgets proxies. */
  remove(ids: readonly string[], options: WriteOptions = {}): Promise<number> {
    const plan = { create: false, waitMs: options.waitMs ?? this.#waitMs, otherwise: 0 };
    return this.#attempt(plan, (connection) =>
      this.#writeDurably(connection, (revision) => {
        let count = 0;
        for (const id of new Set(ids)) if (deleteProxy(connection, id, this.#now(), revision)) count++;
        return [count, count > 0];
      }));
  }

  /** Adds up counters, replaces states and keeps what was learned, in one transaction. */
  async apply(
    deltas: readonly ProxyDelta[],
    learned: LearnedState = NOTHING_LEARNED,
    options: WriteOptions = {},
  ): Promise<void> {
    if (deltas.length === 0 && countLearned(learned) === 0) return;
    await this.#attempt(
      { create: false, waitMs: options.waitMs ?? 0, otherwise: undefined },
      (connection) =>
        this.#write(connection, (revision) => {
          for (const delta of deltas) addDelta(connection, delta, revision);
          this.#saveLearned(connection, learned);
          return [undefined, deltas.length > 0];
        }),
    );
  }

  /** What was learned of targets and sessions; nothing when the file is not there yet. */
  loadLearned(): Promise<LearnedState> {
    return this.#attempt(
      { create: false, waitMs: this.#waitMs, otherwise: NOTHING_LEARNED },
      (connection) => {
        const now = this.#now();
        this.#pruneLearned(connection, now);
        return connection.transaction("read", () => selectLearned(connection, now));
      },
    );
  }

  /** Texts kept beside the proxies; none when the file is not there yet. */
  loadNotes(prefix: string): Promise<ReadonlyMap<string, string>> {
    return this.#attempt(
      { create: false, waitMs: this.#waitMs, otherwise: NO_NOTES },
      (connection) => readNotes(connection, prefix),
    );
  }

  /** Keeps texts; makes the file when it is not there. */
  async saveNotes(notes: ReadonlyMap<string, string>, options: WriteOptions = {}): Promise<void> {
    if (notes.size === 0) return;
    const plan = { create: true, waitMs: options.waitMs ?? this.#waitMs, otherwise: undefined };
    await this.#attempt(
      plan,
      (connection) => connection.transaction("write", () => writeNotes(connection, notes)),
    );
  }

  /** What other processes changed. */
  changes(): Promise<StoreChanges> {
    return this.#attempt({ create: false, waitMs: 0, otherwise: NO_CHANGES }, (connection) => {
      const dataVersion = Number(connection.value("PRAGMA data_version"));
      if (dataVersion === this.#dataVersion && this.#noticed.size === 0) return NO_CHANGES;
      const changes = connection.transaction("read", () => this.#readChanges(connection));
      this.#dataVersion = dataVersion;
      return changes;
    });
  }

  /** Closes the file. Nothing is pending in a store: every call has written what it was given. */
  async close(): Promise<void> {
    if (this.#broken?.code === "STORE_CLOSED") return;
    await this.#connecting?.catch(() => undefined);
    const wasBroken = this.#broken !== undefined;
    this.#broken = new StoreError("STORE_CLOSED", `Cannot use database "${this.location}": it was closed`);
    if (!wasBroken) this.#tidy();
    this.#dropConnection();
  }

  get #waitMs(): number {
    return this.#options.waitMs ?? 10_000;
  }

  #now(): number {
    return (this.#options.wallClock ?? Date.now)();
  }

  #upsertPart(
    connection: SqliteConnection,
    part: readonly NewProxy[],
    revision: number,
  ): [UpsertResult[], boolean] {
    const known = selectKnown(connection, part.map(({ url }) => url));
    const added = new Map<string, ProxySnapshot>();
    const changed = new Map<string, KnownProxy>();
    const wishes = part.flatMap((proxy) => wishedId(proxy) ?? []);
    const taken = selectTakenIds(connection, wishes);
    const results = part.map((proxy) => {
      const before = added.get(proxy.url) ?? known.get(proxy.url);
      if (before === undefined) {
        const wished = wishedId(proxy);
        const id = wished !== undefined && !taken.has(wished) ? wished : crypto.randomUUID();
        taken.add(id);
        added.set(proxy.url, newSnapshot(id, proxy, this.#now()));
        return { id, isNew: true };
      }
      const merged = mergeMetadata(before, proxy);
      if (merged !== before) {
        if (!isSnapshot(merged)) changed.set(proxy.url, merged);
        (isSnapshot(merged) ? added : known).set(proxy.url, merged);
      }
      return { id: before.id, isNew: false };
    });
    insertNew(connection, [...added.values()], revision);
    forgetRemovals(connection, Array.from(added.values(), ({ id }) => id));
    for (const proxy of changed.values()) updateMetadata(connection, proxy, revision);
    return [results, added.size + changed.size > 0];
  }

  /** `work` says whether it changed anything. */
  #write<T>(connection: SqliteConnection, work: (revision: number) => readonly [T, boolean]): T {
    const { result, seen } = connection.transaction("write", () => {
      const current = readMeta(connection, REVISION);
      if (current !== this.#seen) this.#noticeOthers(connection);
      const [result, hasChanged] = work(current + 1);
      if (hasChanged) writeMeta(connection, REVISION, current + 1);
      return { result, seen: hasChanged ? current + 1 : current };
    });
    this.#seen = seen;
    return result;
  }

  /** What another program that holds the lock keeps from being forgotten now, is forgotten next time. */
  #pruneLearned(connection: SqliteConnection, now: number): void {
    try {
      connection.transaction("write", () => pruneLearned(connection, now));
    } catch (error) {
      if (toStoreError(error, this.location).code !== "STORE_BUSY") throw error;
    }
  }

  /** A process that runs for weeks must not fill the disk. */
  #saveLearned(connection: SqliteConnection, learned: LearnedState): void {
    saveLearned(connection, learned);
    this.#pairsSincePruning += learned.pairs.length;
    if (this.#pairsSincePruning < PAIRS_BETWEEN_PRUNING) return;
    this.#pairsSincePruning = 0;
    pruneLearned(connection, this.#now());
  }

  /** Outcomes may be lost with the power, proxies not: waits until the disk has them. */
  #writeDurably<T>(connection: SqliteConnection, work: (revision: number) => readonly [T, boolean]): T {
    connection.exec("PRAGMA synchronous = FULL");
    try {
      return this.#write(connection, work);
    } finally {
      connection.exec("PRAGMA synchronous = NORMAL");
    }
  }

  #noticeOthers(connection: SqliteConnection): void {
    for (const id of selectChangedIds(connection, this.#seen)) this.#noticed.add(id);
  }

  #readChanges(connection: SqliteConnection): StoreChanges {
    const current = readMeta(connection, REVISION);
    const proxies = selectChangedSince(connection, this.#seen);
    const removed = selectRemovedSince(connection, this.#seen);
    const told = new Set([...proxies.map(({ id }) => id), ...removed]);
    for (const id of this.#noticed) {
      if (told.has(id)) continue;
      const proxy = selectById(connection, id);
      if (proxy) proxies.push(proxy);
      else removed.push(id);
    }
    this.#noticed.clear();
    this.#seen = current;
    return { proxies, removed };
  }

  async #attempt<T>(plan: Plan<T>, work: (connection: SqliteConnection) => T): Promise<T> {
    const deadline = performance.now() + plan.waitMs;
    for (let pauseMs = 10;; pauseMs = Math.min(pauseMs * 2, 200)) {
      try {
        const connection = await this.#connect(plan.create);
        return connection ? work(connection) : plan.otherwise;
      } catch (error) {
        const failure = toStoreError(error, this.location);
        this.#noteFailure(failure);
        if (failure.code !== "STORE_BUSY" || performance.now() + pauseMs > deadline) throw failure;
      }
      await new Promise((resume) => setTimeout(resume, pauseMs));
    }
  }

  #noteFailure(failure: StoreError): void {
    if (
      failure.code !== "STORE_CORRUPT" && failure.code !== "STORE_NEWER" && failure.code !== "STORE_FOREIGN"
    ) return;
    this.#broken ??= failure;
    this.#dropConnection();
  }

  async #connect(create: boolean): Promise<SqliteConnection | undefined> {
    if (this.#broken) throw this.#broken;
    if (this.#connection) return this.#connection;
    while (this.#connecting) await this.#connecting.catch(() => undefined);
    if (this.#broken) throw this.#broken;
    if (this.#connection) return this.#connection;
    this.#connecting = this.#makeConnection(create);
    try {
      this.#connection = await this.#connecting;
    } finally {
      this.#connecting = undefined;
    }
    return this.#connection;
  }

  async #makeConnection(create: boolean): Promise<SqliteConnection | undefined> {
    if (this.#given) {
      setBusyTimeout(this.#given);
      const connection = new SqliteConnection(this.#given, this.location);
      prepareConnection(connection, this.#prepareOptions);
      return connection;
    }
    const sqlite = await loadSqlite(this.#options.importer);
    return openConnection(this.location, { ...this.#prepareOptions, sqlite, create });
  }

  get #prepareOptions(): PrepareOptions {
    const { onNotice, encryptionKeys } = this.#options;
    return {
      notify: onNotice ?? (() => undefined),
      keys: () => encryptionKeys ?? keysOfEnvironment(),
      wallClock: () => this.#now(),
    };
  }

  #tidy(): void {
    const connection = this.#connection;
    if (!connection) return;
    try {
      pruneRemovals(connection, this.#now() - REMOVALS_KEPT_MS);
      connection.exec("PRAGMA optimize");
    } catch {
      // Another process holds the lock; the next close will do.
    }
  }

  #dropConnection(): void {
    if (!this.#given) this.#connection?.close();
    this.#connection = undefined;
  }
}

interface Plan<T> {
  /** Make the file when it is missing. */
  readonly create: boolean;
  readonly waitMs: number;
  /** The answer when there is no file. */
  readonly otherwise: T;
}

function isSnapshot(proxy: ProxySnapshot | KnownProxy): proxy is ProxySnapshot {
  return "addedAt" in proxy;
}

function keysOfEnvironment(): readonly string[] {
  try {
    const { PROXYWHIRL_CACHE_ENCRYPTION_KEY: current, PROXYWHIRL_CACHE_KEY_PREVIOUS: previous } = process.env;
    return [current, previous].flatMap((key) => key ? [key] : []);
  } catch {
    // No permission to read the environment.
    return [];
  }
}
