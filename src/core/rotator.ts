/**
 * The rotator: hands out proxies, takes in what became of them, and learns.
 *
 * Synchronous and without I/O. Time passes only when it is asked something: each public call first lets
 * whatever became due happen (circuits turn half-open, ejections and leases end).
 */

import type { CircuitBreakerOptions } from "./circuit_breaker.ts";
import { Engine } from "./engine.ts";
import { NoProxyAvailableError, ProxyWhirlError } from "./errors.ts";
import { explain, type ExplainQuery, type Explanation } from "./explain.ts";
import { describeCounts, type Inquiry, judge, judgeAll } from "./judgement.ts";
import { checkOutcome, type Lease, type LeaseOwner, OpenLease, type Outcome } from "./lease.ts";
import type { LearnedState, PairSnapshot } from "./learned.ts";
import type { PoolObserver } from "./observers.ts";
import type { PacingOptions } from "./pacing.ts";
import type { PoolStatus } from "./pool_status.ts";
import type { PoolProxy, ProxyEntry } from "./proxy_entry.ts";
import { parseProxyUrl, type ProxyUrl } from "./proxy_url.ts";
import { type Recommendation, recommendFrom } from "./recommend.ts";
import {
  type AcquireOptions,
  checkMetadata,
  checkPositive,
  defaultTimer,
  type ProxyRotatorOptions,
  type WaitOptions,
} from "./rotator_options.ts";
import { choose, mostSimilar, Request } from "./selection.ts";
import { strategyFrom, type StrategySpec } from "./strategies/registry.ts";
import type { Strategy } from "./strategies/strategy.ts";
import { type TargetOverview, targetOverview, type TargetRecord, targetRecords } from "./target_record.ts";
import { TargetState } from "./target_state.ts";
import type { CircuitState, Criteria, HealthStatus, ProxyMetadata, ProxySnapshot } from "./types.ts";
import { matches, type View, viewCriteria } from "./views.ts";
import { Waiters } from "./waiters.ts";

/** Holder of a proxy that is in exclusive use until its lease ends. */
const A_LEASE = "\u0000lease";
/** Stands for a target that nothing is known of. */
const UNSEEN: TargetState = new TargetState("");

/** What {@linkcode ProxyRotator.addProxy} did. */
export interface AddedProxy {
  /** Id of the proxy, old or new. */
  readonly id: string;
  /** Whether the pool did not have it. */
  readonly isNew: boolean;
  /** The proxy. */
  readonly proxy: PoolProxy;
}

/** A pool of proxies that learns which of them works where. */
export class ProxyRotator {
  readonly #engine: Engine;
  readonly #leases: Map<string, OpenLease> = new Map();
  readonly #waiters: Waiters;
  readonly #leaseOwner: LeaseOwner = {
    newId: () => this.#engine.newId(),
    register: (lease) => {
      if (!lease.isEnded) this.#leases.set(lease.id, lease);
    },
    settle: (lease, outcome) => this.#settle(lease, outcome),
  };

  /**
   * Makes an empty pool.
   *
   * @param options Strategy, limits, clock and randomness
   * @throws {RangeError} for a setting out of range
   */
  constructor(options: ProxyRotatorOptions = {}) {
    this.#engine = new Engine(options);
    this.#waiters = new Waiters({
      tryAcquire: (asked) => {
        const found = this.#tryAcquire(asked);
        return found instanceof Request ? undefined : found;
      },
      unavailable: (asked) => {
        const found = this.#tryAcquire(asked);
        return found instanceof Request ? this.#unavailable(asked, found) : found;
      },
      now: () => this.#engine.advance(),
      setTimer: options.setTimer ?? defaultTimer,
    });
    this.#engine.observers.add({ healthChanged: () => this.#waiters.wake() });
  }

  /** Proxies in the pool. */
  get size(): number {
    return this.#engine.pool.size;
  }

  /** The strategy in use. */
  get strategy(): Strategy {
    return this.#engine.views.strategy;
  }

  /** Paces in force. */
  get pacing(): PacingOptions {
    return this.#engine.pacing.options;
  }

  /** Breaker settings in force. */
  get circuitBreaker(): CircuitBreakerOptions {
    return this.#engine.circuitBreaker;
  }

  /**
   * Adds a proxy. The same URL again updates what is given and keeps the id.
   *
   * @param url Any form of {@linkcode parseProxyUrl}
   * @param metadata What is known of it; `id` is used only when the URL is new and no other proxy has it
   * @throws {InvalidProxyUrlError} when the text is no proxy
   */
  addProxy(url: string | ProxyUrl, metadata: ProxyMetadata & { readonly id?: string } = {}): AddedProxy {
    const parsed = typeof url === "string" ? parseProxyUrl(url) : url;
    checkMetadata(metadata);
    const known = this.#engine.pool.getByUrl(parsed.href);
    if (known !== undefined) {
      this.#engine.describe(known, metadata);
      return { id: known.id, isNew: false, proxy: known };
    }
    const isTaken = metadata.id === undefined || this.#engine.pool.get(metadata.id) !== undefined;
    const entry = this.#engine.join(isTaken ? this.#engine.newId() : metadata.id, parsed, metadata);
    return { id: entry.id, isNew: true, proxy: entry };
  }

  /** Changes what is known of a proxy; `undefined` leaves a member, `null` clears it. */
  describeProxy(id: string, metadata: ProxyMetadata): PoolProxy {
    checkMetadata(metadata);
    const entry = this.#engine.find(id);
    this.#engine.describe(entry, metadata);
    return entry;
  }

  /** Removes a proxy; answers whether it was there. Open leases of it stay valid and teach nothing. */
  removeProxy(id: string): boolean {
    const entry = this.#engine.pool.get(id);
    if (entry === undefined) return false;
    this.#engine.leave(entry);
    return true;
  }

  /** A proxy by its id, in any case. */
  getProxy(id: string): PoolProxy | undefined {
    this.#engine.advance();
    return this.#engine.pool.get(id);
  }

  /** A proxy by its canonical URL. */
  findByUrl(href: string): PoolProxy | undefined {
    return this.#engine.pool.getByUrl(href);
  }

  /** Proxies in the order of adding, narrowed by criteria (the target does not count) and status. */
  *proxies(criteria: Criteria & { readonly status?: HealthStatus } = {}): IterableIterator<PoolProxy> {
    this.#engine.advance();
    const wanted = viewCriteria(criteria);
    for (const entry of this.#engine.pool.values()) {
      if (matches(entry, wanted) && (criteria.status === undefined || entry.status === criteria.status)) {
        yield entry;
      }
    }
  }

  /**
   * Hands out a proxy.
   *
   * Cost: the strategy's, which does not grow with the pool; O(pool) the first time for criteria, and when
   * nothing is available.
   *
   * @throws {NoProxyAvailableError} when none can be chosen now; says why and when to come back
   * @throws {RangeError} when the target cannot be read, or the time to live is not above 0
   */
  acquire(options: AcquireOptions = {}): Lease {
    const asked = withTriedSet(options);
    const found = this.#tryAcquire(asked);
    if (found instanceof Request) throw this.#unavailable(asked, found);
    return found;
  }

  /**
   * Hands out a proxy as soon as one is free. Who asked first for the same is served first.
   *
   * @throws {NoProxyAvailableError} when none frees up within `timeoutMs`, or none ever will
   * @throws the reason of `signal` when it aborts
   */
  acquireWhenReady(options: WaitOptions = {}): Promise<Lease> {
    return this.#waiters.acquire(withTriedSet(options));
  }

  /** An open lease by its id. */
  lease(id: string): Lease | undefined {
    this.#engine.advance();
    return this.#leases.get(id);
  }

  /**
   * Takes in an outcome without a lease, for requests made elsewhere.
   *
   * @throws {ProxyNotFoundError} for an unknown id
   */
  report(id: string, outcome: Outcome & { readonly target?: string }): PoolProxy {
    checkOutcome(outcome);
    const entry = this.#engine.find(id);
    const now = this.#engine.advance();
    this.#engine.learn(
      entry,
      outcome.target === undefined ? undefined : this.#engine.targetOf(outcome.target),
      outcome,
      now,
    );
    return entry;
  }

  /** The best proxy for a request that matters, or undefined when none can be chosen now. Cost: O(pool). */
  recommend(criteria: Criteria = {}): Recommendation | undefined {
    const now = this.#engine.advance();
    const targetName = criteria.target === undefined ? undefined : this.#engine.targetOf(criteria.target);
    const target = targetName === undefined ? undefined : this.#engine.target(targetName, now);
    if (target !== undefined && target.coolUntil > now) return undefined;
    const view = this.#engine.views.of(criteria);
    return recommendFrom(view.set, {
      allows: (entry) => view.allows(entry),
      tier: criteria.performance ?? "medium",
      region: criteria.region?.toUpperCase(),
      target,
      targetName,
      now,
      wallNow: this.#engine.wallClock.now(),
    });
  }

  /** Figures of the whole pool. Cost: O(1). */
  poolStatus(): PoolStatus {
    this.#engine.advance();
    return this.#engine.totals.status();
  }

  /** Says which proxies could be chosen, which not and why, and what the choice would be. Cost: O(pool). */
  explain(query: ExplainQuery = {}): Explanation {
    const now = this.#engine.advance();
    const target = query.target === undefined
      ? undefined
      : this.#engine.target(this.#engine.targetOf(query.target), now);
    const binding = query.session === undefined ? undefined : this.#engine.sessions.get(query.session, now);
    const proxy = query.proxyId === undefined ? undefined : this.#engine.find(query.proxyId);
    const view = this.#engine.views.of(query);
    const request = this.#request(query, target, now);
    return explain({
      entries: this.#engine.pool.values(),
      view,
      inquiry: this.#inquiry(view, request, undefined),
      request,
      strategy: this.strategy,
      binding,
      proxy,
    });
  }

  /**
   * Uses another strategy from now on.
   *
   * @throws {UnknownStrategyError} naming the allowed ones
   */
  setStrategy(spec: StrategySpec): { readonly previous: Strategy; readonly current: Strategy } {
    const previous = this.strategy;
    const current = strategyFrom(spec);
    this.#engine.views.setStrategy(current);
    return { previous, current };
  }

  /**
   * Closes a proxy's circuit by hand; answers its previous state.
   *
   * @throws {ProxyNotFoundError} for an unknown id
   */
  resetCircuit(id: string): CircuitState {
    this.#engine.advance();
    const entry = this.#engine.find(id);
    const previous = entry.breaker.state;
    this.#engine.update(entry, this.#engine.wallClock.now(), () => entry.breaker.reset());
    return previous;
  }

  /** Everything about a proxy that is worth keeping. */
  snapshot(id: string): ProxySnapshot {
    return this.#engine.find(id).snapshot(this.#engine.wallOffset(this.#engine.advance()));
  }

  /** Puts a proxy from the disk in place: adds it, or overwrites what is known of it. */
  restore(from: ProxySnapshot): PoolProxy {
    return this.#engine.restore(from, this.#engine.advance());
  }

  /** Starts to note what is learned of targets and sessions, for {@linkcode takeLearned}. */
  startNoting(): void {
    this.#engine.startNoting();
  }

  /** Notes no longer, and forgets what was noted. */
  stopNoting(): void {
    this.#engine.stopNoting();
  }

  /** What was learned since the last call. */
  takeLearned(): LearnedState {
    return this.#engine.takeLearned(this.#engine.advance());
  }

  /** Puts what was learned in an earlier run in place, after its proxies. */
  restoreLearned(state: LearnedState): void {
    this.#engine.restoreLearned(state, this.#engine.advance());
  }

  /** How a proxy fares on its targets, latest first, at most `limit`. Cost: O(targets of the proxy). */
  targetsOf(id: string, limit = 20): readonly PairSnapshot[] {
    return this.targetRecords(id, limit).map(({ pair }) => pair);
  }

  /** The same with what follows from it now: the latency to be expected, and whether it may go there. */
  targetRecords(id: string, limit = 20): readonly TargetRecord[] {
    const now = this.#engine.advance();
    return targetRecords(this.#engine.find(id), now, this.#engine.wallOffset(now)).slice(0, limit);
  }

  /** How the pool fares on one target, with at most `limit` records. Cost: O(proxies seen there). */
  targetOverview(urlOrHost: string, limit = 50): TargetOverview {
    const now = this.#engine.advance();
    const target = this.#engine.targets.peek(this.#engine.targetOf(urlOrHost));
    return targetOverview(target ?? UNSEEN, limit, now, this.#engine.wallOffset(now));
  }

  /** Names of the targets that are remembered, least recently used first. */
  targetNames(): readonly string[] {
    return Array.from(this.#engine.targets.values(), ({ name }) => name);
  }

  /** Sessions that hold a proxy. */
  get sessionCount(): number {
    this.#engine.advance();
    return this.#engine.sessions.size;
  }

  /** Tells an observer of every change from now on; the answer stops it. */
  observe(observer: PoolObserver): () => void {
    return this.#engine.observers.add(observer);
  }

  #settle(lease: OpenLease, outcome: Outcome): void {
    const now = this.#engine.advance();
    const entry = lease.proxy;
    if (lease.hasId) this.#leases.delete(lease.id);
    entry.inFlight--;
    if (!entry.isPooled) return;
    if (lease.isExclusive) this.#engine.endExclusiveUse(entry);
    this.#engine.learn(entry, lease.target ?? undefined, outcome, now);
    this.#engine.returnProbes(lease, now);
    this.#waiters.wake();
  }

  /** A lease, or the request for which there is none. */
  #tryAcquire(options: AcquireOptions): Lease | Request {
    if (options.ttlMs !== undefined) checkPositive("ttlMs", options.ttlMs);
    const now = this.#engine.advance();
    const targetName = options.target === undefined ? undefined : this.#engine.targetOf(options.target);
    if (this.strategy.requiresSession && options.session === undefined) {
      throw new ProxyWhirlError(
        "SESSION_REQUIRED",
        `Strategy ${this.strategy.name} needs a session: name one`,
      );
    }
    const target = targetName === undefined ? undefined : this.#engine.target(targetName, now);
    const view = this.#engine.views.of(options);
    const request = this.#request(options, target, now);
    const isCooling = target !== undefined && target.coolUntil > now;
    const entry = isCooling ? undefined : this.#choose(view, request, options);
    return entry === undefined ? request : this.#start(entry, targetName, options, now);
  }

  #request(options: AcquireOptions, target: TargetState | undefined, now: number): Request {
    const { exclude } = options;
    const tried = exclude === undefined || exclude instanceof Set ? exclude : new Set(exclude);
    const { session } = options;
    const isAnywhere = options.target === undefined;
    const parts = { now, random: this.#engine.random, session, target, exclude: tried };
    return new Request(parts, isAnywhere ? this.#engine.anywhere : target ?? UNSEEN);
  }

  #choose(view: View, request: Request, options: AcquireOptions): ProxyEntry | undefined {
    if (options.session === undefined) return choose(this.#engine.views, view, request);
    const { now } = request;
    const held = this.#engine.sessions.get(options.session, now);
    const isExclusive = options.exclusive ?? held?.isExclusive ?? false;
    const isFree = held !== undefined && this.#isFreeFor(held.entry, view, request);
    if (held !== undefined && isFree && !options.renew && !request.wasTried(held.entry)) {
      this.#engine.sessions.bind(options.session, held.entry, now, isExclusive);
      return held.entry;
    }
    if (held !== undefined && !options.renew && this.#isOnlyPaced(held.entry, view, request)) {
      return undefined;
    }
    const similar = held === undefined || options.renew ? undefined : mostSimilar(view, held.entry, request);
    const others = options.renew && held !== undefined
      ? this.#without(held.entry, request, options)
      : request;
    const entry = similar ?? choose(this.#engine.views, view, others);
    // One failed attempt does not end a session: while its proxy can be used again, only this request moves.
    if (entry !== undefined && (!isFree || options.renew)) {
      this.#engine.sessions.bind(options.session, entry, now, isExclusive);
    }
    return entry;
  }

  /** Whether nothing but its pace keeps a proxy back: a session then waits, since its exit is what it is for. */
  #isOnlyPaced(entry: ProxyEntry, view: View, request: Request): boolean {
    const inquiry = this.#inquiry(view, request, undefined);
    return !request.wasTried(entry) && judge(entry, inquiry).reason === "paced";
  }

  #inquiry(view: View, request: Request, exclude: ReadonlySet<string> | undefined): Inquiry {
    const { now, session, target } = request;
    const allows = (entry: ProxyEntry) => view.allows(entry);
    const { heldUntil } = this.#engine.sessions;
    return { now, criteria: view.criteria, allows, target, exclude, session, heldUntil };
  }

  #isFreeFor(entry: ProxyEntry, view: View, request: Request): boolean {
    const isOurs = entry.exclusiveTo === null || entry.exclusiveTo === request.session;
    return isOurs && entry.breaker.isAvailable && matches(entry, view.criteria) && view.allows(entry) &&
      (request.target === undefined || request.target.isFree(entry, request.now));
  }

  #without(entry: ProxyEntry, request: Request, options: AcquireOptions): Request {
    return this.#request(
      { ...options, exclude: [...options.exclude ?? [], entry.id] },
      request.target,
      request.now,
    );
  }

  #start(entry: ProxyEntry, targetName: string | undefined, options: AcquireOptions, now: number): Lease {
    const probe = entry.breaker.takeProbe();
    entry.requestsStarted++;
    entry.inFlight++;
    const isExclusive = this.#reserve(entry, options, now);
    const targetProbe = targetName === undefined ? undefined : this.#engine.startOn(targetName, entry, now);
    this.#engine.syncViews(entry);
    this.#engine.views.changed(entry);
    this.#engine.observers.changed(entry, false);
    const lease = new OpenLease(this.#leaseOwner, {
      proxy: entry,
      target: targetName ?? null,
      session: options.session ?? null,
      probe,
      targetProbe,
      isExclusive,
    });
    if (options.ttlMs !== undefined) this.#engine.expire(lease, now + options.ttlMs);
    if (probe !== undefined || targetProbe !== undefined) this.#engine.watchProbe(lease, now);
    return lease;
  }

  /** Keeps a proxy from others if that is asked for; answers whether only until the lease ends. */
  #reserve(entry: ProxyEntry, { session, exclusive }: AcquireOptions, now: number): boolean {
    if (session === undefined && !exclusive) return false;
    const binding = session === undefined ? undefined : this.#engine.sessions.get(session, now);
    const isOfSession = binding?.entry === entry;
    if (isOfSession) entry.exclusiveTo = binding.isExclusive ? binding.key : null;
    const isOfLease = !isOfSession && (exclusive ?? binding?.isExclusive ?? false);
    if (isOfLease) entry.exclusiveTo = A_LEASE;
    return isOfLease;
  }

  #unavailable(options: AcquireOptions, request: Request): NoProxyAvailableError {
    const { now, session } = request;
    const exclude = new Set(options.exclude);
    const held = session === undefined ? undefined : this.#engine.sessions.get(session, now);
    if (options.renew && held !== undefined) exclude.add(held.entry.id);
    const view = this.#engine.views.of(options);
    const isWaiting = held !== undefined && !options.renew && this.#isOnlyPaced(held.entry, view, request);
    const candidates = isWaiting ? [held.entry] : this.#engine.pool.values();
    const { counts, nextAt } = judgeAll(candidates, this.#inquiry(view, request, exclude));
    const why = this.size === 0 ? "the pool is empty" : describeCounts(counts);
    const site = options.target === undefined ? "" : ` for ${this.#engine.targetOf(options.target)}`;
    const wait = nextAt === undefined ? undefined : Math.max(0, nextAt - now);
    return new NoProxyAvailableError(`No proxy available${site}: ${why}`, counts, wait);
  }
}

/** Reads `exclude` once: it may be an iterator. */
function withTriedSet<O extends AcquireOptions>(options: O): O {
  const { exclude } = options;
  return exclude === undefined || exclude instanceof Set
    ? options
    : { ...options, exclude: new Set(exclude) };
}
