/**
 * Keeps a pool in shape while a program runs: proxies that nobody used for a while are tried again, dead ones at
 * longer and longer intervals, and when too few are left the pool is refilled. Does nothing until it is started.
 *
 * Proxies in use need no trial: every outcome of a request counts as one.
 */

import { setTimeout as startTimer } from "node:timers";
import type { Clock, PoolProxy, ProxyRotator, Random } from "../core/mod.ts";
import type { Validation } from "./validate.ts";

/** Terms of the care. */
export interface PoolCareOptions {
  /** The pool. */
  readonly rotator: Pick<ProxyRotator, "proxies" | "getProxy" | "report">;
  /** Tries proxies, such as `validateProxies` with its options. */
  readonly validate: (
    proxies: readonly PoolProxy[],
    signal: AbortSignal,
  ) => AsyncIterable<Validation<PoolProxy>>;
  /** Takes what a trial showed. @default {reports its outcome to the rotator} */
  readonly apply?: ((validation: Validation<PoolProxy>) => void) | undefined;
  /** Adds proxies, about as many as are missing; answers how many were added. Without it nothing is refilled. */
  readonly refill?: ((missing: number, signal: AbortSignal) => Promise<number>) | undefined;
  /** Refill when fewer proxies than this are usable. @default {0}, never */
  readonly minUsable?: number | undefined;
  /** Time between two rounds, ms; jittered by a quarter. @default {60_000} */
  readonly intervalMs?: number | undefined;
  /** Try a proxy when nothing was heard of it for so long, ms. @default {1_800_000} */
  readonly staleAfterMs?: number | undefined;
  /** Longest time until a dead proxy is tried again, ms. @default {21_600_000} */
  readonly maxRetryMs?: number | undefined;
  /** Proxies that are tried in one round, at most. @default {500} */
  readonly batchSize?: number | undefined;
  /** Told of what a round did. */
  readonly onRound?: ((round: CareRound) => void) | undefined;
  /** Told of a round that failed; the next one waits longer. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Wall clock, epoch ms. @default {Date} */
  readonly wallClock?: Clock | undefined;
  /** Randomness. @default {Math.random} */
  readonly random?: Random | undefined;
  /** Timers. @default {those of the platform, which keep no program alive} */
  readonly timers?: CareTimers | undefined;
}

/** Timers of a platform or of a test. */
export interface CareTimers {
  /** Calls back later; the answer cancels that. */
  after(ms: number, callback: () => void): () => void;
}

/** What one round did. */
export interface CareRound {
  /** Proxies that were tried. */
  readonly tried: number;
  /** Of these, those that work. */
  readonly valid: number;
  /** Proxies that were added. */
  readonly added: number;
}

const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_STALE_MS = 30 * 60_000;
const DEFAULT_MAX_RETRY_MS = 6 * 60 * 60_000;
const DEFAULT_BATCH = 500;
/** First retry of a proxy that failed; doubles with each further failure. */
const RETRY_MS = 60_000;
const MAX_BACKOFF = 16;

/** Care for one pool. */
export class PoolCare {
  readonly #options: PoolCareOptions;
  readonly #random: Random;
  #controller: AbortController | undefined;
  #cancel: (() => void) | undefined;
  #round: Promise<unknown> = Promise.resolve();
  #failuresInRow = 0;

  /**
   * Makes the care of a pool, which does nothing yet.
   *
   * @param options The pool, and how to try and to refill
   */
  constructor(options: PoolCareOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
  }

  /** Whether it is at work. */
  get isRunning(): boolean {
    return this.#controller !== undefined;
  }

  /** Starts; the first round comes after one interval. A second call does nothing. */
  start(): void {
    if (this.#controller !== undefined) return;
    this.#controller = new AbortController();
    this.#failuresInRow = 0;
    this.#schedule(this.#controller.signal);
  }

  /** Stops, and resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#cancel?.();
    this.#controller?.abort(new DOMException("The care of the pool was stopped", "AbortError"));
    this.#controller = undefined;
    await this.#round.catch(() => {});
  }

  /**
   * Does one round now: trials of what is due, then a refill when too few are usable.
   *
   * @throws what the trials or the refill throw
   */
  async runOnce(signal: AbortSignal = new AbortController().signal): Promise<CareRound> {
    const { apply, minUsable = 0, refill, rotator, validate } = this.#options;
    let tried = 0;
    let valid = 0;
    let added = 0;
    const due = this.dueProxies();
    if (due.length > 0) {
      for await (const validation of validate(due, signal)) {
        tried++;
        if (validation.isValid) valid++;
        const { candidate, outcome } = validation;
        if (rotator.getProxy(candidate.id) === undefined) continue;
        if (apply === undefined) rotator.report(candidate.id, outcome);
        else apply(validation);
      }
    }
    const missing = minUsable - this.#usable();
    if (missing > 0 && refill !== undefined) {
      signal.throwIfAborted();
      added = await refill(missing, signal);
    }
    return { tried, valid, added };
  }

  /** The proxies that a round would try now, those of which nothing was heard longest first. */
  dueProxies(): readonly PoolProxy[] {
    const { batchSize = DEFAULT_BATCH, rotator, wallClock = Date } = this.#options;
    const now = wallClock.now();
    const due = [...rotator.proxies()].filter((proxy) =>
      now - (proxy.lastCheckAt ?? -Infinity) >= this.#patience(proxy)
    );
    return due.sort((a, b) => (a.lastCheckAt ?? 0) - (b.lastCheckAt ?? 0)).slice(0, batchSize);
  }

  /** How long a proxy may go without a word. */
  #patience({ consecutiveFailures }: PoolProxy): number {
    const { maxRetryMs = DEFAULT_MAX_RETRY_MS, staleAfterMs = DEFAULT_STALE_MS } = this.#options;
    if (consecutiveFailures === 0) return staleAfterMs;
    return Math.min(maxRetryMs, RETRY_MS * 2 ** Math.min(consecutiveFailures - 1, 20));
  }

  #usable(): number {
    let usable = 0;
    for (const { status } of this.#options.rotator.proxies()) {
      if (status !== "dead" && status !== "unhealthy") usable++;
    }
    return usable;
  }

  #schedule(signal: AbortSignal): void {
    const { intervalMs = DEFAULT_INTERVAL_MS, timers = PLATFORM_TIMERS } = this.#options;
    // Several programs that started together should not ask the same judges and lists together.
    const jitter = 0.75 + this.#random() / 2;
    const backoff = Math.min(2 ** this.#failuresInRow, MAX_BACKOFF);
    this.#cancel = timers.after(intervalMs * jitter * backoff, () => {
      this.#round = this.#run(signal);
    });
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      const round = await this.runOnce(signal);
      this.#failuresInRow = 0;
      this.#options.onRound?.(round);
    } catch (error) {
      if (signal.aborted) return;
      this.#failuresInRow++;
      this.#options.onError?.(error);
    }
    if (!signal.aborted) this.#schedule(signal);
  }
}

const PLATFORM_TIMERS: CareTimers = {
  after: (ms, callback) => {
    const timer = startTimer(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
