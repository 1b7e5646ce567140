/**
 * What a rotator has learned besides the proxies' own records, in a form for the disk: how each fares on
 * which target, and which session holds which.
 */

import type { CircuitSnapshot, Verdict } from "./types.ts";

/** One proxy on one target. Times are wall clock, epoch ms. */
export interface PairSnapshot {
  /** The proxy. */
  readonly proxyId: string;
  /** Registrable domain or IP address. */
  readonly target: string;
  /** Outcomes `ok`. */
  readonly successes: number;
  /** Outcomes `blocked`. */
  readonly blocks: number;
  /** Outcomes `dead`. */
  readonly deads: number;
  /** Successes, recent ones counting more. */
  readonly recentSuccesses: number;
  /** Failures, recent ones counting more. */
  readonly recentFailures: number;
  /** Latency with failures counted as large, ms; `null` without a sample. */
  readonly peakMs: number | null;
  /** Latency of the last ok, ms; `null` without one. */
  readonly goodMs: number | null;
  /** Latest outcome; `null` before the first. */
  readonly lastVerdict: Verdict | null;
  /** When that was; before the first, when the latest request went out. */
  readonly lastAt: number;
  /** Earliest time of the next request, under pacing. */
  readonly nextFreeAt: number | null;
  /** Whether it lately worked there. */
  readonly isProven: boolean;
  /** Ejection; `null` when it never failed there. */
  readonly ejection: CircuitSnapshot | null;
}

/** A session's hold on a proxy. */
export interface SessionSnapshot {
  /** The session's key. */
  readonly key: string;
  /** The proxy it holds. */
  readonly proxyId: string;
  /** When the hold ends unless it is used, epoch ms. */
  readonly expiresAt: number;
  /** Whether nobody else may use the proxy meanwhile. */
  readonly isExclusive: boolean;
}

/** A target that asked everybody to wait. */
export interface CoolingSnapshot {
  /** Registrable domain or IP address. */
  readonly target: string;
  /** Until when nobody may go there, epoch ms. */
  readonly until: number;
}

/** What changed since the last time it was asked for, or all there is. */
export interface LearnedState {
  /** Pairs. */
  readonly pairs: readonly PairSnapshot[];
  /** Sessions that hold a proxy. */
  readonly sessions: readonly SessionSnapshot[];
  /** Keys of sessions that ended. */
  readonly endedSessions: readonly string[];
  /** Targets that asked everybody to wait; absent when there are none. */
  readonly cooling?: readonly CoolingSnapshot[];
}
