/** Proxies as rows and back. Statements are few and fixed, so that they stay prepared. */

import type { HealthStatus, ProxySnapshot } from "../core/types.ts";
import type { KnownMetadata } from "./snapshot.ts";
import type { SqliteConnection, SqlRow, SqlValue } from "./sqlite_database.ts";
import { circuitStateOf, finite, time, whole } from "./sqlite_values.ts";
import type { ProxyDelta } from "./store.ts";

const COLUMNS = `id, url, added_at, region, city, asn, tags, weight, cost, source, status, requests_started,
  total_successes, total_failures, latency_sum_ms, latency_count, ema_latency_ms, consecutive_failures,
  consecutive_successes, last_check_at, last_success_at, last_failure_at, circuit_state, circuit_open_until,
  circuit_times_opened`;

/** Rows of one statement: long enough to spare calls, short enough to stay below every limit on parameters. */
const ROWS_AT_ONCE = 200;
/** Rows read before the memory of their arrays is given back. */
const PAGE = 1_000;

const SELECT_PAGE = `SELECT ${COLUMNS}, seq FROM pw_proxies WHERE seq > ? ORDER BY seq LIMIT ${PAGE}`;
const SELECT_CHANGED = `SELECT ${COLUMNS} FROM pw_proxies WHERE revision > ? ORDER BY seq`;
const SELECT_ONE = `SELECT ${COLUMNS} FROM pw_proxies WHERE id = ?`;
const SELECT_KNOWN = `SELECT id, url, region, city, asn, tags, weight, cost, source FROM pw_proxies
  WHERE url IN (${placeholders(ROWS_AT_ONCE)})`;

const INSERT =
  `INSERT INTO pw_proxies (id, url, added_at, region, city, asn, tags, weight, cost, source, revision)
  VALUES `;
const INSERT_ONE = `${INSERT} (${placeholders(11)})`;
const INSERT_MANY = `${INSERT} ${Array(ROWS_AT_ONCE).fill(`(${placeholders(11)})`).join()}`;

const UPDATE_METADATA = `UPDATE pw_proxies
  SET region = ?, city = ?, asn = ?, tags = ?, weight = ?, cost = ?, source = ?, revision = ? WHERE id = ?`;

const ADD_DELTA = `UPDATE pw_proxies SET
  requests_started = requests_started + ?, total_successes = total_successes + ?,
  total_failures = total_failures + ?, latency_sum_ms = latency_sum_ms + ?, latency_count = latency_count + ?,
  status = ?, ema_latency_ms = ?, consecutive_failures = ?, consecutive_successes = ?, last_check_at = ?,
  last_success_at = ?, last_failure_at = ?, circuit_state = ?, circuit_open_until = ?, circuit_times_opened = ?,
  revision = ? WHERE id = ?`;

/** A proxy whose URL is known, as far as an upsert must know it. */
export interface KnownProxy extends KnownMetadata {
  /** Its id. */
  readonly id: string;
  /** Its URL. */
  readonly url: string;
}

/** All proxies in the order of adding, in parts. */
export function* selectParts(connection: SqliteConnection): Generator<ProxySnapshot[]> {
  let last = 0;
  for (;;) {
    const rows = connection.rows(SELECT_PAGE, last);
    yield rows.map(toSnapshot);
    if (rows.length < PAGE) return;
    last = Number(rows.at(-1)?.at(-1));
  }
}

/** Proxies that were written after `revision`. */
export function selectChangedSince(connection: SqliteConnection, revision: number): ProxySnapshot[] {
  return connection.rows(SELECT_CHANGED, revision).map(toSnapshot);
}

/** One proxy, if it is there. */
export function selectById(connection: SqliteConnection, id: string): ProxySnapshot | undefined {
  const [row] = connection.rows(SELECT_ONE, id);
  return row && toSnapshot(row);
}

/** Which of the URLs are there. */
export function selectKnown(connection: SqliteConnection, urls: readonly string[]): Map<string, KnownProxy> {
  const known = new Map<string, KnownProxy>();
  if (!hasProxies(connection)) return known;
  for (const slice of slicesOf(urls)) {
    for (
      const [id, url, region, city, asn, tags, weight, cost, source] of connection.rows(
        SELECT_KNOWN,
        ...slice,
      )
    ) {
      known.set(`${url}`, {
        id: `${id}`,
        url: `${url}`,
        region: textOf(region),
        city: textOf(city),
        asn: numberOf(asn),
        tags: tagsOf(tags),
        weight: numberOf(weight),
        cost: numberOf(cost),
        source: textOf(source),
      });
    }
  }
  return known;
}

/** Ids that were written or removed after `revision`. */
export function selectChangedIds(connection: SqliteConnection, revision: number): string[] {
  const changed = connection.rows("SELECT id FROM pw_proxies WHERE revision > ?", revision);
  return [...changed.map(([id]) => `${id}`), ...selectRemovedSince(connection, revision)];
}

/** Ids that were removed after `revision`. */
export function selectRemovedSince(connection: SqliteConnection, revision: number): string[] {
  return connection.rows("SELECT id FROM pw_removed WHERE revision > ?", revision).map(([id]) => `${id}`);
}

/** Which of the ids belong to a proxy. */
export function selectTakenIds(connection: SqliteConnection, ids: readonly string[]): Set<string> {
  const taken = new Set<string>();
  if (ids.length === 0 || !hasProxies(connection)) return taken;
  const sql = `SELECT id FROM pw_proxies WHERE id IN (${placeholders(ROWS_AT_ONCE)})`;
  for (const slice of slicesOf(ids)) for (const [id] of connection.rows(sql, ...slice)) taken.add(`${id}`);
  return taken;
}

/** Takes back that ids are gone, since they are used again. */
export function forgetRemovals(connection: SqliteConnection, ids: readonly string[]): void {
  if (ids.length === 0 || connection.value("SELECT 1 FROM pw_removed LIMIT 1") === undefined) return;
  const sql = `DELETE FROM pw_removed WHERE id IN (${placeholders(ROWS_AT_ONCE)})`;
  for (const slice of slicesOf(ids)) connection.run(sql, ...slice);
}

/** Forgets removals that every process has noticed long since. */
export function pruneRemovals(connection: SqliteConnection, before: number): void {
  connection.run("DELETE FROM pw_removed WHERE removed_at < ?", whole(before));
}

/** Forgets a proxy and remembers that it is gone; false when it was not there. */
export function deleteProxy(
  connection: SqliteConnection,
  id: string,
  now: number,
  revision: number,
): boolean {
  if (connection.value("SELECT 1 FROM pw_proxies WHERE id = ?", id) === undefined) return false;
  connection.run("DELETE FROM pw_proxies WHERE id = ?", id);
  connection.run(
    "INSERT OR REPLACE INTO pw_removed (id, removed_at, revision) VALUES (?, ?, ?)",
    id,
    whole(now),
    revision,
  );
  return true;
}

/** Adds proxies that are not there; their counters and state are not written. */
export function insertNew(
  connection: SqliteConnection,
  proxies: readonly ProxySnapshot[],
  revision: number,
): void {
  const whole = proxies.length - proxies.length % ROWS_AT_ONCE;
  for (let start = 0; start < whole; start += ROWS_AT_ONCE) {
    const parameters: SqlValue[] = [];
    for (const proxy of proxies.slice(start, start + ROWS_AT_ONCE)) pushRow(parameters, proxy, revision);
    connection.run(INSERT_MANY, ...parameters);
  }
  for (const proxy of proxies.slice(whole)) {
    const parameters: SqlValue[] = [];
    pushRow(parameters, proxy, revision);
    connection.run(INSERT_ONE, ...parameters);
  }
}

/** Replaces the metadata of a proxy. */
export function updateMetadata(connection: SqliteConnection, proxy: KnownProxy, revision: number): void {
  connection.run(UPDATE_METADATA, ...metadataOf(proxy), revision, proxy.id);
}

/** Adds up the counters of a proxy and replaces its state; does nothing when it is gone. */
export function addDelta(connection: SqliteConnection, delta: ProxyDelta, revision: number): void {
  const { state } = delta;
  connection.run(
    ADD_DELTA,
    whole(delta.requestsStarted),
    whole(delta.totalSuccesses),
    whole(delta.totalFailures),
    finite(delta.latencySumMs) ?? 0,
    whole(delta.latencyCount),
    state.status,
    finite(state.emaLatencyMs),
    whole(state.consecutiveFailures),
    whole(state.consecutiveSuccesses),
    time(state.lastCheckAt),
    time(state.lastSuccessAt),
    time(state.lastFailureAt),
    state.circuit.state,
    time(state.circuit.openUntil),
    whole(state.circuit.timesOpened),
    revision,
    delta.id,
  );
}

function hasProxies(connection: SqliteConnection): boolean {
  return connection.value("SELECT 1 FROM pw_proxies LIMIT 1") !== undefined;
}

/** Parts of one length, so that one prepared statement does for all; the last is filled up with NULL. */
function* slicesOf(values: readonly string[]): Generator<SqlValue[]> {
  for (let start = 0; start < values.length; start += ROWS_AT_ONCE) {
    const slice: SqlValue[] = values.slice(start, start + ROWS_AT_ONCE);
    while (slice.length < ROWS_AT_ONCE) slice.push(null);
    yield slice;
  }
}

function pushRow(parameters: SqlValue[], proxy: ProxySnapshot, revision: number): void {
  parameters.push(proxy.id, proxy.url, whole(proxy.addedAt), ...metadataOf(proxy), revision);
}

function metadataOf(proxy: KnownMetadata): SqlValue[] {
  const { region, city, asn, tags, weight, cost, source } = proxy;
  const json = tags.length === 0 ? null : JSON.stringify(tags);
  return [region, city, asn === null ? null : whole(asn), json, finite(weight), finite(cost), source];
}

function toSnapshot(row: SqlRow): ProxySnapshot {
  return {
    id: row[0] as string,
    url: row[1] as string,
    addedAt: row[2] as number,
    region: row[3] as string | null,
    city: row[4] as string | null,
    asn: row[5] as number | null,
    tags: row[6] === null ? NO_TAGS : tagsOf(row[6]),
    weight: row[7] as number | null,
    cost: row[8] as number | null,
    source: row[9] as string | null,
    status: statusOf(row[10]),
    requestsStarted: row[11] as number,
    totalSuccesses: row[12] as number,
    totalFailures: row[13] as number,
    latencySumMs: row[14] as number,
    latencyCount: row[15] as number,
    emaLatencyMs: row[16] as number | null,
    consecutiveFailures: row[17] as number,
    consecutiveSuccesses: row[18] as number,
    lastCheckAt: row[19] as number | null,
    lastSuccessAt: row[20] as number | null,
    lastFailureAt: row[21] as number | null,
    circuit: row[22] === "closed" && row[23] === null && row[24] === 0 ? CLOSED : {
      state: circuitStateOf(row[22]),
      openUntil: row[23] as number | null,
      timesOpened: row[24] as number,
    },
  };
}

/** Shared by all proxies without any: 100 000 empty arrays are 1.6 MB. */
const NO_TAGS: readonly string[] = Object.freeze([]);
const CLOSED: ProxySnapshot["circuit"] = Object.freeze({ state: "closed", openUntil: null, timesOpened: 0 });

/** STRICT tables keep the types; words may still have been written by somebody else. */
function statusOf(value: SqlValue | undefined): HealthStatus {
  switch (value) {
    case "healthy":
    case "degraded":
    case "unhealthy":
    case "dead":
      return value;
    default:
      return "unknown";
  }
}

function tagsOf(value: SqlValue | undefined): readonly string[] {
  if (typeof value !== "string") return NO_TAGS;
  try {
    const tags: unknown = JSON.parse(value);
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : NO_TAGS;
  } catch {
    return NO_TAGS;
  }
}

function textOf(value: SqlValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function numberOf(value: SqlValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function placeholders(count: number): string {
  return Array(count).fill("?").join();
}
