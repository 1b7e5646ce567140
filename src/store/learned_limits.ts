/** How much is kept of what was learned. */

import type { LearnedState } from "../core/learned.ts";

/** A (proxy, target) pair without an outcome for so long is forgotten, ms. */
export const PAIRS_KEPT_MS: number = 14 * 24 * 60 * 60 * 1000;

/** Pairs kept; those without an outcome for longest go first. As many as a rotator remembers by default. */
export const MOST_PAIRS = 250_000;

/** Nothing. */
export const NOTHING_LEARNED: LearnedState = Object.freeze({
  pairs: Object.freeze([]),
  sessions: Object.freeze([]),
  endedSessions: Object.freeze([]),
});

/** How many rows this is. */
export function countLearned({ pairs, sessions, endedSessions, cooling = [] }: LearnedState): number {
  return pairs.length + sessions.length + endedSessions.length + cooling.length;
}
