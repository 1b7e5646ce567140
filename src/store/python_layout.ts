/**
 * Reading what the Python program wrote. It has two layouts and marks neither:
 *
 * - `proxies`: one flat table with ids and credentials in clear text (0.1.0 and 0.1.1);
 * - `proxy_identities` with `proxy_statuses`: no ids, credentials in the URL or encrypted (0.1.2 and later).
 *
 * Only reads; the tables stay as they are.
 */

import { Buffer } from "node:buffer";
import { parseProxyUrl } from "../core/proxy_url.ts";
import type { HealthStatus, ProxySnapshot } from "../core/types.ts";
import { decryptFernet } from "./fernet.ts";
import { newSnapshot, wishedId } from "./snapshot.ts";
import type { SqliteConnection, SqlValue } from "./sqlite_database.ts";

/** What was found in the tables. */
export interface PythonProxies {
  /** In the order of the tables, each URL once. */
  readonly proxies: readonly ProxySnapshot[];
  /** Those among them whose credentials were encrypted. */
  readonly decrypted: readonly ProxySnapshot[];
  /** How many could not be read since the key to their credentials is missing or wrong. */
  readonly encrypted: number;
  /** How many have a URL that is none. */
  readonly invalid: number;
}

/** What {@linkcode readPythonProxies} needs from outside. */
export interface PythonOptions {
  /** Keys that the Python program may have used, the newest first. */
  readonly keys: () => readonly string[];
  /** Epoch ms, for rows without a time. */
  readonly wallClock: () => number;
}

interface Column {
  readonly name: string;
  readonly table: "i" | "s";
}

type Cells = ReadonlyMap<string, SqlValue>;

const FLAT = "proxies";
const IDENTITIES = "proxy_identities";
const STATUSES = "proxy_statuses";
const ENCRYPTED = "encrypted:";

/** Whether the Python program wrote this database. */
export function hasPythonTables(connection: SqliteConnection): boolean {
  return hasColumn(connection, FLAT, "health_status") || hasColumn(connection, IDENTITIES, "url");
}

/** Reads the proxies of both layouts; of a URL in both, the flat table, since it has the id. */
export function readPythonProxies(connection: SqliteConnection, options: PythonOptions): PythonProxies {
  const byUrl = new Map<string, ProxySnapshot>();
  const ids = new Set<string>();
  const decrypted: ProxySnapshot[] = [];
  const count = { encrypted: 0, invalid: 0 };
  for (const cells of [...flatRows(connection), ...normalizedRows(connection)]) {
    const read = readUrl(cells, options.keys);
    if ("problem" in read) {
      count[read.problem]++;
      continue;
    }
    const { url } = read;
    if (byUrl.has(url)) continue;
    const proxy = toSnapshot(url, cells, options.wallClock);
    const unique = ids.has(proxy.id) ? { ...proxy, id: crypto.randomUUID() } : proxy;
    ids.add(unique.id);
    byUrl.set(url, unique);
    if (read.wasEncrypted) decrypted.push(unique);
  }
  return { proxies: [...byUrl.values()], decrypted, ...count };
}

function flatRows(connection: SqliteConnection): Cells[] {
  if (!hasColumn(connection, FLAT, "health_status")) return [];
  return select(connection, columnsOf(connection, FLAT, "i"), `${FLAT} AS i ORDER BY i.rowid`);
}

function normalizedRows(connection: SqliteConnection): Cells[] {
  if (!hasColumn(connection, IDENTITIES, "url")) return [];
  const identity = columnsOf(connection, IDENTITIES, "i");
  if (!hasColumn(connection, STATUSES, "proxy_url")) {
    return select(connection, identity, `${IDENTITIES} AS i ORDER BY i.rowid`);
  }
  const columns = [...identity, ...columnsOf(connection, STATUSES, "s")];
  const from = `${IDENTITIES} AS i LEFT JOIN ${STATUSES} AS s ON s.proxy_url = i.url ORDER BY i.rowid`;
  return select(connection, columns, from);
}

function select(connection: SqliteConnection, columns: readonly Column[], from: string): Cells[] {
  const list = columns.map(({ name, table }) => `${table}."${name}"`).join(", ");
  return connection.rows(`SELECT ${list} FROM ${from}`)
    .map((row) => new Map(columns.map(({ name }, index) => [name, row[index] ?? null])));
}

/** By name, since versions of the program differ by a few columns. */
function columnsOf(connection: SqliteConnection, table: string, alias: Column["table"]): Column[] {
  return connection.rows("SELECT name FROM pragma_table_info(?)", table)
    .map(([name]) => ({ name: `${name}`, table: alias }))
    .filter(({ name }) => /^\w+$/.test(name));
}

function hasColumn(connection: SqliteConnection, table: string, column: string): boolean {
  return connection.value("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", table, column) !== undefined;
}

type ReadUrl =
  | { readonly url: string; readonly wasEncrypted: boolean }
  | { readonly problem: "encrypted" | "invalid" };

/** The canonical URL with the credentials of the columns, if the URL itself has none. */
function readUrl(cells: Cells, keys: PythonOptions["keys"]): ReadUrl {
  try {
    const parsed = parseProxyUrl(text(cells, "url") ?? "");
    const username = text(cells, "username");
    if (parsed.username !== null || username === null) {
      return { url: parsed.href, wasEncrypted: false };
    }
    const user = reveal(username, keys);
    const password = reveal(text(cells, "password") ?? "", keys);
    if (user === undefined || password === undefined) return { problem: "encrypted" };
    const userinfo = [user, password].map(encodeURIComponent).join(":");
    const { href } = parseProxyUrl(parsed.href.replace("://", () => `://${userinfo}@`));
    return { url: href, wasEncrypted: username.startsWith(ENCRYPTED) };
  } catch {
    return { problem: "invalid" };
  }
}

function reveal(value: string, keys: PythonOptions["keys"]): string | undefined {
  if (!value.startsWith(ENCRYPTED)) return value;
  const token = Buffer.from(value.slice(ENCRYPTED.length), "base64").toString("latin1");
  for (const key of keys()) {
    const plain = decryptFernet(token, key);
    if (plain !== undefined) return plain;
  }
  return undefined;
}

function toSnapshot(url: string, cells: Cells, wallClock: () => number): ProxySnapshot {
  const addedAt = time(cells, "created_at") ?? time(cells, "discovered_at") ?? wallClock();
  const successes = count(cells, "total_successes");
  const failures = cells.has("total_failures")
    ? count(cells, "total_failures")
    : Math.max(0, count(cells, "total_checks") - successes);
  const average = number(cells, "average_response_time_ms") ?? number(cells, "avg_response_time_ms");
  const latencyCount = average === null ? 0 : Math.max(1, successes);
  const lastSuccessAt = time(cells, "last_success_at");
  const lastFailureAt = time(cells, "last_failure_at");
  const country = text(cells, "country_code")?.trim();
  const id = wishedId({ url, id: text(cells, "id") ?? "" }) ?? crypto.randomUUID();
  const fresh = newSnapshot(id, {
    url,
    region: country ? country : null,
    city: text(cells, "city"),
    asn: number(cells, "asn"),
    tags: tagsOf(text(cells, "tags_json")),
    source: text(cells, "source_name") ?? text(cells, "source_url") ?? text(cells, "source"),
  }, addedAt);
  return {
    ...fresh,
    status: statusOf(text(cells, "health_status")),
    requestsStarted: Math.max(
      count(cells, "requests_started"),
      count(cells, "total_requests"),
      successes + failures,
    ),
    totalSuccesses: successes,
    totalFailures: failures,
    latencySumMs: (average ?? 0) * latencyCount,
    latencyCount,
    emaLatencyMs: number(cells, "ema_response_time_ms") ?? average,
    consecutiveFailures: count(cells, "consecutive_failures"),
    consecutiveSuccesses: count(cells, "consecutive_successes"),
    lastCheckAt: time(cells, "last_check_at") ?? time(cells, "last_health_check") ??
      later(lastSuccessAt, lastFailureAt),
    lastSuccessAt,
    lastFailureAt,
  };
}

const STATUS: ReadonlySet<string> = new Set<HealthStatus>([
  "unknown",
  "healthy",
  "degraded",
  "unhealthy",
  "dead",
]);

function isStatus(value: string): value is HealthStatus {
  return STATUS.has(value);
}

function statusOf(value: string | null): HealthStatus {
  const status = value?.toLowerCase() ?? "";
  return isStatus(status) ? status : "unknown";
}

function tagsOf(json: string | null): string[] {
  try {
    const tags: unknown = JSON.parse(json ?? "[]");
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
  } catch {
    return [];
  }
}

function text(cells: Cells, column: string): string | null {
  const value = cells.get(column) ?? null;
  return value === null || value === "" ? null : String(value);
}

function number(cells: Cells, column: string): number | null {
  const value = cells.get(column);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function count(cells: Cells, column: string): number {
  return Math.max(0, Math.trunc(number(cells, column) ?? 0));
}

/** `2026-11-22 11:27:57.362593`, UTC without saying so. */
function time(cells: Cells, column: string): number | null {
  const value = text(cells, column);
  if (value === null) return null;
  const digits = value.replace(" ", "T").replace(/(\.\d{3})\d+/, "$1");
  const parsed = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(digits) ? digits : `${digits}Z`);
  return Number.isNaN(parsed) ? null : parsed;
}

function later(left: number | null, right: number | null): number | null {
  return left === null || right === null ? left ?? right : Math.max(left, right);
}
