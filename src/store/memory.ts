/** A store that forgets with the process: for `:memory:`, for a file that cannot be used, and for tests. */

import type { CoolingSnapshot, LearnedState, PairSnapshot, SessionSnapshot } from "../core/learned.ts";
import type { ProxySnapshot } from "../core/types.ts";
import { MOST_PAIRS, NOTHING_LEARNED, PAIRS_KEPT_MS } from "./learned_limits.ts";
import { addDelta, mergeMetadata, newSnapshot, wishedId } from "./snapshot.ts";
import type { NewProxy, ProxyDelta, Store, StoreChanges, UpsertResult } from "./store.ts";
import { StoreError } from "./store_error.ts";

/** What may be injected into a {@linkcode MemoryStore}. */
export interface MemoryStoreOptions {
  /** Proxies that are there from the start. */
  readonly proxies?: readonly ProxySnapshot[];
  /** What was learned of them. */
  readonly learned?: LearnedState;
  /** Epoch ms, for the time of adding. @default {Date.now} */
  readonly wallClock?: () => number;
}

interface Entry {
  snapshot: ProxySnapshot;
  revision: number;
}

/** What all handles of one memory share. */
interface Memory {
  readonly entries: Map<string, Entry>;
  readonly idByUrl: Map<string, string>;
  readonly removed: Map<string, number>;
  /** By proxy and target. */
  readonly pairs: Map<string, Map<string, PairSnapshot>>;
  readonly sessions: Map<string, SessionSnapshot>;
  readonly cooling: Map<string, CoolingSnapshot>;
  readonly notes: Map<string, string>;
  readonly wallClock: () => number;
  revision: number;
}

/** A {@linkcode Store} in memory. */
export class MemoryStore implements Store {
  /** Always `:memory:`. */
  readonly location: string = ":memory:";
  /** Always false. */
  readonly isPersistent: boolean = false;
  #memory: Memory;
  #seen = 0;
  /** Ids that others touched, noticed while writing; told by the next {@linkcode MemoryStore.changes}. */
  #noticed = new Set<string>();
  #isClosed = false;

  /**
   * Makes a memory of its own.
   *
   * @param options What is there from the start
   */
  constructor(options: MemoryStoreOptions = {}) {
    const proxies = options.proxies ?? [];
    this.#memory = {
      entries: new Map(proxies.map((snapshot) => [snapshot.id, { snapshot, revision: 1 }])),
      idByUrl: new Map(proxies.map((snapshot) => [snapshot.url, snapshot.id])),
      removed: new Map(),
      pairs: new Map(),
      sessions: new Map(),
      cooling: new Map(),
      notes: new Map(),
      wallClock: options.wallClock ?? Date.now,
      revision: 1,
    };
    this.#saveLearned(options.learned ?? NOTHING_LEARNED);
  }

  /** A second handle on the same memory, as another process has on a file. */
  share(): MemoryStore {
    const other = new MemoryStore();
    other.#memory = this.#memory;
    return other;
  }

  /** All proxies in the order of adding. */
  loadAll(): Promise<readonly ProxySnapshot[]> {
    return this.#answer(() => {
      this.#seen = this.#memory.revision;
      this.#noticed.clear();
      return Array.from(this.#memory.entries.values(), (entry) => entry.snapshot);
    });
  }

  /** All proxies in one part. */
  async loadParts(receive: (proxies: readonly ProxySnapshot[]) => void): Promise<number> {
    const proxies = await this.loadAll();
    receive(proxies);
    return proxies.length;
  }

  /** Adds proxies or updates their metadata. */
  upsert(proxies: readonly NewProxy[]): Promise<readonly UpsertResult[]> {
    return this.#write((revision) => proxies.map((proxy) => this.#upsertOne(proxy, revision)));
  }

  /** Forgets proxies. */
  remove(ids: readonly string[]): Promise<number> {
    return this.#write((revision) => {
      let count = 0;
      for (const id of ids) {
        const entry = this.#memory.entries.get(id);
        if (!entry) continue;
        this.#memory.entries.delete(id);
        this.#memory.idByUrl.delete(entry.snapshot.url);
        this.#memory.removed.set(id, revision);
        this.#forgetLearned(id);
        count++;
      }
      return count;
    });
  }

  /** Adds up counters, replaces states and keeps what was learned. */
  apply(deltas: readonly ProxyDelta[], learned: LearnedState = NOTHING_LEARNED): Promise<void> {
    return this.#write((revision) => {
      this.#saveLearned(learned);
      for (const delta of deltas) {
        const entry = this.#memory.entries.get(delta.id);
        if (!entry) continue;
        entry.snapshot = addDelta(entry.snapshot, delta);
        entry.revision = revision;
      }
    });
  }

  /** What was learned of targets and sessions. */
  loadLearned(): Promise<LearnedState> {
    return this.#answer(() => {
      const { pairs, sessions, cooling } = this.#memory;
      const now = this.#memory.wallClock();
      const kept = [...pairs.values()].flatMap((targets) => [...targets.values()])
        .filter(({ lastAt }) => lastAt >= now - PAIRS_KEPT_MS)
        .map((pair) => pair.lastAt > now ? { ...pair, lastAt: now } : pair)
        .sort((a, b) => a.lastAt - b.lastAt);
      const lasting = [...sessions.values()].filter(({ expiresAt }) => expiresAt > now);
      const waiting = [...cooling.values()].filter(({ until }) => until > now);
      return {
        pairs: kept.slice(-MOST_PAIRS),
        sessions: lasting.sort((a, b) => a.expiresAt - b.expiresAt),
        endedSessions: [],
        ...(waiting.length > 0 && { cooling: waiting }),
      };
    });
  }

  /** Texts kept beside the proxies. */
  loadNotes(prefix: string): Promise<ReadonlyMap<string, string>> {
    return this.#answer(() => new Map([...this.#memory.notes].filter(([name]) => name.startsWith(prefix))));
  }

  /** Keeps texts. */
  saveNotes(notes: ReadonlyMap<string, string>): Promise<void> {
    return this.#answer(() => {
      for (const [name, text] of notes) this.#memory.notes.set(name, text);
    });
  }

  /** What other handles changed since the last call. */
  changes(): Promise<StoreChanges> {
    return this.#answer(() => {
      this.#notice();
      const { entries } = this.#memory;
      const ids = [...this.#noticed];
      this.#noticed.clear();
      return {
        proxies: ids.flatMap((id) => entries.get(id)?.snapshot ?? []),
        removed: ids.filter((id) => !entries.has(id)),
      };
    });
  }

  /** Ends the use of this handle. */
  close(): Promise<void> {
    this.#isClosed = true;
    return Promise.resolve();
  }

  #upsertOne(proxy: NewProxy, revision: number): UpsertResult {
    const { entries, idByUrl, removed, wallClock } = this.#memory;
    const known = idByUrl.get(proxy.url);
    const entry = known === undefined ? undefined : entries.get(known);
    if (entry) {
      const merged = mergeMetadata(entry.snapshot, proxy);
      if (merged !== entry.snapshot) Object.assign(entry, { snapshot: merged, revision });
      return { id: entry.snapshot.id, isNew: false };
    }
    const wished = wishedId(proxy);
    const id = wished !== undefined && !entries.has(wished) ? wished : crypto.randomUUID();
    entries.set(id, { snapshot: newSnapshot(id, proxy, wallClock()), revision });
    idByUrl.set(proxy.url, id);
    removed.delete(id);
    return { id, isNew: true };
  }

  #saveLearned(learned: LearnedState): void {
    const { entries, pairs, sessions, cooling } = this.#memory;
    for (const pair of learned.pairs) {
      if (!entries.has(pair.proxyId)) continue;
      const targets = pairs.get(pair.proxyId) ?? new Map<string, PairSnapshot>();
      pairs.set(pair.proxyId, targets.set(pair.target, pair));
    }
    for (const session of learned.sessions) {
      if (entries.has(session.proxyId)) sessions.set(session.key, session);
    }
    for (const key of learned.endedSessions) sessions.delete(key);
    for (const site of learned.cooling ?? []) cooling.set(site.target, site);
  }

  #forgetLearned(id: string): void {
    const { pairs, sessions } = this.#memory;
    pairs.delete(id);
    for (const { key, proxyId } of sessions.values()) if (proxyId === id) sessions.delete(key);
  }

  #write<T>(work: (revision: number) => T): Promise<T> {
    return this.#answer(() => {
      this.#notice();
      this.#seen = ++this.#memory.revision;
      return work(this.#seen);
    });
  }

  /** Remembers what others touched, so that one's own next revision can count as seen. */
  #notice(): void {
    const { entries, removed, revision } = this.#memory;
    if (revision === this.#seen) return;
    for (const [id, entry] of entries) if (entry.revision > this.#seen) this.#noticed.add(id);
    for (const [id, removedAt] of removed) if (removedAt > this.#seen) this.#noticed.add(id);
    this.#seen = revision;
  }

  #answer<T>(work: () => T): Promise<T> {
    return Promise.resolve().then(() => {
      if (this.#isClosed) {
        throw new StoreError("STORE_CLOSED", `Cannot use store "${this.location}": it was closed`);
      }
      return work();
    });
  }
}
