/**
 * One proxy on one target: how fast it was there, how often it failed, when it may go there again.
 *
 * A fast 403 is a trap for whoever looks at latency alone, so latency here is a figure in which a failure
 * counts as a large latency: the peak EWMA of Finagle (`loadbalancer/PeakEwma.scala`: a sample above the
 * average replaces it at once, one below it moves it by 1 − e^(−Δt/τ)), with the failure penalty of
 * linkerd2-proxy (`load-biaser`). Read later, it relaxes towards the last good latency: who is never chosen
 * for a penalty would never get the chance to show that it is over.
 *
 * All numbers are kept as small whole ones. A choice in a large pool touches memory that no cache holds, and
 * an engine stores fractions each in a place of its own.
 */

import { CircuitBreaker, type CircuitBreakerOptions } from "./circuit_breaker.ts";
import type { PairSnapshot } from "./learned.ts";
import type { Evidence } from "./strategies/strategy.ts";
import type { Verdict } from "./types.ts";

/** What a failure counts as, ms. */
export const FAILURE_PENALTY_MS = 5000;

const DECAY_MS = 10_000;
const RELAX_MS = 8_000;
/** Latencies are kept in hundredths of a millisecond. */
const PER_MS = 100;
const NO_SAMPLE = -1;
/** The fading record is kept in 64ths, and each new outcome takes a 64th off the old ones. */
const UNIT = 64;
/** Longer ago than anything. */
export const LONG_AGO = -1_000_000_000;

/** What is needed to read times from the disk. */
export interface RestoreTimes {
  /** Time, ms on the rotator's clock. */
  readonly now: number;
  /** Turns the rotator's clock into epoch ms. */
  readonly wallOffset: number;
  /** Shape of the ejection. */
  readonly ejection: CircuitBreakerOptions;
  /** The longest that the pace of the target can make a proxy wait, ms; 0 without a pace. */
  readonly longestWaitMs: number;
}

/** One proxy on one target. Times are whole ms on the rotator's clock. */
export class PairState implements Evidence {
  /** Earliest time of the next request (GCRA). */
  nextFreeAt: number = LONG_AGO;
  /** Whether the target counts it among those that may not go there now. */
  isHeld = false;
  /** Whether it lately worked there. */
  isProven = false;
  /** Whether it changed since it was last written down. */
  isDirty = false;
  /** Ejection; made at the first failure. */
  ejection: CircuitBreaker | undefined;
  /** Outcomes so far. */
  successes = 0;
  blocks = 0;
  deads = 0;
  /** Successes since the last failure. */
  successesInRow = 0;
  /** Latest outcome, and when. */
  lastVerdict: Verdict | undefined;
  lastAt = 0;
  #peak = NO_SAMPLE;
  #peakAt = 0;
  #good = NO_SAMPLE;
  #recentSuccesses = 0;
  #recentFailures = 0;

  /** Requests that ended ok, blocked or dead. */
  get requests(): number {
    return this.successes + this.blocks + this.deads;
  }

  /** See {@linkcode Evidence.recentSuccesses}. */
  get recentSuccesses(): number {
    return this.#recentSuccesses / UNIT;
  }

  /** See {@linkcode Evidence.recentFailures}. */
  get recentFailures(): number {
    return this.#recentFailures / UNIT;
  }

  /** Adds an outcome to the fading record. */
  addEvidence(isSuccess: boolean): void {
    this.#recentSuccesses += (isSuccess ? UNIT : 0) - Math.trunc(this.#recentSuccesses / UNIT);
    this.#recentFailures += (isSuccess ? 0 : UNIT) - Math.trunc(this.#recentFailures / UNIT);
    this.successesInRow = isSuccess ? this.successesInRow + 1 : 0;
  }

  /** Records the latency of an ok. */
  addLatency(latencyMs: number, now: number): void {
    this.#good = Math.round(latencyMs * PER_MS);
    this.#addSample(this.#good, now);
  }

  /** Records what a failure counts as. */
  addPenalty(latencyMs: number, now: number): void {
    this.#addSample(Math.round(latencyMs * PER_MS), now);
  }

  /** The latency to be expected now, ms; undefined without a sample. */
  expectedMs(now: number): number | undefined {
    const peak = this.#peak;
    const good = this.#good;
    if (peak < 0) return undefined;
    if (good < 0 || peak <= good) return peak / PER_MS;
    return (good + (peak - good) * Math.exp(-(now - this.#peakAt) / RELAX_MS)) / PER_MS;
  }

  /** State for the disk. `wallOffset` turns the rotator's clock into epoch ms. */
  snapshot(wallOffset: number): Omit<PairSnapshot, "proxyId" | "target"> {
    const { successes, blocks, deads, recentSuccesses, recentFailures, isProven } = this;
    return {
      successes,
      blocks,
      deads,
      recentSuccesses,
      recentFailures,
      isProven,
      peakMs: this.#peak < 0 ? null : this.#peak / PER_MS,
      goodMs: this.#good < 0 ? null : this.#good / PER_MS,
      lastVerdict: this.lastVerdict ?? null,
      lastAt: Math.round(this.lastAt + wallOffset),
      nextFreeAt: this.nextFreeAt === LONG_AGO ? null : Math.round(this.nextFreeAt + wallOffset),
      ejection: this.ejection?.snapshot(wallOffset) ?? null,
    };
  }

  /**
   * Takes over a state from the disk; answers whether one of its times was cut. A wall clock that was set back
   * must neither hold a proxy up nor put an outcome into the future.
   */
  restore(from: Omit<PairSnapshot, "proxyId" | "target">, times: RestoreTimes): boolean {
    const { now, wallOffset, ejection, longestWaitMs } = times;
    const nextFreeAt = from.nextFreeAt === null ? LONG_AGO : Math.ceil(from.nextFreeAt - wallOffset);
    this.successes = from.successes;
    this.blocks = from.blocks;
    this.deads = from.deads;
    this.isProven = from.isProven;
    this.lastVerdict = from.lastVerdict ?? undefined;
    this.lastAt = Math.min(Math.round(from.lastAt - wallOffset), now);
    this.nextFreeAt = Math.min(nextFreeAt, Math.ceil(now + longestWaitMs));
    this.#recentSuccesses = Math.round(from.recentSuccesses * UNIT);
    this.#recentFailures = Math.round(from.recentFailures * UNIT);
    this.#peak = from.peakMs === null ? NO_SAMPLE : Math.round(from.peakMs * PER_MS);
    this.#good = from.goodMs === null ? NO_SAMPLE : Math.round(from.goodMs * PER_MS);
    this.#peakAt = this.lastAt;
    const isPaceCut = this.nextFreeAt < nextFreeAt;
    if (from.ejection === null) return isPaceCut;
    this.ejection ??= new CircuitBreaker();
    return this.ejection.restore(from.ejection, now, wallOffset, ejection) || isPaceCut;
  }

  /** Whether it may go there at `now`. */
  isFree(now: number): boolean {
    return this.nextFreeAt <= now && (this.ejection === undefined || this.ejection.isAvailable);
  }

  #addSample(sample: number, now: number): void {
    if (sample > this.#peak) this.#peak = sample;
    else {
      const weight = Math.exp(-(now - this.#peakAt) / DECAY_MS);
      this.#peak = Math.round(this.#peak * weight + sample * (1 - weight));
    }
    this.#peakAt = now;
  }
}
