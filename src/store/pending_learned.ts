/** What was learned of targets and sessions and is not written yet: the latest of each key. */

import type { CoolingSnapshot, LearnedState, PairSnapshot, SessionSnapshot } from "../core/learned.ts";
import { MOST_PAIRS } from "./learned_limits.ts";

/** What to do with what was learned of a proxy: a proxy may not be written yet, or be gone. */
export type Fate = "write" | "keep" | "drop";

/**
 * Waits for the store. What comes later replaces what waits. While the store fails for long, the oldest beyond
 * 250 000 of each kind are forgotten. Cost of each call: O(what it is given).
 */
export class PendingLearned {
  /** By proxy and target. */
  readonly #pairs: Map<string, PairSnapshot> = new Map();
  /** By key; `null` for a session that ended. */
  readonly #sessions: Map<string, SessionSnapshot | null> = new Map();
  /** By target. */
  readonly #cooling: Map<string, CoolingSnapshot> = new Map();

  /** Pairs, sessions and targets that wait. */
  get size(): number {
    return this.#pairs.size + this.#sessions.size + this.#cooling.size;
  }

  /** Lets this wait too. */
  add(learned: LearnedState): void {
    for (const pair of learned.pairs) putLast(this.#pairs, pairKey(pair), pair);
    for (const session of learned.sessions) putLast(this.#sessions, session.key, session);
    for (const key of learned.endedSessions) putLast(this.#sessions, key, null);
    for (const site of learned.cooling ?? []) putLast(this.#cooling, site.target, site);
  }

  /** The first `limit` of those whose proxy the store has; they wait on until {@linkcode settle}. */
  next(limit: number, fateOf: (proxyId: string) => Fate): LearnedState {
    const pairs: PairSnapshot[] = [];
    const sessions: SessionSnapshot[] = [];
    const endedSessions: string[] = [];
    for (const [key, pair] of this.#pairs) {
      if (pairs.length >= limit) break;
      const fate = fateOf(pair.proxyId);
      if (fate === "write") pairs.push(pair);
      else if (fate === "drop") this.#pairs.delete(key);
    }
    for (const [key, session] of this.#sessions) {
      if (pairs.length + sessions.length + endedSessions.length >= limit) break;
      const fate = session === null ? "write" : fateOf(session.proxyId);
      if (session === null) endedSessions.push(key);
      else if (fate === "write") sessions.push(session);
      else if (fate === "drop") this.#sessions.delete(key);
    }
    return { pairs, sessions, endedSessions, cooling: [...this.#cooling.values()] };
  }

  /** Notes that this was written; what has come since for the same keys still waits. */
  settle({ pairs, sessions, endedSessions, cooling = [] }: LearnedState): void {
    for (const pair of pairs) dropIfSame(this.#pairs, pairKey(pair), pair);
    for (const session of sessions) dropIfSame(this.#sessions, session.key, session);
    for (const key of endedSessions) dropIfSame(this.#sessions, key, null);
    for (const site of cooling) dropIfSame(this.#cooling, site.target, site);
  }

  /** What is left of this when everything is left out that waits, and so is newer. */
  without({ pairs, sessions, ...others }: LearnedState): LearnedState {
    return {
      ...others,
      pairs: pairs.filter((pair) => !this.#pairs.has(pairKey(pair))),
      sessions: sessions.filter(({ key }) => !this.#sessions.has(key)),
    };
  }
}

function putLast<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MOST_PAIRS) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

function dropIfSame<V>(map: Map<string, V>, key: string, value: V): void {
  if (map.get(key) === value) map.delete(key);
}

/** Ids are UUIDs, and so end where the target begins. */
function pairKey({ proxyId, target }: PairSnapshot): string {
  return `${proxyId} ${target}`;
}
