/**
 * The state behind a rotator and everything that changes it: proxies come, go, fail, recover.
 *
 * One place keeps the derived figures true: whatever alters a proxy goes through {@linkcode Engine.update},
 * which counts it out of the totals, alters it, counts it in again, lets it into or out of the views and
 * tells the observers.
 */

import type { CircuitBreakerOptions } from "./circuit_breaker.ts";
import { ProxyNotFoundError } from "./errors.ts";
import type { OpenLease, Outcome } from "./lease.ts";
import type { CoolingSnapshot, LearnedState, PairSnapshot } from "./learned.ts";
import { Observers } from "./observers.ts";
import type { PairState } from "./pair_state.ts";
import { Pacing } from "./pacing.ts";
import { Pool } from "./pool.ts";
import { PoolTotals } from "./pool_status.ts";
import type { ProxyEntry } from "./proxy_entry.ts";
import { parseProxyUrl, type ProxyUrl } from "./proxy_url.ts";
import {
  breakerOptions,
  checkPositive,
  EJECTION_THRESHOLD,
  type ProxyRotatorOptions,
} from "./rotator_options.ts";
import { SessionTable } from "./sessions.ts";
import { strategyFrom } from "./strategies/registry.ts";
import { memoizeTargetOf, type TargetOf, targetOf } from "./target.ts";
import { type TargetProbe, TargetState } from "./target_state.ts";
import { TargetTable } from "./target_table.ts";
import { TimerHeap } from "./timer_heap.ts";
import type { Clock, ProxyMetadata, ProxySnapshot, Random } from "./types.ts";
import { isAvailable, Views } from "./views.ts";

/** How long a target is believed to be down after many good proxies failed on it at once, ms. */
const OUTAGE_MS = 30_000;
/** A probe that nobody reported by then is given back, ms. */
const PROBE_TIMEOUT_MS = 120_000;
/** Longest wait that a site can impose, ms. */
const MAX_COOL_DOWN_MS = 3_600_000;

/** One moment on both clocks. */
interface Times {
  readonly now: number;
  readonly wallNow: number;
}

/** Pool, views, targets, sessions and timers of one rotator. */
export class Engine {
  readonly clock: Clock;
  readonly wallClock: Clock;
  readonly random: Random;
  readonly newId: () => string;
  readonly targetOf: TargetOf;
  readonly circuitBreaker: CircuitBreakerOptions;
  readonly pacing: Pacing;
  readonly pool: Pool = new Pool();
  readonly views: Views;
  readonly totals: PoolTotals;
  readonly targets: TargetTable;
  readonly sessions: SessionTable;
  readonly observers: Observers = new Observers();
  /** What requests without a target teach. */
  readonly anywhere: TargetState = new TargetState("");
  readonly #ejection: CircuitBreakerOptions;
  readonly #changedPairs: {
    readonly target: TargetState;
    readonly entry: ProxyEntry;
    readonly pair: PairState;
  }[] = [];
  readonly #changedCooling: Set<TargetState> = new Set();
  #isNoting = false;
  readonly #circuitTimers: TimerHeap<ProxyEntry> = new TimerHeap();
  readonly #leaseTimers: TimerHeap<OpenLease> = new TimerHeap();
  readonly #probeTimers: TimerHeap<OpenLease> = new TimerHeap();

  /**
   * @param options Options of the rotator
   * @throws {RangeError} for a setting out of range
   */
  constructor(options: ProxyRotatorOptions) {
    this.circuitBreaker = breakerOptions(options.circuitBreaker);
    const ejectionBaseMs = options.ejectionBaseMs ?? 10_000;
    checkPositive("ejectionBaseMs", ejectionBaseMs);
    this.#ejection = {
      ...this.circuitBreaker,
      failureThreshold: EJECTION_THRESHOLD,
      timeoutDurationMs: ejectionBaseMs,
    };
    this.clock = options.clock ?? performance;
    this.wallClock = options.wallClock ?? Date;
    this.random = options.random ?? Math.random;
    this.newId = options.newId ?? (() => crypto.randomUUID());
    this.targetOf = memoizeTargetOf(options.targetOf ?? targetOf);
    this.pacing = new Pacing(options.pacing);
    this.totals = new PoolTotals(this.wallClock.now());
    this.views = new Views(strategyFrom(options.strategy ?? "round-robin"), () => this.pool.values());
    this.targets = new TargetTable(options.targets ?? {}, (target) => this.views.forgetTarget(target));
    this.sessions = new SessionTable(options.sessions ?? {}, ({ entry, isExclusive }) => {
      if (isExclusive) this.endExclusiveUse(entry);
    });
  }

  /** Lets whatever became due happen; answers the time. */
  advance(): number {
    const now = Math.floor(this.clock.now());
    for (
      let due = this.#circuitTimers.takeDue(now);
      due !== undefined;
      due = this.#circuitTimers.takeDue(now)
    ) {
      const entry = due.item;
      if (!entry.isPooled || !entry.breaker.wake(now)) continue;
      this.syncViews(entry);
      this.observers.changed(entry, true);
    }
    for (let due = this.#leaseTimers.takeDue(now); due !== undefined; due = this.#leaseTimers.takeDue(now)) {
      due.item.release();
    }
    for (let due = this.#probeTimers.takeDue(now); due !== undefined; due = this.#probeTimers.takeDue(now)) {
      if (!due.item.isEnded) this.returnProbes(due.item, now);
    }
    this.sessions.advance(now);
    return now;
  }

  /** A known target with its ejections and paces run out as far as they have. */
  target(name: string, now: number): TargetState | undefined {
    const target = this.targets.find(name);
    target?.advance(now);
    return target;
  }

  /**
   * The proxy with this id.
   *
   * @throws {ProxyNotFoundError} when there is none
   */
  find(id: string): ProxyEntry {
    const entry = this.pool.get(id);
    if (entry === undefined) throw new ProxyNotFoundError(id);
    return entry;
  }

  /** Adds a proxy whose URL is new. */
  join(id: string, url: ProxyUrl, metadata: ProxyMetadata): ProxyEntry {
    const entry = this.pool.add(id, url, this.wallClock.now());
    entry.describe(metadata);
    this.#enter(entry);
    return entry;
  }

  /** Removes a proxy and all that is known of it. */
  leave(entry: ProxyEntry): void {
    this.totals.subtract(entry);
    this.pool.remove(entry);
    this.syncViews(entry);
    this.targets.forget(entry);
    this.anywhere.forget(entry);
    this.observers.removed(entry);
  }

  /** Changes what is known of a proxy. */
  describe(entry: ProxyEntry, metadata: ProxyMetadata): void {
    if (!entry.describe(metadata)) return;
    if (entry.isInViews) this.views.refile(entry, Math.floor(this.clock.now()));
    this.observers.changed(entry, false);
  }

  /** Changes counters, health or circuit of a proxy, and everything that is derived from them. */
  update(entry: ProxyEntry, wallNow: number, change: () => void): void {
    const { status, circuit } = entry;
    this.totals.subtract(entry);
    change();
    this.totals.add(entry);
    this.totals.lastUpdate = wallNow;
    this.syncViews(entry);
    this.views.changed(entry);
    this.observers.changed(entry, entry.status !== status || entry.circuit !== circuit);
  }

  /** Lets a proxy into the views when it is available, and out when it is not. */
  syncViews(entry: ProxyEntry): void {
    const shouldBeIn = isAvailable(entry);
    if (shouldBeIn === entry.isInViews) return;
    entry.isInViews = shouldBeIn;
    if (shouldBeIn) this.views.enter(entry, Math.floor(this.clock.now()));
    else this.views.leave(entry);
  }

  /** Gives a proxy back to everybody. */
  endExclusiveUse(entry: ProxyEntry): void {
    entry.exclusiveTo = null;
    this.syncViews(entry);
  }

  /** Books a request on its target; answers with the probe when the proxy was ejected there. */
  startOn(targetName: string, entry: ProxyEntry, now: number): TargetProbe | undefined {
    const pace = this.pacing.of(targetName);
    const target = pace === undefined ? this.targets.find(targetName) : this.targets.get(targetName);
    if (target === undefined) return undefined;
    const probe = target.start(entry, now, pace);
    const pair = pace === undefined ? undefined : target.pair(entry);
    if (pair !== undefined) {
      if (pair.lastVerdict === undefined) pair.lastAt = now;
      this.#noteChange(target, entry, pair);
    }
    this.targets.settle(target);
    return probe;
  }

  /** Ends a lease by itself after a time. */
  expire(lease: OpenLease, at: number): void {
    this.#leaseTimers.add(at, lease);
  }

  /** Sees to it that a probe comes back even if its lease never ends. */
  watchProbe(lease: OpenLease, now: number): void {
    this.#probeTimers.add(now + PROBE_TIMEOUT_MS, lease);
  }

  /** Gives back the probes of a lease, if they are still out. */
  returnProbes({ proxy, probe, targetProbe }: OpenLease, now: number): void {
    if (probe !== undefined) proxy.breaker.returnProbe(probe);
    targetProbe?.target.returnProbe(proxy, targetProbe.probe, now);
    this.syncViews(proxy);
  }

  /** Learns from an outcome: which of proxy, pair and site it is charged to. */
  learn(entry: ProxyEntry, targetName: string | undefined, outcome: Outcome, now: number): void {
    const { verdict, retryAfterMs } = outcome;
    if (verdict === "aborted") return;
    const target = targetName === undefined ? this.anywhere : this.targets.get(targetName);
    target.advance(now);
    if (retryAfterMs !== undefined && target !== this.anywhere) {
      this.#cool(target, now + Math.min(retryAfterMs, MAX_COOL_DOWN_MS));
    }
    if (verdict === "target_error" || (verdict === "dead" && this.#isSiteFault(entry, target, now))) return;
    const wallNow = this.wallClock.now();
    this.update(entry, wallNow, () => this.#record(entry, target, outcome, { now, wallNow }));
    const pair = target.pair(entry);
    if (pair !== undefined) {
      pair.lastVerdict = verdict;
      pair.lastAt = now;
      if (target !== this.anywhere) this.#noteChange(target, entry, pair);
    }
    if (target !== this.anywhere) this.targets.settle(target);
  }

  /** Puts a proxy from the disk in place: adds it, or overwrites what is known of it. */
  restore(from: ProxySnapshot, now: number): ProxyEntry {
    const sameUrl = this.pool.getByUrl(from.url);
    if (sameUrl !== undefined && sameUrl.id !== from.id) this.leave(sameUrl);
    const known = this.pool.get(from.id);
    if (known !== undefined) {
      this.describe(known, from);
      this.update(known, this.wallClock.now(), () => this.#overwrite(known, from, now));
      return known;
    }
    const entry = this.pool.add(from.id, protocolAndHref(from.url), from.addedAt);
    entry.describe(from);
    this.#overwrite(entry, from, now);
    this.#enter(entry);
    return entry;
  }

  /** Starts to note which pairs and sessions change; until then nobody asks for them. */
  startNoting(): void {
    this.#isNoting = true;
    this.sessions.startNoting();
  }

  /** Notes no longer, and forgets what was noted. */
  stopNoting(): void {
    this.takeLearned(0);
    this.#isNoting = false;
    this.sessions.stopNoting();
  }

  /** What was learned since the last call. */
  takeLearned(now: number): LearnedState {
    const wallOffset = this.wallOffset(now);
    const pairs: PairSnapshot[] = [];
    for (const { target, entry, pair } of this.#changedPairs.splice(0)) {
      pair.isDirty = false;
      if (entry.isPooled) {
        pairs.push({ proxyId: entry.id, target: target.name, ...pair.snapshot(wallOffset) });
      }
    }
    const cooling = Array.from(this.#changedCooling, (target): CoolingSnapshot => ({
      target: target.name,
      until: Math.round(target.coolUntil + wallOffset),
    }));
    this.#changedCooling.clear();
    return {
      pairs,
      ...this.sessions.takeChanges(wallOffset),
      ...(cooling.length > 0 && { cooling }),
    };
  }

  /** Puts what was learned before in place; what belongs to proxies that are gone is dropped. */
  restoreLearned(state: LearnedState, now: number): void {
    const times = { now, wallOffset: this.wallOffset(now), ejection: this.#ejection };
    for (const from of state.pairs) {
      const entry = this.pool.get(from.proxyId);
      if (entry === undefined) continue;
      const target = this.targets.get(from.target);
      const pair = target.pairOf(entry);
      const longestWaitMs = this.pacing.of(from.target)?.intervalMs ?? 0;
      if (pair.restore(from, { ...times, longestWaitMs })) this.#noteChange(target, entry, pair);
      target.adopt(entry, pair, now);
      this.targets.settle(target);
    }
    for (const { target, until } of state.cooling ?? []) {
      const coolUntil = Math.min(until - times.wallOffset, now + MAX_COOL_DOWN_MS);
      if (coolUntil > now) this.#cool(this.targets.get(target), coolUntil);
    }
    for (const { key, proxyId, expiresAt, isExclusive } of state.sessions) {
      const entry = this.pool.get(proxyId);
      const endsAt = Math.min(expiresAt - times.wallOffset, now + this.sessions.ttlMs);
      if (entry === undefined || endsAt <= now) continue;
      const isCut = endsAt < expiresAt - times.wallOffset;
      this.sessions.restore({ key, entry, expiresAt: endsAt, isExclusive }, isCut);
      if (!isExclusive) continue;
      entry.exclusiveTo = key;
      this.syncViews(entry);
    }
  }

  /** What turns the rotator's clock into epoch ms. */
  wallOffset(now: number): number {
    return this.wallClock.now() - now;
  }

  #enter(entry: ProxyEntry): void {
    this.totals.add(entry);
    this.syncViews(entry);
    this.observers.added(entry);
  }

  /** Lets nobody go to a target for a while; an earlier end gives way to a later one. */
  #cool(target: TargetState, until: number): void {
    if (until <= target.coolUntil) return;
    target.coolUntil = until;
    if (this.#isNoting) this.#changedCooling.add(target);
  }

  #noteChange(target: TargetState, entry: ProxyEntry, pair: PairState): void {
    if (!this.#isNoting || pair.isDirty) return;
    pair.isDirty = true;
    this.#changedPairs.push({ target, entry, pair });
  }

  #record(entry: ProxyEntry, target: TargetState, outcome: Outcome, times: Times): void {
    const { verdict, latencyMs } = outcome;
    const { now, wallNow } = times;
    if (verdict === "ok") {
      entry.succeed(wallNow);
      if (latencyMs !== undefined) entry.addLatency(latencyMs);
      if (entry.breaker.state !== "closed") entry.recoveredAt = now;
      entry.breaker.succeed();
      target.succeed(entry, now, latencyMs);
      return;
    }
    const context = { now, latencyMs, options: this.#ejection, random: this.random };
    if (verdict === "dead") {
      entry.fail(wallNow);
      const hasOpened = entry.ownBreaker.fail({
        now,
        successes: entry.totalSuccesses,
        options: this.circuitBreaker,
        random: this.random,
      });
      if (hasOpened) this.#circuitTimers.add(entry.breaker.openUntil, entry);
      target.fail(entry, "dead", context);
    } else if (target !== this.anywhere) target.fail(entry, "blocked", context);
  }

  /** Many proxies that were fine failing on one site at once is the site's fault, not theirs. */
  #isSiteFault(entry: ProxyEntry, target: TargetState, now: number): boolean {
    if (target === this.anywhere) return false;
    if (now < target.downUntil) return true;
    const wasFine = entry.consecutiveFailures === 0 && entry.totalSuccesses > 0;
    return wasFine && target.suspect(entry, now, OUTAGE_MS);
  }

  #overwrite(entry: ProxyEntry, from: ProxySnapshot, now: number): void {
    entry.restoreCounters(from);
    if (from.circuit.state === "closed" && entry.breaker.state === "closed") return;
    const wallOffset = this.wallOffset(now);
    const own = entry.breaker.snapshot(wallOffset);
    if (own.state === from.circuit.state && own.openUntil === from.circuit.openUntil) return;
    entry.ownBreaker.restore(from.circuit, now, wallOffset, this.circuitBreaker);
    if (entry.breaker.state === "open") this.#circuitTimers.add(entry.breaker.openUntil, entry);
  }
}

/** Protocol of a canonical URL; the long way only for one that is not. */
function protocolAndHref(href: string): Pick<ProxyUrl, "href" | "protocol"> {
  return parseProxyUrl(href);
}
