/** What was learned of targets and sessions, as rows and back. */

import type { LearnedState, PairSnapshot, SessionSnapshot } from "../core/learned.ts";
import type { CircuitSnapshot, Verdict } from "../core/types.ts";
import { MOST_PAIRS, PAIRS_KEPT_MS } from "./learned_limits.ts";
import type { SqliteConnection, SqlRow, SqlValue } from "./sqlite_database.ts";
import { circuitStateOf, finite, time, whole } from "./sqlite_values.ts";

const PAIR_COLUMNS = `target, successes, blocks, deads, recent_successes, recent_failures, peak_ms, good_ms,
  last_verdict, last_at, next_free_at, is_proven, ejection_state, ejection_open_until, ejection_times_opened`;

/** A proxy that is gone has no row to join, and so nothing is kept of it. */
const SAVE_PAIR = `INSERT OR REPLACE INTO pw_pairs (proxy, ${PAIR_COLUMNS})
  SELECT seq, ${Array(15).fill("?").join()} FROM pw_proxies WHERE id = ?`;
const SAVE_SESSION = `INSERT OR REPLACE INTO pw_sessions (proxy, key, expires_at, is_exclusive)
  SELECT seq, ?, ?, ? FROM pw_proxies WHERE id = ?`;
const SELECT_PAIRS = `SELECT id, ${PAIR_COLUMNS} FROM pw_pairs JOIN pw_proxies ON seq = proxy
  WHERE last_at >= ?`;
const SELECT_SESSIONS = `SELECT key, id, expires_at, is_exclusive FROM pw_sessions JOIN pw_proxies
  ON seq = proxy WHERE expires_at > ? ORDER BY expires_at`;
const DELETE_OLDEST = `DELETE FROM pw_pairs WHERE (proxy, target) IN
  (SELECT proxy, target FROM pw_pairs ORDER BY last_at LIMIT ?)`;

/** Writes what was learned over what was there; what belongs to proxies that are gone is left out. */
export function saveLearned(connection: SqliteConnection, learned: LearnedState): void {
  for (const pair of learned.pairs) connection.run(SAVE_PAIR, ...pairRow(pair));
  for (const { key, proxyId, expiresAt, isExclusive } of learned.sessions) {
    connection.run(SAVE_SESSION, key, whole(expiresAt), isExclusive ? 1 : 0, proxyId);
  }
  for (const key of learned.endedSessions) connection.run("DELETE FROM pw_sessions WHERE key = ?", key);
  for (const { target, until } of learned.cooling ?? []) {
    connection.run("INSERT OR REPLACE INTO pw_cooling (target, until) VALUES (?, ?)", target, whole(until));
  }
}

/** All that is worth knowing at `now`, epoch ms: pairs in the order of use, sessions in that of their end. */
export function selectLearned(connection: SqliteConnection, now: number): LearnedState {
  const pairs = connection.rows(SELECT_PAIRS, whole(now) - PAIRS_KEPT_MS).map(toPair);
  const cooling = connection.rows("SELECT target, until FROM pw_cooling WHERE until > ?", whole(now))
    .map(([target, until]) => ({ target: target as string, until: until as number }));
  return {
    // Sorted here: SQLite would sort whole rows, and takes three times as long.
    pairs: pairs.sort((a, b) => a.lastAt - b.lastAt),
    sessions: connection.rows(SELECT_SESSIONS, whole(now)).map(toSession),
    endedSessions: [],
    ...(cooling.length > 0 && { cooling }),
  };
}

/**
 * Forgets what is too old or too much. A time in the future was written under a clock that has been set back;
 * it becomes `now`, epoch ms, or its row would outlive all others.
 */
export function pruneLearned(connection: SqliteConnection, now: number): void {
  connection.run("UPDATE pw_pairs SET last_at = ? WHERE last_at > ?", whole(now), whole(now));
  connection.run("DELETE FROM pw_pairs WHERE last_at < ?", whole(now) - PAIRS_KEPT_MS);
  connection.run("DELETE FROM pw_sessions WHERE expires_at <= ?", whole(now));
  connection.run("DELETE FROM pw_cooling WHERE until <= ?", whole(now));
  const count = Number(connection.value("SELECT count(*) FROM pw_pairs"));
  if (count > MOST_PAIRS) connection.run(DELETE_OLDEST, count - MOST_PAIRS);
}

function pairRow(pair: PairSnapshot): SqlValue[] {
  const { ejection } = pair;
  return [
    pair.target,
    whole(pair.successes),
    whole(pair.blocks),
    whole(pair.deads),
    finite(pair.recentSuccesses) ?? 0,
    finite(pair.recentFailures) ?? 0,
    finite(pair.peakMs),
    finite(pair.goodMs),
    pair.lastVerdict,
    whole(pair.lastAt),
    time(pair.nextFreeAt),
    pair.isProven ? 1 : 0,
    ejection === null ? null : ejection.state,
    ejection === null ? null : time(ejection.openUntil),
    ejection === null ? null : whole(ejection.timesOpened),
    pair.proxyId,
  ];
}

function toPair(row: SqlRow): PairSnapshot {
  return {
    proxyId: row[0] as string,
    target: row[1] as string,
    successes: countOf(row[2]),
    blocks: countOf(row[3]),
    deads: countOf(row[4]),
    recentSuccesses: countOf(row[5]),
    recentFailures: countOf(row[6]),
    peakMs: latencyOf(row[7]),
    goodMs: latencyOf(row[8]),
    lastVerdict: verdictOf(row[9]),
    lastAt: row[10] as number,
    nextFreeAt: row[11] as number | null,
    isProven: row[12] === 1,
    ejection: row[13] === null ? null : ejectionOf(row),
  };
}

function ejectionOf(row: SqlRow): CircuitSnapshot {
  return {
    state: circuitStateOf(row[13]),
    openUntil: row[14] as number | null,
    timesOpened: countOf(row[15]),
  };
}

function toSession([key, proxyId, expiresAt, isExclusive]: SqlRow): SessionSnapshot {
  return {
    key: key as string,
    proxyId: proxyId as string,
    expiresAt: expiresAt as number,
    isExclusive: isExclusive === 1,
  };
}

/** STRICT tables keep the types; a number may still be one that somebody else wrote. */
function countOf(value: SqlValue | undefined): number {
  return typeof value === "number" && value > 0 ? value : 0;
}

function latencyOf(value: SqlValue | undefined): number | null {
  return typeof value === "number" && value >= 0 ? value : null;
}

function verdictOf(value: SqlValue | undefined): Verdict | null {
  switch (value) {
    case "ok":
    case "blocked":
    case "dead":
      return value;
    default:
      return null;
  }
}
