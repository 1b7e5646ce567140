/** Getting from a path, or from a database object, to a connection whose tables are up to date. */

import { fileSystem } from "../runtime/mod.ts";
import { hasPythonTables, type PythonOptions, readPythonProxies } from "./python_layout.ts";
import { deltaSince, NO_COUNTERS } from "./snapshot.ts";
import { openDatabase, SqliteConnection, type SqliteModule } from "./sqlite_database.ts";
import { classifyTables, inspectFile, openReadOnly, refuseNewer } from "./sqlite_file.ts";
import { selectLearned } from "./sqlite_learned.ts";
import { addDelta, insertNew, selectKnown, selectParts } from "./sqlite_rows.ts";
import {
  LEARNED_SINCE,
  migrate,
  readMeta,
  SCHEMA_VERSION,
  schemaVersionOf,
  writeMeta,
} from "./sqlite_schema.ts";
import type { LearnedState } from "../core/learned.ts";
import type { ProxySnapshot } from "../core/types.ts";
import { NOTHING_LEARNED } from "./learned_limits.ts";
import { StoreError, toStoreError } from "./store_error.ts";

/**
 * Up to this size, some 50 000 proxies, the whole file is checked when it is opened. In a larger one, which would
 * take 3 ms a megabyte, damage shows when its proxies are read.
 */
const LARGEST_CHECKED_BYTES = 16 * 1024 * 1024;

const ENCRYPTED_LEFT = "python_encrypted";

/** What {@linkcode prepareConnection} needs from outside. */
export interface PrepareOptions extends PythonOptions {
  /** Is told in a sentence what a person should know. */
  readonly notify: (notice: string) => void;
}

/** The library to open files with. */
export interface SqliteOptions {
  /** The module `node:sqlite`. */
  readonly sqlite: SqliteModule;
}

/** What {@linkcode openConnection} needs from outside. */
export interface OpenConnectionOptions extends PrepareOptions, SqliteOptions {
  /** Make the file when it is missing. */
  readonly create: boolean;
}

/**
 * Opens the database at `path`.
 *
 * @returns `undefined` when there is nothing yet and `create` is false
 * @throws {StoreError} when the file must not or cannot be used; it is unchanged then
 */
export function openConnection(path: string, options: OpenConnectionOptions): SqliteConnection | undefined {
  const { kind, isWritable } = inspectFile(path, options.sqlite);
  if (!isWritable) throw readOnly(path);
  const isNew = kind === "missing" || kind === "empty";
  if (isNew && !options.create) return undefined;
  if (kind === "missing") createFile(path);
  const connection = connect(path, options.sqlite);
  try {
    if (!isNew) checkPages(connection);
    prepareConnection(connection, options);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Sets up an open database: pragmas, tables, and what the Python program left. */
export function prepareConnection(connection: SqliteConnection, options: PrepareOptions): void {
  classifyTables(connection);
  refuseNewer(connection.location, schemaVersionOf(connection));
  connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8000");
  const isCurrent = schemaVersionOf(connection) === SCHEMA_VERSION;
  if (isCurrent && !mayNowDecrypt(connection, options)) return;
  connection.transaction("write", () => {
    const isFirst = schemaVersionOf(connection) === 0;
    migrate(connection);
    if (isFirst || readMeta(connection, ENCRYPTED_LEFT) > 0) takeOver(connection, options);
  });
}

/** All that a file holds. */
export interface StoredPool {
  /** Proxies in the order of adding. */
  readonly proxies: readonly ProxySnapshot[];
  /** What was learned of them. */
  readonly learned: LearnedState;
}

/** What a file holds that cannot be read. */
export const NO_CONTENTS: StoredPool = { proxies: [], learned: NOTHING_LEARNED };

/**
 * What a file holds that can only be read.
 *
 * @throws {StoreError} when it cannot even be read
 */
export function readOnlyContents(path: string, options: PrepareOptions & SqliteOptions): StoredPool {
  const { kind } = inspectFile(path, options.sqlite);
  if (kind === "missing" || kind === "empty") return NO_CONTENTS;
  try {
    return readContents(
      new SqliteConnection(new options.sqlite.DatabaseSync(path, { readOnly: true }), path),
      options,
    );
  } catch {
    // A write-ahead log needs a folder that can be written; without one there is nobody to write to it either.
    return readContents(new SqliteConnection(openReadOnly(path, options.sqlite), path), options);
  }
}

function readContents(connection: SqliteConnection, options: PrepareOptions): StoredPool {
  try {
    checkPages(connection);
    const version = schemaVersionOf(connection);
    if (version === 0) return { ...NO_CONTENTS, proxies: readPythonProxies(connection, options).proxies };
    return {
      proxies: [...selectParts(connection)].flat(),
      learned: version >= LEARNED_SINCE ? selectLearned(connection, options.wallClock()) : NOTHING_LEARNED,
    };
  } finally {
    connection.close();
  }
}

/** Owner only, whatever the umask; SQLite gives its side files the mode of the file itself. */
function createFile(path: string): void {
  try {
    const descriptor = fileSystem().openSync(path, "a", 0o600);
    try {
      fileSystem().fchmodSync(descriptor, 0o600);
    } finally {
      fileSystem().closeSync(descriptor);
    }
  } catch (error) {
    throw toStoreError(error, path);
  }
}

function connect(path: string, sqlite: SqliteModule): SqliteConnection {
  try {
    return new SqliteConnection(openDatabase(sqlite, path, "write"), path);
  } catch (error) {
    throw toStoreError(error, path);
  }
}

function checkPages(connection: SqliteConnection): void {
  if (fileSystem().statSync(connection.location).size > LARGEST_CHECKED_BYTES) return;
  const answer = connection.value("PRAGMA quick_check(1)");
  if (answer !== "ok") throw toStoreError(new Error(`malformed: ${answer}`), connection.location);
}

/** Proxies were left out for want of a key, and now there is one. */
function mayNowDecrypt(connection: SqliteConnection, options: PythonOptions): boolean {
  return readMeta(connection, ENCRYPTED_LEFT) > 0 && options.keys().length > 0;
}

/**
 * Copies the Python program's proxies to our tables. Proxies that the owner has since removed from ours do not
 * come back: a second time only happens for those that could not be decrypted, and only adds those.
 */
function takeOver(connection: SqliteConnection, options: PrepareOptions): void {
  if (!hasPythonTables(connection)) return;
  const encryptedBefore = readMeta(connection, ENCRYPTED_LEFT);
  const found = readPythonProxies(connection, options);
  const candidates = encryptedBefore > 0 ? found.decrypted : found.proxies;
  const known = selectKnown(connection, candidates.map(({ url }) => url));
  const proxies = candidates.filter(({ url }) => !known.has(url));
  const revision = readMeta(connection, "revision") + 1;
  insertNew(connection, proxies, revision);
  for (const proxy of proxies) addDelta(connection, deltaSince(NO_COUNTERS, proxy), revision);
  writeMeta(connection, "revision", revision);
  writeMeta(connection, ENCRYPTED_LEFT, found.encrypted);
  const from = `of the Python program in "${connection.location}"`;
  options.notify(`Took over ${proxies.length} proxies ${from}; its own tables stay as they are`);
  if (found.encrypted > 0) {
    options.notify(
      `Left out ${found.encrypted} proxies ${from}: their credentials are encrypted; ` +
        "set PROXYWHIRL_CACHE_ENCRYPTION_KEY to its key and start again",
    );
  }
  if (found.invalid > 0) {
    options.notify(`Left out ${found.invalid} proxies ${from}: their URL is not one of a proxy`);
  }
}

function readOnly(path: string): StoreError {
  return new StoreError(
    "STORE_READ_ONLY",
    `Cannot write database "${path}": check the permissions of the file and its folder, or choose another path`,
  );
}
