/**
 * What lies at a path, found out without changing a byte of it: nothing yet, a database of ours, one of the
 * Python program, or something that must not be touched.
 *
 * The header is read with plain file reads. SQLite is asked only for a database without our mark, and then
 * read-only: opening the write-ahead log of somebody else's database would already change its files.
 */

import { fileSystem } from "../runtime/mod.ts";
import { Buffer } from "node:buffer";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { hasPythonTables } from "./python_layout.ts";
import { openDatabase, SqliteConnection, type SqliteDatabase, type SqliteModule } from "./sqlite_database.ts";
import { APPLICATION_ID, SCHEMA_VERSION } from "./sqlite_schema.ts";
import { StoreError, toStoreError } from "./store_error.ts";

/** What lies at a path. */
export interface FileState {
  /** `empty` also stands for a database without a single table, `python` for one that bears our mark besides. */
  readonly kind: "missing" | "empty" | "ours" | "python";
  /** Whether the file, and its folder, may be written. */
  readonly isWritable: boolean;
}

const MAGIC = "SQLite format 3\0";

/**
 * Says what lies at `path`.
 *
 * @throws {StoreError} for what must not be used: a folder, another program's file, a newer version …
 */
export function inspectFile(path: string, sqlite: SqliteModule): FileState {
  const size = sizeOf(path);
  if (size === undefined) return { kind: "missing", isWritable: mayWrite(dirname(path)) };
  const isWritable = mayWrite(path) && mayWrite(dirname(path));
  if (size === 0) return { kind: "empty", isWritable };
  const header = headerOf(path);
  if (header.length < 100 || header.toString("latin1", 0, 16) !== MAGIC) throw corrupt(path);
  const applicationId = applicationIdOf(header);
  if (applicationId !== 0 && applicationId !== APPLICATION_ID) throw foreign(path);
  if (applicationId === APPLICATION_ID) {
    refuseNewer(path, header.readUInt32BE(60));
    return { kind: "ours", isWritable };
  }
  return { kind: lookInside(path, sqlite, header[18] === 2), isWritable };
}

/** Throws when the version is one that this program does not know. */
export function refuseNewer(path: string, version: number): void {
  if (version <= SCHEMA_VERSION) return;
  throw new StoreError(
    "STORE_NEWER",
    `Cannot use database "${path}": it has version ${version} and this program knows ${SCHEMA_VERSION}; ` +
      "it was left as it is: update ProxyWhirl, or choose another path",
  );
}

/** Opens for reading only, without side files where that is possible. */
export function openReadOnly(path: string, sqlite: SqliteModule): SqliteDatabase {
  const url = pathToFileURL(path);
  url.search = "?mode=ro&immutable=1";
  try {
    return openDatabase(sqlite, url, "read");
  } catch {
    // Deno under a permission sandbox takes the query of the URL for a part of the file name.
    return openDatabase(sqlite, path, "read");
  }
}

/**
 * Whose tables these are.
 *
 * @throws {StoreError} `STORE_FOREIGN` when they are neither ours nor the Python program's
 */
export function classifyTables(connection: SqliteConnection): FileState["kind"] {
  // One snapshot: another process may be making our tables, and sets the mark with them.
  return connection.transaction("read", () => classify(connection));
}

function classify(connection: SqliteConnection): FileState["kind"] {
  const applicationId = Number(connection.value("PRAGMA application_id"));
  const isPython = hasPythonTables(connection);
  if (applicationId === APPLICATION_ID) return isPython ? "python" : "ours";
  if (applicationId !== 0) throw foreign(connection.location);
  if (isPython) return "python";
  if (connection.value("SELECT 1 FROM sqlite_schema LIMIT 1") === undefined) return "empty";
  throw foreign(connection.location);
}

/** Looks into a file that does not bear our mark in its header. */
function lookInside(path: string, sqlite: SqliteModule, isWal: boolean): FileState["kind"] {
  let connection: SqliteConnection | undefined;
  try {
    // A log that is not yet part of the file may hold all the tables; immutable would not see it.
    const hasLog = isWal && (sizeOf(`${path}-wal`) ?? 0) > 0;
    const database = isWal && !hasLog ? openReadOnly(path, sqlite) : openDatabase(sqlite, path, "read");
    connection = new SqliteConnection(database, path);
    return classifyTables(connection);
  } catch (error) {
    // Read without locks, the file may have changed under our eyes: another process has just made it ours.
    if (applicationIdOf(headerOf(path)) === APPLICATION_ID) return "ours";
    throw toStoreError(error, path);
  } finally {
    connection?.close();
  }
}

function sizeOf(path: string): number | undefined {
  try {
    const stats = fileSystem().statSync(path);
    if (stats.isDirectory()) throw unreadable(path, "it is a folder; give the path of a file");
    // Opening a pipe would wait for ever.
    if (!stats.isFile()) throw unreadable(path, "it is not a regular file; give the path of a file");
    return stats.size;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      refuseMissingFolder(path);
      return undefined;
    }
    throw toStoreError(error, path);
  }
}

function refuseMissingFolder(path: string): void {
  const folder = dirname(path);
  try {
    if (fileSystem().statSync(folder).isDirectory()) return;
  } catch (error) {
    throw unreadable(path, `its folder "${folder}" does not exist or cannot be read; create it`, error);
  }
  throw unreadable(path, `"${folder}" is not a folder; choose another path`);
}

function headerOf(path: string): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = fileSystem().openSync(path, "r");
    const header = Buffer.alloc(100);
    return header.subarray(0, fileSystem().readSync(descriptor, header, 0, 100, 0));
  } catch (error) {
    throw toStoreError(error, path);
  } finally {
    if (descriptor !== undefined) fileSystem().closeSync(descriptor);
  }
}

function applicationIdOf(header: Buffer): number {
  return header.length < 72 ? 0 : header.readUInt32BE(68);
}

function mayWrite(path: string): boolean {
  try {
    fileSystem().accessSync(path, fileSystem().constants.W_OK);
    return true;
  } catch (error) {
    // Deno answers this only with --allow-sys=uid; without it, opening the file tells.
    return error instanceof Error && error.name === "NotCapable" && error.message.includes("sys access");
  }
}

function corrupt(path: string): StoreError {
  return toStoreError(new Error("file is not a database"), path);
}

function foreign(path: string): StoreError {
  return new StoreError(
    "STORE_FOREIGN",
    `Cannot use database "${path}": it belongs to another program; it was left as it is: choose another path`,
  );
}

function unreadable(path: string, reason: string, cause?: unknown): StoreError {
  return new StoreError("STORE_UNREADABLE", `Cannot use database "${path}": ${reason}`, { cause });
}
