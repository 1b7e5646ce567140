import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProxyRotator } from "../../../src/core/mod.ts";
import type { ProxySnapshot, Verdict } from "../../../src/core/types.ts";
import { MemoryStore, PoolSync, SqliteStore, type Store, StoreError } from "../../../src/store/mod.ts";
import { TempDir } from "../../support/temp_dir.ts";

/*
 * Two processes share one place and do anything in any order, with the place refusing now and then. When both
 * have written and read once more, both pools and the place are the same, and no outcome is lost or counted twice.
 */

const WALL_TIME = 1_795_000_000_000;

/** A store that can be made to fail. */
class UnreliableStore implements Store {
  readonly location: string = "unreliable";
  readonly isPersistent: boolean = true;
  isFailing: boolean = false;
  /** Adds proxies, and fails all the same: as when only the first part of a long list fits. */
  isFailingLate: boolean = false;
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  loadAll: Store["loadAll"] = () => this.#unlessFailing(() => this.#store.loadAll());
  loadParts: Store["loadParts"] = (receive) => this.#unlessFailing(() => this.#store.loadParts(receive));
  upsert: Store["upsert"] = (proxies) =>
    this.#unlessFailing(async () => {
      const results = await this.#store.upsert(proxies);
      if (this.isFailingLate) throw new StoreError("STORE_FULL", "full");
      return results;
    });
  remove: Store["remove"] = (ids) => this.#unlessFailing(() => this.#store.remove(ids));
  apply: Store["apply"] = (deltas, learned) => this.#unlessFailing(() => this.#store.apply(deltas, learned));
  loadLearned: Store["loadLearned"] = () => this.#unlessFailing(() => this.#store.loadLearned());
  loadNotes: Store["loadNotes"] = (prefix) => this.#unlessFailing(() => this.#store.loadNotes(prefix));
  saveNotes: Store["saveNotes"] = (notes) => this.#unlessFailing(() => this.#store.saveNotes(notes));
  changes: Store["changes"] = () => this.#unlessFailing(() => this.#store.changes());
  close: Store["close"] = () => this.#store.close();

  #unlessFailing<T>(work: () => Promise<T>): Promise<T> {
    return this.isFailing ? Promise.reject(new StoreError("STORE_BUSY", "locked")) : work();
  }
}

class Process {
  readonly store: UnreliableStore;
  readonly rotator: ProxyRotator;
  readonly sync: PoolSync;

  constructor(store: Store) {
    this.store = new UnreliableStore(store);
    const wallClock = { now: () => WALL_TIME };
    this.rotator = new ProxyRotator({ clock: { now: () => 0 }, wallClock, random: () => 0.5 });
    this.sync = new PoolSync({ rotator: this.rotator, store: this.store, onWarning: () => undefined });
  }

  contents(): ProxySnapshot[] {
    return Array.from(this.rotator.proxies(), ({ id }) => this.rotator.snapshot(id)).sort(byUrl);
  }
}

function byUrl(left: ProxySnapshot, right: ProxySnapshot): number {
  return left.url < right.url ? -1 : 1;
}

/** Outcomes `ok` and `dead` reported of each URL; removal makes it unknown how many count. */
type Ledger = Map<string, { ok: number; dead: number; isKnown: boolean }>;

/** What a process does; data, so that a counterexample can be read. */
type Step =
  | { readonly do: "report"; readonly url: string; readonly verdict: Verdict; readonly latencyMs: number }
  | { readonly do: "add"; readonly url: string; readonly region: string | null | undefined }
  | { readonly do: "remove" | "add directly" | "remove directly"; readonly url: string }
  | { readonly do: "flush" | "pull" | "fail" | "fail late" | "recover" };

const URLS = [1, 2, 3].map((last) => `http://203.0.113.${last}:8080`);
const url = fc.constantFrom(...URLS);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("report" as const),
      url,
      verdict: fc.constantFrom<Verdict>("ok", "ok", "dead", "blocked", "aborted"),
      latencyMs: fc.nat(500),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("add" as const),
      url,
      region: fc.constantFrom("US", "DE", null, undefined),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("remove", "add directly", "remove directly"), url }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constantFrom("flush", "flush", "flush", "pull", "pull", "fail", "fail late", "recover"),
    }),
  },
);

function take(step: Step, { rotator, sync, store }: Process, ledger: Ledger): Promise<unknown> | void {
  const proxy = "url" in step ? rotator.findByUrl(step.url) : undefined;
  const entry = "url" in step ? ledger.get(step.url) : undefined;
  switch (step.do) {
    case "report":
      if (!proxy || !entry) return;
      rotator.report(proxy.id, step);
      if (step.verdict === "ok" || step.verdict === "dead") entry[step.verdict]++;
      return;
    case "add":
      return sync.add([{ url: step.url, ...(step.region !== undefined && { region: step.region }) }]);
    case "add directly":
      return void (proxy ?? rotator.addProxy(step.url));
    case "remove":
    case "remove directly":
      if (!proxy || !entry) return;
      entry.isKnown = false;
      return step.do === "remove" ? sync.remove(proxy.id) : void rotator.removeProxy(proxy.id);
    case "fail":
    case "fail late":
    case "recover":
      store.isFailing = step.do === "fail";
      store.isFailingLate = step.do === "fail late";
      return;
    case "flush":
      return sync.flush();
    case "pull":
      return sync.pull();
  }
}

/** Whether the second process does it, and whether the next step waits for it. */
type Program = [isSecond: boolean, isAwaited: boolean, step: Step][];

const program: fc.Arbitrary<Program> = fc.array(fc.tuple(fc.boolean(), fc.boolean(), step), {
  maxLength: 60,
});

async function run(steps: Program, place: Store, processes: readonly [Process, Process]) {
  const ledger: Ledger = new Map(URLS.map((url) => [url, { ok: 0, dead: 0, isKnown: true }]));
  for (const process of processes) await process.sync.load();
  const running: unknown[] = [];
  for (const [isSecond, isAwaited, step] of steps) {
    const promise = take(step, processes[isSecond ? 1 : 0], ledger);
    if (isAwaited) await promise;
    else running.push(promise);
  }
  await Promise.all(running);
  for (const { store } of processes) store.isFailing = store.isFailingLate = false;
  for (let round = 0; round < 2; round++) {
    for (const { sync } of processes) await sync.flush();
    for (const { sync } of processes) await sync.pull();
  }
  const [one, other] = processes;
  const stored = [...await place.loadAll()].sort(byUrl);
  assert.deepEqual(one.contents(), other.contents());
  assert.deepEqual(one.contents(), stored);
  for (const { url, totalSuccesses, totalFailures } of stored) {
    const entry = ledger.get(url);
    if (entry?.isKnown) assert.deepEqual([totalSuccesses, totalFailures], [entry.ok, entry.dead]);
  }
}

test("PoolSync converges whatever two processes do in memory", async () => {
  await fc.assert(
    fc.asyncProperty(program, async (steps) => {
      const place = new MemoryStore({ wallClock: () => WALL_TIME });
      await run(steps, place, [new Process(place.share()), new Process(place.share())]);
    }),
    { numRuns: 2000 },
  );
});

test("PoolSync converges whatever two processes do in one file", async () => {
  await fc.assert(
    fc.asyncProperty(program, async (steps) => {
      using folder = new TempDir();
      const open = () => new SqliteStore(folder.join("pool.db"), { wallClock: () => WALL_TIME });
      const place = open();
      const processes = [new Process(open()), new Process(open())] as const;
      try {
        await run(steps, place, processes);
      } finally {
        for (const { sync } of processes) await sync.close();
        await place.close();
      }
    }),
    { numRuns: 25 },
  );
});
