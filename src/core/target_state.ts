/**
 * One site: which proxies it refuses, which proved themselves there, when each may go there again.
 *
 * A proxy that a site refuses is as good as ever for all other sites, so nothing here touches the proxy
 * itself.
 */

import { CircuitBreaker, type FailureContext, type Probe } from "./circuit_breaker.ts";
import { EligibleSet } from "./eligible_set.ts";
import type { Pace } from "./pacing.ts";
import { FAILURE_PENALTY_MS, LONG_AGO, PairState } from "./pair_state.ts";
import type { ProxyEntry } from "./proxy_entry.ts";
import { TimerHeap } from "./timer_heap.ts";

/** Successes in a row that take one doubling off the next ejection. */
const FORGIVEN_AFTER = 30;
/** A single failure after that many successes in a row is a slip… */
const SLIP_AFTER = 10;
/** …and counts as this much, ms. */
const SLIP_PENALTY_MS = 500;
/** An answer within this multiple of the usual time of a refusal may be one. */
const SUSPICIOUS = 1.5;
/** Weight of the latest sample in the averages of a target. */
const AVERAGING = 0.05;

/** When a target is believed to be down: this many proxies that were fine failed in a row… */
const OUTAGE_PROXIES = 5;
/** …within this time, ms. */
const OUTAGE_WINDOW_MS = 60_000;

/** A request that finds out whether a target still refuses a proxy. */
export interface TargetProbe {
  /** Where. */
  readonly target: TargetState;
  /** To be given back if it proves nothing. */
  readonly probe: Probe;
}

/** One site, and every proxy that was seen on it. */
export class TargetState {
  readonly name: string;
  /** Proxies that lately worked here. */
  readonly proven: EligibleSet = new EligibleSet();
  readonly #pairs: Map<ProxyEntry, PairState> = new Map();
  /** Moving averages of how long the site takes to serve and to refuse, ms; negative without a sample. */
  #servedMs = -1;
  #refusedMs = -1;
  /** Pairs that the table of targets has counted. */
  countedPairs = 0;
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

  /** The same for a look at all of them: none is kept at hand afterwards. */
  peekPair(entry: ProxyEntry): PairState | undefined {
    return this.#pairs.get(entry);
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

  /**
   * The latency to be expected of a proxy here, ms; undefined when it was never seen here.
   *
   * One that answers as fast as the site refuses may have been refused without anybody saying so, as happens
   * behind TLS: its speed proves nothing, and it counts as an average one.
   */
  expectedMs(entry: ProxyEntry, now: number): number | undefined {
    const expected = this.pair(entry)?.expectedMs(now);
    const isSuspicious = expected !== undefined && expected < SUSPICIOUS * this.#refusedMs;
    return isSuspicious ? Math.max(expected, this.#servedMs) : expected;
  }

  /** Whether a proxy may go there. */
  isFree(entry: ProxyEntry, now: number): boolean {
    const pair = this.pair(entry);
    return pair === undefined || pair.isFree(now);
  }

  /** Books a request that goes out now; answers with the probe when the proxy was ejected. */
  start(entry: ProxyEntry, now: number, pace: Pace | undefined): TargetProbe | undefined {
    const pair = pace === undefined ? this.pair(entry) : this.pairOf(entry);
    if (pair === undefined) return undefined;
    const probe = pair.ejection?.takeProbe();
    if (pace !== undefined) {
      const arrival = pair.nextFreeAt === LONG_AGO ? now : Math.max(now, pair.nextFreeAt + pace.burstMs);
      pair.nextFreeAt = Math.ceil(arrival + pace.intervalMs - pace.burstMs);
      if (pair.nextFreeAt > now) this.#timers.add(pair.nextFreeAt, entry);
    }
    this.#sync(entry, pair, now);
    return probe === undefined ? undefined : { target: this, probe };
  }

  /** Gives back a probe that proved nothing. */
  returnProbe(entry: ProxyEntry, probe: Probe, now: number): void {
    const pair = this.pair(entry);
    if (pair?.ejection === undefined) return;
    pair.ejection.returnProbe(probe);
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
      pair.addLatency(latencyMs, now);
      this.#servedMs = average(this.#servedMs, latencyMs);
    }
    pair.addEvidence(true);
    if (pair.ejection !== undefined) {
      pair.ejection.close();
      if (pair.successesInRow % FORGIVEN_AFTER === 0) pair.ejection.forgive();
    }
    if (!pair.isProven) {
      pair.isProven = true;
      this.proven.add(entry);
    }
    if (this.#suspects.size > 0) this.#suspects.clear();
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
    const isSlip = verdict === "dead" && pair.successesInRow >= SLIP_AFTER;
    pair.addEvidence(false);
    pair.addPenalty(Math.max(isSlip ? SLIP_PENALTY_MS : FAILURE_PENALTY_MS, at.latencyMs ?? 0), at.now);
    if (verdict === "blocked" && at.latencyMs !== undefined) {
      this.#refusedMs = average(this.#refusedMs, at.latencyMs);
    }
    const ejection = pair.ejection ??= new CircuitBreaker();
    const isEjected = verdict === "blocked"
      ? ejection.trip({ ...at, successes: pair.successes })
      : ejection.fail({ ...at, successes: pair.successes });
    if (!isEjected) return;
    pair.isProven = false;
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
    const pair = this.#pairs.get(entry);
    if (pair === undefined) return false;
    this.#pairs.delete(entry);
    if (pair.isHeld) {
      this.#notFree--;
      this.onFree?.(entry, true);
    }
    return true;
  }

  /** Takes account of a pair whose state came from the disk. */
  adopt(entry: ProxyEntry, pair: PairState, now: number): void {
    if (pair.isProven) this.proven.add(entry);
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

/** A request that probes an ejected proxy. */
export interface TargetProbe {
  /** Where it was ejected. */
  readonly target: TargetState;
  /** To be given back when it proves nothing. */
  readonly probe: Probe;
}

/** Circumstances of a failure on a target. */
export interface TargetFailure extends Omit<FailureContext, "successes"> {
  /** How long it took, ms. */
  readonly latencyMs: number | undefined;
}

function average(mean: number, sample: number): number {
  return mean < 0 ? sample : mean + AVERAGING * (sample - mean);
}
