/**
 * Hears what a client does: for logs, metrics and traces, of which the network itself knows nothing.
 *
 * All methods are called synchronously and must not throw.
 */

import type { PoolProxy, Verdict } from "../core/mod.ts";
import { NetError } from "./errors.ts";
import type { Attempt } from "./proxied_response.ts";
import { TargetRefusedError } from "./target_guard.ts";

/** A request, or an attempt at one. */
export interface RequestFacts {
  /** Method, upper case. */
  readonly method: string;
  /** URL asked for; may hold what is nobody's business in its path and query. */
  readonly url: URL;
}

/** An attempt through one proxy. */
export interface AttemptFacts extends RequestFacts {
  /** The proxy. */
  readonly proxy: PoolProxy;
  /** Which attempt of its request it is, from 1. */
  readonly number: number;
}

/** How a request ended. */
export interface RequestEnd {
  /** Verdict on the answer; absent when there is none. */
  readonly verdict?: Verdict;
  /** HTTP status of the answer; absent when there is none. */
  readonly statusCode?: number;
  /** What was thrown; absent when there is an answer. */
  readonly error?: unknown;
  /** Every try, in the order in which they ended. */
  readonly attempts: readonly Attempt[];
}

/** How opening a connection through a proxy ended. */
export interface DialEnd {
  /** Last stage: `resolve`, `connect`, `proxy_tls`, `proxy_handshake`, `target_tls`, `done`, or `unknown`. */
  readonly stage: string;
  /** `ok`, `aborted`, `target_refused`, or the code of the error in lower case. */
  readonly outcome: string;
  /** Time it took, ms. */
  readonly durationMs: number;
}

/** Hears how an attempt ends. */
export interface AttemptObserver {
  /** It ended; without a record when the caller gave up. */
  ended(attempt: Attempt | undefined): void;
}

/** Hears how a request goes on. */
export interface RequestObserver {
  /** An attempt begins. */
  attemptStarted?(facts: AttemptFacts): AttemptObserver | undefined;
  /** The request ended: the head of the answer is there, or there will be none. */
  ended(end: RequestEnd): void;
}

/** Hears what a client does. */
export interface NetObserver {
  /** A request begins. */
  requestStarted?(facts: RequestFacts): RequestObserver | undefined;
  /** A check of one proxy begins: an attempt without a request around it. */
  checkStarted?(facts: AttemptFacts): AttemptObserver | undefined;
  /** A connection was opened, or could not be. */
  dialEnded?(end: DialEnd): void;
}

/** Opens a connection and says how that went. */
export async function observeDial<T>(observer: NetObserver | undefined, dial: () => Promise<T>): Promise<T> {
  if (observer?.dialEnded === undefined) return await dial();
  const start = performance.now();
  const tell = (stage: string, outcome: string) =>
    observer.dialEnded?.({ stage, outcome, durationMs: performance.now() - start });
  try {
    const socket = await dial();
    tell("done", "ok");
    return socket;
  } catch (error) {
    if (error instanceof NetError) tell(error.phase, error.code.toLowerCase());
    else if (error instanceof TargetRefusedError) tell("resolve", "target_refused");
    else tell("unknown", "aborted");
    throw error;
  }
}
