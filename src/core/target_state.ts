/**
 * What is known of the proxies on one target: which of them it refuses, how fast they were, when each may
 * go there again.
 *
 * A fast 403 is a trap for whoever looks at latency alone, so latency here is a figure in which a failure
 * counts as a large latency; and a proxy that a site refuses is as good as ever for all other sites, so
 * none of this touches the proxy itself.
 *
 * The figure is the peak EWMA of Finagle (`loadbalancer/PeakEwma.scala`: a sample above the average replaces
 * it at once, one below it moves it by 1 − e^(−Δt/τ)), with the failure penalty of linkerd2-proxy
 * (`load-biaser`). Read later, it relaxes towards the last good latency: who is never chosen for a penalty
 * would never get the chance to show that it is over.
 */

import { CircuitBreaker, type FailureContext } from "./circuit_breaker.ts";
import { EligibleSet } from "./eligible_set.ts";
import type { Pace } from "./pacing.ts";
import type { ProxyEntry } from "./proxy_entry.ts";
import { TimerHeap } from "./timer_heap.ts";
import type { Verdict } from "./types.ts";

/** What a failure counts as, ms. */
export const FAILURE_PENALTY_MS = 5000;
/** No latency; a fraction, so that the field holds numbers of one kind. */
const NO_SAMPLE = -0.5;
const DECAY_MS = 10_000;
const RELAX_MS = 60_000;

const FADING = 0.98;
/** Successes in a row that take one doubling off the next ejection. */
const FORGIVEN_AFTER = 30;

/** When a target is believed to be down: this many proxies that were fine failed in a row… */
const OUTAGE_PROXIES = 5;
/** …within this time, ms. */
const OUTAGE_WINDOW_MS = 60_000;

/** One proxy on one target. */
export class PairState {
  /** Peak EWMA, ms; negative without a sample. */
  peakMs: number = NO_SAMPLE;
  /** Time of the last sample, ms on the rotator's clock. */
  peakAt = 0;
  /** Latest latency of an ok, ms; negative without one. */
  goodMs: number = NO_SAMPLE;
  /** Earliest time of the next request (GCRA), ms on the rotator's clock. */
  nextFreeAt: number = -Infinity;
  /** Whether the target counts it among those that may not go there now. */
  isHeld = false;
  /** Ejection; made at the first failure. */
  ejection: CircuitBreaker | undefined;
  /** Outcomes so far. */
  successes = 0;
  blocks = 0;
  deads = 0;
  /** Successes and failures that fade: each new outcome takes a fiftieth off the old ones. */
  recentSuccesses = 0;
  recentFailures = 0;
  /** Successes since the last failure. */
  successesInRow = 0;
  /** Latest outcome, and when, epoch ms. */
  lastVerdict: Verdict | undefined;
  lastAt = 0;

  /** Adds an outcome to the fading record. */
  addEvidence(isSuccess: boolean): void {
    this.recentSuccesses = FADING * this.recentSuccesses + (isSuccess ? 1 : 0);
    this.recentFailures = FADING * this.recentFailures + (isSuccess ? 0 : 1);
    this.successesInRow = isSuccess ? this.successesInRow + 1 : 0;
  }

  /** Records a latency. */
  addSample(latencyMs: number, now: number): void {
    if (latencyMs > this.peakMs) this.peakMs = latencyMs;
    else {
      const weight = Math.exp(-(now - this.peakAt) / DECAY_MS);
      this.peakMs = this.peakMs * weight + latencyMs * (1 - weight);
    }
    this.peakAt = now;
  }

  /** The latency to be expected now, ms; undefined without a sample. */
  expectedMs(now: number): number | undefined {
    const { peakMs, goodMs } = this;
    if (peakMs < 0) return undefined;
    if (goodMs < 0 || peakMs <= goodMs) return peakMs;
    return goodMs + (peakMs - goodMs) * Math.exp(-(now - this.peakAt) / RELAX_MS);
  }

  /** Whether it may go there at `now`. */
  isFree(now: number): boolean {
    return this.nextFreeAt <= now && (this.ejection === undefined || this.ejection.isAvailable);
  }
}

/** One site, and every proxy that was seen on it. */
export class TargetState {
  readonly name: string;
  /** Proxies that lately worked here. */
  readonly proven: EligibleSet = new EligibleSet();
  readonly #pairs: Map<ProxyEntry, PairState> = new Map();
  /** No request before this time, as the site asked. */
  coolUntil = 0;
  /** Believed down until this time: its failures are charged to nobody. */
  downUntil = 0;
  /** Called when a proxy stops (false) or starts (true) to be free here. */
  onFree: ((entry: ProxyEntry, isFree: boolean) => void) | undefined;
  readonly #timers: TimerHeap<ProxyEntry> = new TimerHeap();
  readonly #suspects: Map<ProxyEntry, number> = new Map();
  #notFree = 0;

  /** @param name Registrable domain or IP address */
  constructor(name: string) {
    this.name = name;
  }

  /** How many proxies are ejected or paced here now. */
  get notFree(): number {
    return this.#notFree;
  }

  /** When the next proxy may become free here; undefined when none waits for a time. */
  get nextFreeAt(): number | undefined {
    return this.#timers.nextAt;
  }

  /** Proxies seen here. */
  get size(): number {
    return this.#pairs.size;
  }

  /** Proxies seen here, first seen first. */
  entries(): IterableIterator<ProxyEntry> {
    return this.#pairs.keys();
  }

  /** What is known of a proxy here. */
  pair(entry: ProxyEntry): PairState | undefined {
    if (entry.latestTarget === this) return entry.latestPair;
    const pair = this.#pairs.get(entry);
    if (pair !== undefined) this.#remember(entry, pair);
    return pair;
  }

  /** The pair, made when new. */
  pairOf(entry: ProxyEntry): PairState {
    const known = this.pair(entry);
    if (known !== undefined) return known;
    const pair = new PairState();
    this.#put(entry, pair);
    return pair;
  }

  /** Lets ejections and paces run out. Every other call assumes that this was done for the same time. */
  advance(now: number): void {
    for (let due = this.#timers.takeDue(now); due !== undefined; due = this.#timers.takeDue(now)) {
      const pair = this.pair(due.item);
      if (pair === undefined) continue;
      pair.ejection?.wake(now);
      this.#sync(due.item, pair, now);
    }
  }

  /** Whether a proxy may go there. */
  isFree(entry: ProxyEntry, now: number): boolean {
    const pair = this.pair(entry);
    return pair === undefined || pair.isFree(now);
  }

  /** Books a request that goes out now; answers whether it is the probe of an ejected proxy. */
  start(entry: ProxyEntry, now: number, pace: Pace | undefined): boolean {
    const pair = pace === undefined ? this.pair(entry) : this.pairOf(entry);
    if (pair === undefined) return false;
    const isProbe = pair.ejection?.takeProbe() ?? false;
    if (pace !== undefined) {
      pair.nextFreeAt = Math.max(now, pair.nextFreeAt + pace.burstMs) + pace.intervalMs - pace.burstMs;
      if (pair.nextFreeAt > now) this.#timers.add(pair.nextFreeAt, entry);
    }
    this.#sync(entry, pair, now);
    return isProbe;
  }

  /** Gives back a probe that proved nothing. */
  returnProbe(entry: ProxyEntry, now: number): void {
    const pair = this.pair(entry);
    if (pair?.ejection === undefined) return;
    pair.ejection.returnProbe();
    this.#sync(entry, pair, now);
  }

  /**
   * Records an ok. It ends an ejection, but shortens the next one only after a long run: where most refusals
   * go unreported, an ok proves little, and a proxy that was refused again and again had better stay out.
   */
  succeed(entry: ProxyEntry, now: number, latencyMs: number | undefined): void {
    const pair = this.pairOf(entry);
    pair.successes++;
    if (latencyMs !== undefined) {
      pair.addSample(latencyMs, now);
      pair.goodMs = latencyMs;
    }
    pair.addEvidence(true);
    if (pair.ejection !== undefined) {
      pair.ejection.close();
      if (pair.successesInRow % FORGIVEN_AFTER === 0) pair.ejection.forgive();
    }
    this.proven.add(entry);
    this.#suspects.clear();
    this.downUntil = 0;
    this.#sync(entry, pair, now);
  }

  /**
   * Records a failure: `blocked` ejects at once, `dead` when it repeats, since a single dropped connection
   * says little about a site.
   */
  fail(entry: ProxyEntry, verdict: "blocked" | "dead", at: TargetFailure): void {
    const pair = this.pairOf(entry);
    if (verdict === "blocked") pair.blocks++;
    else pair.deads++;
    pair.addEvidence(false);
    pair.addSample(Math.max(FAILURE_PENALTY_MS, at.latencyMs ?? 0), at.now);
    const ejection = pair.ejection ??= new CircuitBreaker();
    const isEjected = verdict === "blocked"
      ? ejection.trip({ ...at, successes: pair.successes })
      : ejection.fail({ ...at, successes: pair.successes });
    if (!isEjected) return;
    this.proven.remove(entry);
    this.#timers.add(ejection.openUntil, entry);
    this.#sync(entry, pair, at.now);
  }

  /**
   * Notes that a proxy which was fine until now failed here; answers whether so many did that the fault
   * must be the site's. Any ok here ends the suspicion.
   */
  suspect(entry: ProxyEntry, now: number, downMs: number): boolean {
    for (const [suspect, since] of this.#suspects) {
      if (now - since <= OUTAGE_WINDOW_MS) break;
      this.#suspects.delete(suspect);
    }
    this.#suspects.delete(entry);
    this.#suspects.set(entry, now);
    if (this.#suspects.size < OUTAGE_PROXIES) return now < this.downUntil;
    this.downUntil = now + downMs;
    return true;
  }

  /** Takes the traces of this target off a proxy, when either is forgotten. */
  release(entry: ProxyEntry): void {
    entry.targets?.delete(this);
    if (entry.latestTarget !== this) return;
    entry.latestTarget = undefined;
    entry.latestPair = undefined;
  }

  /** Forgets a proxy. */
  forget(entry: ProxyEntry): boolean {
    this.proven.remove(entry);
    this.#suspects.delete(entry);
    this.release(entry);
    if (this.#pairs.get(entry)?.isHeld) this.#notFree--;
    return this.#pairs.delete(entry);
  }

  /** Puts a pair from the disk in place and its timers with it. */
  adopt(entry: ProxyEntry, pair: PairState, now: number): void {
    this.#put(entry, pair);
    if (pair.lastVerdict === "ok") this.proven.add(entry);
    if (pair.ejection?.state === "open") this.#timers.add(pair.ejection.openUntil, entry);
    if (pair.nextFreeAt > now) this.#timers.add(pair.nextFreeAt, entry);
    this.#sync(entry, pair, now);
  }

  #put(entry: ProxyEntry, pair: PairState): void {
    this.#pairs.set(entry, pair);
    if (this.name !== "") (entry.targets ??= new Set()).add(this);
    this.#remember(entry, pair);
  }

  /** Most requests of a proxy go where the one before went, so its latest pair is kept at hand. */
  #remember(entry: ProxyEntry, pair: PairState): void {
    entry.latestTarget = this;
    entry.latestPair = pair;
  }

  #sync(entry: ProxyEntry, pair: PairState, now: number): void {
    const isHeld = !pair.isFree(now);
    if (isHeld === pair.isHeld) return;
    pair.isHeld = isHeld;
    this.#notFree += isHeld ? 1 : -1;
    this.onFree?.(entry, !isHeld);
  }
}

/** Circumstances of a failure on a target. */
export interface TargetFailure extends Omit<FailureContext, "successes"> {
  /** How long it took, ms. */
  readonly latencyMs: number | undefined;
}
