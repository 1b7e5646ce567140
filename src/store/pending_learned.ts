/** What was learned of targets and sessions and is not written yet: the latest of each key. */

import type { LearnedState, PairSnapshot, SessionSnapshot } from "../core/learned.ts";

/** What to do with what was learned of a proxy: a proxy may not be written yet, or be gone. */
export type Fate = "write" | "keep" | "drop";

/** Waits for the store. What comes later replaces what waits. Cost of each call: O(what it is given). */
export class PendingLearned {
  /** By proxy and target. */
  readonly #pairs: Map<string, PairSnapshot> = new Map();
  /** By key; `null` for a session that ended. */
  readonly #sessions: Map<string, SessionSnapshot | null> = new Map();

  /** Pairs and sessions that wait. */
  get size(): number {
    return this.#pairs.size + this.#sessions.size;
  }

  /** Lets this wait too. */
  add(learned: LearnedState): void {
    for (const pair of learned.pairs) this.#pairs.set(pairKey(pair), pair);
    for (const session of learned.sessions) this.#sessions.set(session.key, session);
    for (const key of learned.endedSessions) this.#sessions.set(key, null);
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
    return { pairs, sessions, endedSessions };
  }

  /** Notes that this was written; what has come since for the same keys still waits. */
  settle(written: LearnedState): void {
    for (const pair of written.pairs) {
      if (this.#pairs.get(pairKey(pair)) === pair) this.#pairs.delete(pairKey(pair));
    }
    for (const session of written.sessions) {
      if (this.#sessions.get(session.key) === session) this.#sessions.delete(session.key);
    }
    for (const key of written.endedSessions) if (this.#sessions.get(key) === null) this.#sessions.delete(key);
  }

  /** What is left of this when everything is left out that waits, and so is newer. */
  without(stored: LearnedState): LearnedState {
    return {
      pairs: stored.pairs.filter((pair) => !this.#pairs.has(pairKey(pair))),
      sessions: stored.sessions.filter(({ key }) => !this.#sessions.has(key)),
      endedSessions: stored.endedSessions,
    };
  }
}

/** Ids are UUIDs, and so end where the target begins. */
function pairKey({ proxyId, target }: PairSnapshot): string {
  return `${proxyId} ${target}`;
}
