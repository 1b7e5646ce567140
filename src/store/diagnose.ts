/** What can be told of a database without changing it: for a person who wonders what is wrong. */

import { fileSystem } from "../runtime/mod.ts";
import { type PythonOptions, readPythonProxies } from "./python_layout.ts";
import { loadSqlite, openDatabase, SqliteConnection, type SqliteModule } from "./sqlite_database.ts";
import { type FileState, inspectFile, openReadOnly, refuseNewer } from "./sqlite_file.ts";
import { SCHEMA_VERSION, schemaVersionOf } from "./sqlite_schema.ts";
import { type StoreError, toStoreError } from "./store_error.ts";

/** What was found at a path. */
export interface Diagnosis {
  /** What lies there; absent when it cannot be used. */
  readonly kind?: FileState["kind"];
  /** Why it cannot be used. */
  readonly error?: StoreError;
  /** Whether file and folder can be written. */
  readonly isWritable: boolean;
  /** Permission bits of the file. */
  readonly mode?: number;
  /** Size in bytes. */
  readonly bytes?: number;
  /** Version of its tables. */
  readonly version?: number;
  /** Version that this program writes. */
  readonly currentVersion: number;
  /** Proxies in it. */
  readonly proxies?: number;
  /** Proxies of the Python program whose credentials cannot be read, since there is no key. */
  readonly encrypted?: number;
  /** What SQLite says is damaged. */
  readonly damage?: string;
  /** Whether another program is writing, or keeps others from writing. */
  readonly isLocked?: boolean;
}

/** Looks at the file; never throws for what is wrong with it. */
export async function diagnose(path: string, python: PythonOptions): Promise<Diagnosis> {
  const currentVersion = SCHEMA_VERSION;
  let known: Diagnosis = { isWritable: false, currentVersion };
  try {
    const sqlite = await loadSqlite();
    const { isWritable, kind } = inspectFile(path, sqlite);
    known = { ...known, kind, isWritable };
    if (kind === "missing") return known;
    const { mode, size } = fileSystem().statSync(path);
    known = { ...known, mode: mode & 0o777, bytes: size };
    if (kind === "empty") return known;
    known = { ...known, ...contents(path, sqlite, python) };
    return kind === "ours" && isWritable ? { ...known, isLocked: isLocked(path, sqlite) } : known;
  } catch (error) {
    return { ...known, error: toStoreError(error, path) };
  }
}

function contents(path: string, sqlite: SqliteModule, python: PythonOptions): Partial<Diagnosis> {
  const connection = new SqliteConnection(reader(path, sqlite), path);
  try {
    // All of it, not only the first: a person wants to know how bad it is. Some 3 ms a megabyte.
    const damage = connection.rows("PRAGMA integrity_check(5)").map(([line]) => String(line));
    if (damage[0] !== "ok") return { damage: damage.join("; ") };
    const version = schemaVersionOf(connection);
    refuseNewer(path, version); // the log may hold a version that the header of the file does not
    if (version > 0) return { version, proxies: Number(connection.value("SELECT count(*) FROM pw_proxies")) };
    const { encrypted, proxies } = readPythonProxies(connection, python);
    return { version, proxies: proxies.length, encrypted };
  } finally {
    connection.close();
  }
}

/** A log beside the file belongs to it; without one, reading must not make one. */
function reader(path: string, sqlite: SqliteModule): ReturnType<typeof openDatabase> {
  const hasLog = fileSystem().existsSync(`${path}-wal`);
  return hasLog ? openDatabase(sqlite, path, "read") : openReadOnly(path, sqlite);
}

/** Asks for the right to write, and gives it back. */
function isLocked(path: string, sqlite: SqliteModule): boolean {
  const connection = new SqliteConnection(openDatabase(sqlite, path, "write"), path);
  try {
    connection.exec("BEGIN IMMEDIATE; ROLLBACK");
    return false;
  } catch (error) {
    if (toStoreError(error, path).code === "STORE_BUSY") return true;
    throw error;
  } finally {
    connection.close();
  }
}
