/**
 * Tables and their history.
 *
 * Every name starts with `pw_`: the Python program's tables `proxies`, `proxy_identities` … may live in the same
 * file, and some of its versions drop a table named `proxies` when they open one.
 */

import type { SqliteConnection } from "./sqlite_database.ts";

/** "PWhl", in the header of the file: tells our database from other programs'. */
export const APPLICATION_ID = 0x5057686c;

/** Each brings the tables from the version of its index to the next. Never edited once released. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE pw_proxies (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL UNIQUE,
    added_at INTEGER NOT NULL,
    region TEXT,
    city TEXT,
    asn INTEGER,
    tags TEXT,
    weight REAL,
    cost REAL,
    source TEXT,
    status TEXT NOT NULL DEFAULT 'unknown',
    requests_started INTEGER NOT NULL DEFAULT 0,
    total_successes INTEGER NOT NULL DEFAULT 0,
    total_failures INTEGER NOT NULL DEFAULT 0,
    latency_sum_ms REAL NOT NULL DEFAULT 0,
    latency_count INTEGER NOT NULL DEFAULT 0,
    ema_latency_ms REAL,
    consecutive_failures INTEGER NOT NULL DEFAULT 0,
    consecutive_successes INTEGER NOT NULL DEFAULT 0,
    last_check_at INTEGER,
    last_success_at INTEGER,
    last_failure_at INTEGER,
    circuit_state TEXT NOT NULL DEFAULT 'closed',
    circuit_open_until INTEGER,
    circuit_times_opened INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX pw_proxies_revision ON pw_proxies (revision);

  -- Which proxies are gone, so that other processes on the same file notice.
  CREATE TABLE pw_removed (
    id TEXT PRIMARY KEY,
    removed_at INTEGER NOT NULL,
    revision INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX pw_removed_revision ON pw_removed (revision);

  CREATE TABLE pw_meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
  INSERT INTO pw_meta (key, value) VALUES ('revision', 0);
  `,
  `
  -- How a proxy fares on a target. Proxies by their seq, since their ids would be half of each row.
  CREATE TABLE pw_pairs (
    proxy INTEGER NOT NULL,
    target TEXT NOT NULL,
    successes INTEGER NOT NULL,
    blocks INTEGER NOT NULL,
    deads INTEGER NOT NULL,
    recent_successes REAL NOT NULL,
    recent_failures REAL NOT NULL,
    peak_ms REAL,
    good_ms REAL,
    last_verdict TEXT,
    last_at INTEGER NOT NULL,
    next_free_at INTEGER,
    is_proven INTEGER NOT NULL,
    ejection_state TEXT,
    ejection_open_until INTEGER,
    ejection_times_opened INTEGER,
    PRIMARY KEY (proxy, target)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE pw_sessions (
    key TEXT PRIMARY KEY,
    proxy INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    is_exclusive INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX pw_sessions_proxy ON pw_sessions (proxy);

  -- A trigger rather than a foreign key: not every library enforces those, and a seq may be used again.
  CREATE TRIGGER pw_proxies_deleted AFTER DELETE ON pw_proxies BEGIN
    DELETE FROM pw_pairs WHERE proxy = OLD.seq;
    DELETE FROM pw_sessions WHERE proxy = OLD.seq;
  END;
  `,
  `
  -- Targets that asked everybody to wait.
  CREATE TABLE pw_cooling (target TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
];

/** The version that this program writes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;

/** The first version with all tables for what was learned. */
export const LEARNED_SINCE = 3;

/** The version of the file, 0 for one without our tables. */
export function schemaVersionOf(connection: SqliteConnection): number {
  return Number(connection.value("PRAGMA user_version"));
}

/** Brings the tables up to date. Must run in a write transaction. */
export function migrate(connection: SqliteConnection): void {
  const version = schemaVersionOf(connection);
  for (const migration of MIGRATIONS.slice(version)) connection.exec(migration);
  connection.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
}

/** A number kept beside the tables, 0 when it was never set. */
export function readMeta(connection: SqliteConnection, key: string): number {
  return Number(connection.value("SELECT value FROM pw_meta WHERE key = ?", key) ?? 0);
}

/** Keeps a number. */
export function writeMeta(connection: SqliteConnection, key: string, value: number): void {
  connection.run(
    "INSERT INTO pw_meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    key,
    value,
  );
}

/** Keeps notes apart from the numbers. */
const NOTE = "note:";

/** The texts kept beside the tables whose name begins with `prefix`. */
export function readNotes(connection: SqliteConnection, prefix: string): ReadonlyMap<string, string> {
  const start = NOTE + prefix;
  const rows = connection.rows(
    "SELECT key, value FROM pw_meta WHERE substr(key, 1, length(?)) = ?",
    start,
    start,
  );
  return new Map(
    rows.flatMap(([key, text]) =>
      typeof key === "string" && typeof text === "string" ? [[key.slice(NOTE.length), text]] : []
    ),
  );
}

/** Keeps texts. */
export function writeNotes(connection: SqliteConnection, notes: ReadonlyMap<string, string>): void {
  for (const [name, text] of notes) {
    connection.run("INSERT OR REPLACE INTO pw_meta (key, value) VALUES (?, ?)", NOTE + name, text);
  }
}
