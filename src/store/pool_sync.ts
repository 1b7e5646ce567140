/**
 * Keeps a rotator and a store alike.
 *
 * The rotator is the truth while the process runs. Proxies are written at once: `add` and `remove` return when the
 * store has them. Outcomes are written behind, as *deltas* against a baseline: the counters that both sides last
 * agreed on. What another process wrote is the new baseline, and what was counted here since then comes on top; so
 * counters add up, whatever the order. Of a proxy's state (health, breaker) the last writer wins.
 *
 * What was learned of targets and sessions goes into the same transactions. It is read once, by `load`: what other
 * processes learn while this one runs stays with them until the next start, and of each pair or session the last
 * writer's is kept.
 *
 * A store that fails stops nothing. Everything not written stays pending and is tried again, removals first, then
 * proxies, then outcomes.
 */

import process from "node:process";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import type { ProxySnapshot } from "../core/types.ts";
import { checkProxy } from "./check_proxy.ts";
import { type Fate, PendingLearned } from "./pending_learned.ts";
import { type AddResult, checkInterval, type PoolSyncOptions } from "./pool_sync_options.ts";
import {
  addDelta,
  countersOf,
  deltaSince,
  hasCounted,
  NO_COUNTERS,
  toNewProxy,
  withoutUrl,
} from "./snapshot.ts";
import type { NewProxy, ProxyCounters, ProxyDelta, Store, StoreChanges, UpsertResult } from "./store.ts";
import type { SyncedProxy, SyncedRotator } from "./synced_rotator.ts";
import { Trouble } from "./trouble.ts";

/** Deltas of one transaction: some 100 ms. */
const APPLY_AT_ONCE = 10_000;
/** Pause after a failure that repeating does not cure soon. */
const REPAIR_INTERVAL_MS = 2_000;
/** How long {@linkcode PoolSync.close} waits for a lock. */
const CLOSE_WAIT_MS = 10_000;

/** Ties a rotator to a store. */
export class PoolSync<P extends SyncedProxy = SyncedProxy> {
  readonly #rotator: SyncedRotator<P>;
  readonly #store: Store;
  readonly #flushIntervalMs: number;
  readonly #pollIntervalMs: number;
  readonly #warn: (message: string) => void;
  readonly #trouble: Trouble;
  readonly #stopObserving: () => void;

  /** Counters that the store has; absent for zeros, which is most of a large pool. */
  readonly #baselines = new Map<string, ProxyCounters>();
  /** Ids with outcomes that the store does not have. */
  #changed = new Set<string>();
  /** By URL: proxies that the store does not have. */
  readonly #unwritten = new Map<string, NewProxy>();
  /** Ids that the store has still. */
  readonly #unremoved = new Set<string>();
  /** What was learned of targets and sessions, and the store does not have. */
  readonly #unlearned = new PendingLearned();

  /** Set while the store's news are given to the rotator, so that they are not taken for new ones. */
  #isApplying = false;
  #queue: Promise<unknown> = Promise.resolve();
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #pollTimer: ReturnType<typeof setTimeout> | undefined;
  #isStarted = false;
  /** Set when `load` failed, until the store works. */
  #isLearnedMissing = false;
  #closing: Promise<void> | undefined;

  /**
   * Begins to note what happens in the rotator. Proxies that it has already are written with the first flush.
   *
   * @param options What to tie together
   * @throws {RangeError} when an interval is not above 0
   */
  constructor(options: PoolSyncOptions<P>) {
    const { rotator, store, flushIntervalMs = 250, pollIntervalMs = 1000 } = options;
    checkInterval("flush", flushIntervalMs);
    checkInterval("poll", pollIntervalMs);
    this.#rotator = rotator;
    this.#store = store;
    this.#flushIntervalMs = flushIntervalMs;
    this.#pollIntervalMs = pollIntervalMs;
    // Nobody asks a store that forgets with the process.
    if (store.isPersistent) rotator.startNoting();
    this.#warn = options.onWarning ?? ((message) => process.emitWarning(message, "ProxyWhirlWarning"));
    this.#trouble = new Trouble(store.location, this.#warn);
    for (const proxy of rotator.proxies()) this.#noteAdded(proxy);
    this.#stopObserving = rotator.observe({
      added: (proxy) => this.#isApplying || this.#noteAdded(proxy),
      removed: (proxy) => this.#isApplying || this.#noteRemoved(proxy),
      changed: (proxy) => this.#isApplying || this.#noteChanged(proxy),
    });
  }

  /**
   * Fills the rotator from the store. A store that fails is told as a warning, and tried again later.
   *
   * @returns How many proxies were read
   */
  load(): Promise<number> {
    return this.#inTurn(async () => {
      let count = 0;
      this.#isLearnedMissing = true;
      try {
        count = await this.#store.loadParts((proxies) => this.#take({ proxies, removed: [] }));
        await this.#loadLearned();
      } catch (error) {
        this.#trouble.note(error);
      }
      return count;
    });
  }

  /** From now on writes outcomes and picks up changes of others by itself. Keeps no process alive. */
  start(): void {
    if (this.#isStarted || this.#closing) return;
    this.#isStarted = true;
    if (this.#isPending) this.#flushSoon(this.#flushIntervalMs);
    this.#pollSoon();
  }

  /** Writes what is pending, now. What the store does not take stays pending. */
  flush(): Promise<void> {
    return this.#inTurn(() => this.#flush(0));
  }

  /** Picks up what other processes changed, now. */
  pull(): Promise<void> {
    return this.#inTurn(() => this.#pull());
  }

  /**
   * Adds proxies, or updates the metadata of known ones: in the store first, and then with the store's ids in the
   * rotator. While the store fails they are added to the rotator alone, and written as soon as it works again.
   *
   * @throws {InvalidProxyUrlError} when one of the URLs is none; nothing is added then
   * @throws {RangeError} when a weight or cost is out of range; nothing is added then
   */
  async add(proxies: readonly NewProxy[]): Promise<readonly AddResult<P>[]> {
    const checked = proxies.map(checkProxy);
    return await this.#inTurn(async () => {
      const results = await this.#upsert(checked);
      if (!results) return checked.map((proxy) => this.#addUnstored(proxy));
      const isElsewhere = results.some(({ id, isNew }) => !isNew && !this.#rotator.getProxy(id));
      const added = this.#applying(() =>
        results.map((result, index) => this.#addStored(checked[index], result))
      );
      // Last, since what others wrote after the upsert must stand.
      if (isElsewhere) await this.#pull();
      return added;
    });
  }

  /**
   * Removes a proxy from the store, and then from the rotator.
   *
   * @returns Whether it was in either
   */
  remove(id: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const known = this.#rotator.getProxy(id);
      let exact = known?.id ?? id.toLowerCase();
      try {
        await this.#writePool(this.#patience);
        // Writing may have shown that another process had the URL first, under its own id.
        if (known) exact = this.#rotator.findByUrl(known.url)?.id ?? exact;
        const count = await this.#store.remove([exact], this.#patience);
        this.#trouble.end();
        this.#forget(exact);
        return count > 0 || known !== undefined;
      } catch (error) {
        this.#trouble.note(error);
        // Not #forget: the observer notes what is left to do.
        return this.#rotator.removeProxy(exact);
      }
    });
  }

  /** Writes what is pending, waiting up to 10 s for a lock, and closes the store. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    this.#isStarted = false;
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#pollTimer);
    await this.#inTurn(async () => {
      await this.#flush(CLOSE_WAIT_MS);
      // What came while that was writing.
      if (!this.#trouble.current) await this.#flush(CLOSE_WAIT_MS);
      this.#stopObserving();
      this.#rotator.stopNoting();
      if (this.#isPending) {
        this.#warn(`${this.#describePending()} could not be written to "${this.#store.location}"`);
      }
      await this.#store.close();
    });
  }

  // Writing

  async #flush(waitMs: number): Promise<void> {
    this.#unlearned.add(this.#rotator.takeLearned());
    if (!this.#isPending) return;
    try {
      await this.#writePool({ waitMs });
      for (let left = this.#changed.size + this.#unlearned.size; left > 0; left -= APPLY_AT_ONCE) {
        await this.#writeOutcomes(waitMs);
        if (left > APPLY_AT_ONCE) await new Promise((resume) => setImmediate(resume));
      }
      this.#trouble.end();
    } catch (error) {
      this.#trouble.note(error);
    }
  }

  /** `undefined` when the store fails. */
  async #upsert(proxies: readonly NewProxy[]): Promise<readonly UpsertResult[] | undefined> {
    try {
      await this.#writePool(this.#patience);
      const results = await this.#store.upsert(proxies, this.#patience);
      this.#trouble.end();
      return results;
    } catch (error) {
      this.#trouble.note(error);
      return undefined;
    }
  }

  /** Removals first: a proxy that was removed and added again gets a new id. */
  async #writePool(options: { readonly waitMs?: number }): Promise<void> {
    if (this.#unremoved.size > 0) {
      const ids = [...this.#unremoved];
      await this.#store.remove(ids, options);
      for (const id of ids) this.#unremoved.delete(id);
    }
    // A second time for proxies that got another id, or that came while this was writing.
    for (let round = 0; round < 2 && this.#unwritten.size > 0; round++) await this.#writeProxies(options);
  }

  async #writeProxies(options: { readonly waitMs?: number }): Promise<void> {
    const proxies = [...this.#unwritten.values()];
    const results = await this.#store.upsert(proxies, options);
    for (const proxy of proxies) {
      if (this.#unwritten.get(proxy.url) === proxy) this.#unwritten.delete(proxy.url);
    }
    // Another process had the URL first: its id counts, and its counters come with the news. In this order, since
    // the news may be that it is gone again.
    const adopted = results.filter(({ id }, index) => this.#adopt(id, proxies[index]?.url));
    if (adopted.length > 0) await this.#pull();
  }

  async #writeOutcomes(waitMs: number): Promise<void> {
    const ids = [...this.#changed].slice(0, APPLY_AT_ONCE);
    for (const id of ids) this.#changed.delete(id);
    const agreed = new Map<string, ProxyCounters>();
    const deltas: ProxyDelta[] = [];
    for (const id of ids) {
      if (!this.#rotator.getProxy(id)) continue;
      const snapshot = this.#rotator.snapshot(id);
      if (this.#unwritten.has(snapshot.url)) {
        // Added while this flush was writing; the store would ignore the outcomes.
        this.#changed.add(id);
        continue;
      }
      agreed.set(id, countersOf(snapshot));
      deltas.push(deltaSince(this.#baselines.get(id) ?? NO_COUNTERS, snapshot));
    }
    const learned = this.#unlearned.next(APPLY_AT_ONCE - deltas.length, (id) => this.#fateOf(id));
    try {
      await this.#store.apply(deltas, learned, { waitMs });
      this.#unlearned.settle(learned);
    } catch (error) {
      for (const id of agreed.keys()) this.#changed.add(id);
      throw error;
    }
    for (const [id, counters] of agreed) if (this.#rotator.getProxy(id)) this.#baselines.set(id, counters);
  }

  /** What is learned of a proxy that the store does not have would be lost there. */
  #fateOf(proxyId: string): Fate {
    const proxy = this.#rotator.getProxy(proxyId);
    if (!proxy) return "drop";
    return this.#unwritten.has(proxy.url) ? "keep" : "write";
  }

  // Reading

  /** What was learned here since the start is newer than what the store has. */
  async #loadLearned(): Promise<void> {
    const stored = await this.#store.loadLearned();
    this.#unlearned.add(this.#rotator.takeLearned());
    this.#rotator.restoreLearned(this.#unlearned.without(stored));
    this.#isLearnedMissing = false;
  }

  async #pull(): Promise<void> {
    try {
      this.#take(await this.#store.changes());
      if (this.#isLearnedMissing) await this.#loadLearned();
      if (!this.#isPending) this.#trouble.end();
    } catch (error) {
      this.#trouble.note(error);
    }
  }

  #take(changes: StoreChanges): void {
    this.#applying(() => {
      for (const id of changes.removed) this.#forget(id);
      for (const proxy of changes.proxies) {
        if (this.#unremoved.has(proxy.id)) continue;
        try {
          this.#takeProxy(proxy);
        } catch (error) {
          // One bad row, written by somebody else, must not keep the others out.
          const reason = error instanceof Error ? error.message : String(error);
          this.#warn(`Cannot take over proxy ${proxy.id} from "${this.#store.location}": ${reason}`);
        }
      }
    });
  }

  #takeProxy(stored: ProxySnapshot): void {
    // Only what is pending can be in the way; so a whole file is loaded without looking for anything.
    const isQuiet = this.#changed.size === 0 && this.#unwritten.size === 0;
    const known = isQuiet
      ? undefined
      : this.#rotator.getProxy(stored.id) ?? this.#rotator.findByUrl(stored.url);
    if (known && (known.id !== stored.id || this.#changed.has(known.id))) this.#merge(stored, known.id);
    else this.#rotator.restore(stored);
    const unwritten = isQuiet ? undefined : this.#unwritten.get(stored.url);
    if (unwritten) this.#rotator.addProxy(stored.url, withoutUrl(unwritten));
    if (this.#isCut(stored)) this.#changed.add(stored.id);
    if (hasCounted(stored)) this.#baselines.set(stored.id, countersOf(stored));
    else this.#baselines.delete(stored.id);
  }

  /** Whether its circuit was to be open for longer than any is: a wall clock was set back, and the store is wrong. */
  #isCut({ id, circuit: { openUntil } }: ProxySnapshot): boolean {
    const here = openUntil === null ? null : this.#rotator.snapshot(id).circuit.openUntil;
    return openUntil !== null && here !== null && here < openUntil - 1000;
  }

  /** What was counted here and not written yet comes on top of what the store has; the state here is newer. */
  #merge(stored: ProxySnapshot, localId: string): void {
    const local = this.#rotator.snapshot(localId);
    const delta = deltaSince(this.#baselines.get(localId) ?? NO_COUNTERS, local);
    const hasOutcomes = this.#changed.delete(localId);
    if (localId !== stored.id) {
      this.#rotator.removeProxy(localId);
      this.#baselines.delete(localId);
    }
    this.#rotator.restore(hasOutcomes ? addDelta(stored, delta) : stored);
    if (hasOutcomes) this.#changed.add(stored.id);
  }

  /**
   * Gives the proxy of this URL the id that the store has for it, and has the store learn what is known of it here.
   *
   * @returns Whether it had another
   */
  #adopt(id: string, url: string | undefined): boolean {
    const local = url === undefined ? undefined : this.#rotator.findByUrl(url);
    if (!local || local.id === id) return false;
    const known = this.#rotator.snapshot(local.id);
    this.#changed.add(local.id);
    this.#applying(() => this.#merge({ ...known, ...NO_COUNTERS, id }, local.id));
    this.#unwritten.set(known.url, { ...toNewProxy(known), ...this.#unwritten.get(known.url), id });
    return true;
  }

  /** Only here; the store does not have it any more. */
  #forget(id: string): void {
    const url = this.#rotator.getProxy(id)?.url;
    if (url !== undefined) this.#unwritten.delete(url);
    this.#applying(() => this.#rotator.removeProxy(id));
    this.#changed.delete(id);
    this.#baselines.delete(id);
  }

  // Adding

  #addStored(proxy: NewProxy | undefined, { id, isNew }: UpsertResult): AddResult<P> {
    if (!proxy) {
      throw new TypeError("Cannot add proxies: the store answered with more results than there were proxies");
    }
    // Removed from the rotator while this add was on its way: a new proxy then.
    if (this.#unremoved.has(id)) return this.#addUnstored(proxy);
    this.#adopt(id, proxy.url);
    const added = this.#rotator.addProxy(proxy.url, { ...withoutUrl(proxy), id });
    const unwritten = this.#unwritten.get(proxy.url);
    if (unwritten) this.#unwritten.set(proxy.url, { ...unwritten, ...proxy, id });
    return { id, isNew, proxy: added.proxy, isStored: true };
  }

  #addUnstored(proxy: NewProxy): AddResult<P> {
    const { url } = proxy;
    const added = this.#rotator.addProxy(url, withoutUrl(proxy));
    // A known proxy told the observer of nothing new, yet its metadata may be.
    const before = this.#unwritten.get(url);
    this.#unwritten.set(url, { ...before, ...proxy, id: added.proxy.id });
    this.#flushSoon(this.#flushIntervalMs);
    return { id: added.proxy.id, isNew: added.isNew, proxy: added.proxy, isStored: false };
  }

  // Noting what happens in the rotator

  #noteAdded(proxy: SyncedProxy): void {
    const snapshot = this.#rotator.snapshot(proxy.id);
    this.#unwritten.set(snapshot.url, toNewProxy(snapshot));
    if (hasCounted(snapshot)) this.#changed.add(snapshot.id);
    this.#flushSoon(this.#flushIntervalMs);
  }

  #noteRemoved(proxy: SyncedProxy): void {
    this.#unwritten.delete(proxy.url);
    this.#unremoved.add(proxy.id);
    this.#changed.delete(proxy.id);
    this.#baselines.delete(proxy.id);
    this.#flushSoon(this.#flushIntervalMs);
  }

  #noteChanged(proxy: SyncedProxy): void {
    if (this.#changed.has(proxy.id)) return;
    this.#changed.add(proxy.id);
    this.#flushSoon(this.#flushIntervalMs);
  }

  #applying<T>(work: () => T): T {
    const before = this.#isApplying;
    this.#isApplying = true;
    try {
      return work();
    } finally {
      this.#isApplying = before;
    }
  }

  // Time and failures

  /** One piece of work after the other: a pull between reading counters and writing them would count twice. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Proxies with changes that the store does not have yet. */
  get pendingCount(): number {
    return this.#changed.size + this.#unwritten.size + this.#unremoved.size;
  }

  get #isPending(): boolean {
    return this.pendingCount + this.#unlearned.size > 0;
  }

  /** A store that just failed is not waited for again. */
  get #patience(): { readonly waitMs?: number } {
    return this.#trouble.current ? { waitMs: 0 } : {};
  }

  /** The timer is a little early: the interval is a promise, and the write itself takes time. */
  #flushSoon(intervalMs: number): void {
    if (!this.#isStarted || this.#flushTimer !== undefined) return;
    this.#flushTimer = setTimeout(() => {
      this.#flushTimer = undefined;
      void this.flush().then(() => this.#isPending && this.#flushSoon(this.#retryMs));
    }, intervalMs * 0.8);
    this.#flushTimer.unref?.();
  }

  #pollSoon(): void {
    this.#pollTimer = setTimeout(() => {
      void this.pull().then(() => this.#isStarted && this.#pollSoon());
    }, this.#pollIntervalMs);
    this.#pollTimer.unref?.();
  }

  get #retryMs(): number {
    const failure = this.#trouble.current;
    return failure && failure.code !== "STORE_BUSY" ? REPAIR_INTERVAL_MS : this.#flushIntervalMs;
  }

  #describePending(): string {
    return `${this.#unwritten.size} new proxies, ${this.#unremoved.size} removals and the outcomes of ` +
      `${this.#changed.size} proxies`;
  }
}
