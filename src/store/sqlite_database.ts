/**
 * The thin layer over a SQLite library: the shape of a database object, how to open one, and a connection with
 * prepared statements and transactions. Nothing here knows what is stored.
 *
 * `node:sqlite` is built into Deno, Node and Bun. The shape is structural, so that a database object of
 * another library (`better-sqlite3`, `@db/sqlite`) can be handed in.
 */

import { StoreError, toStoreError } from "./store_error.ts";

/** What SQLite stores here. */
export type SqlValue = string | number | null;

/** A row as an array, in the order of the columns asked for. */
export type SqlRow = readonly SqlValue[];

/** A prepared statement, as every SQLite library has it. */
export interface SqliteStatement {
  /** Runs a statement that returns no rows. */
  run(...parameters: SqlValue[]): unknown;
  /** All rows, as objects or as arrays. */
  all(...parameters: SqlValue[]): unknown[];
  /** `node:sqlite`: rows as arrays, which is three times as fast. */
  setReturnArrays?(enabled: boolean): unknown;
  /** `better-sqlite3`: the same. */
  raw?(enabled: boolean): unknown;
}

/** An opened database, as every SQLite library has it. */
export interface SqliteDatabase {
  /** Runs one or more statements. */
  exec(sql: string): unknown;
  /** Prepares a statement. */
  prepare(sql: string): SqliteStatement;
  /** Closes it. */
  close(): unknown;
}

/** The part of the module `node:sqlite` that is used. */
export interface SqliteModule {
  /** Opens a file. */
  readonly DatabaseSync: new (
    path: string | URL,
    options?: { readonly readOnly?: boolean },
  ) => SqliteDatabase;
}

/**
 * Loads SQLite. Only when a file is really used, so that the library can be imported where there is none.
 *
 * @param importer For tests
 * @throws {StoreError} `STORE_UNAVAILABLE` when the runtime has no `node:sqlite`
 */
export async function loadSqlite(
  importer: () => Promise<SqliteModule> = () => import("node:sqlite"),
): Promise<SqliteModule> {
  try {
    return await importer();
  } catch (cause) {
    throw new StoreError(
      "STORE_UNAVAILABLE",
      "Cannot use SQLite: this runtime has no node:sqlite; use Deno 2.2, Node 22.13 or Bun 1.4 or later",
      { cause },
    );
  }
}

/**
 * How long SQLite itself may wait for a lock, and block the event loop, ms: enough for another process to finish
 * what it is writing.
 */
const BUSY_TIMEOUT_MS = 25;

/** Opens a file; the mode `read` writes neither to it nor, where that is possible, beside it. */
export function openDatabase(
  sqlite: SqliteModule,
  path: string | URL,
  mode: "read" | "write",
): SqliteDatabase {
  const database = new sqlite.DatabaseSync(path, { readOnly: mode === "read" });
  setBusyTimeout(database);
  return database;
}

/** Not as an option of opening: for a read-only database Deno ignores that and waits 5 s. */
export function setBusyTimeout(database: SqliteDatabase): void {
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
}

/** A database with kept statements. Throws {@linkcode StoreError} only. */
export class SqliteConnection {
  /** For messages. */
  readonly location: string;
  #database: SqliteDatabase;
  #statements = new Map<string, SqliteStatement>();

  /**
   * @param database An opened database
   * @param location For messages
   */
  constructor(database: SqliteDatabase, location: string) {
    this.#database = database;
    this.location = location;
  }

  /** Runs statements without results. */
  exec(sql: string): void {
    this.#guard(() => this.#database.exec(sql));
  }

  /** Runs one statement without result; it stays prepared. */
  run(sql: string, ...parameters: SqlValue[]): void {
    this.#guard(() => this.#prepare(sql).run(...parameters));
  }

  /** Rows of one statement; it stays prepared. */
  rows(sql: string, ...parameters: SqlValue[]): SqlRow[] {
    return this.#guard(() => this.#prepare(sql).all(...parameters).map(toRow));
  }

  /** First column of the first row, if there is one. */
  value(sql: string, ...parameters: SqlValue[]): SqlValue | undefined {
    return this.rows(sql, ...parameters)[0]?.[0];
  }

  /**
   * Does `work` in one transaction. `write` takes the lock at the start: a transaction that begins as a reader
   * and then writes can fail in the middle without waiting.
   */
  transaction<T>(kind: "read" | "write", work: () => T): T {
    this.exec(kind === "write" ? "BEGIN IMMEDIATE" : "BEGIN");
    try {
      const result = work();
      this.exec("COMMIT");
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /** Closes the database; never throws, since nobody could do anything about it. */
  close(): void {
    this.#statements.clear();
    try {
      this.#database.close();
    } catch {
      // An unfinished statement of the owner of a handed-in database.
    }
  }

  #prepare(sql: string): SqliteStatement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      // better-sqlite3 refuses raw() on a statement without columns.
      if (statement.setReturnArrays) statement.setReturnArrays(true);
      else if (statement.raw && /^\s*(?:SELECT|PRAGMA)/.test(sql)) statement.raw(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #rollBack(): void {
    try {
      this.#database.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself, as after a full disk.
    }
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toStoreError(error, this.location);
    }
  }
}

function toRow(row: unknown): SqlRow {
  return (Array.isArray(row) ? row : Object.values(row ?? {})) as SqlRow;
}
