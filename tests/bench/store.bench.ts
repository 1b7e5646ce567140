/** The pool on disk. */

import { type LearnedState, type PairSnapshot, ProxyRotator } from "../../src/core/mod.ts";
import { openStore, PoolSync, type ProxyDelta } from "../../src/store/mod.ts";
import { run } from "../support/child.ts";
import { repoRoot } from "../support/runtimes.ts";
import { TempDir } from "../support/temp_dir.ts";
import type { BenchRow } from "./bench_row.ts";
import { median, medianMs } from "./measure.ts";
import { grouped, proxyUrl } from "./proxies.ts";

/** Adding to an empty file. */
export async function upsert(): Promise<readonly BenchRow[]> {
  using dir = new TempDir();
  const size = 10_000;
  const proxies = Array.from({ length: size }, (_, i) => ({ url: proxyUrl(i), region: "US" }));
  const firsts: number[] = [];
  const seconds: number[] = [];
  for (let i = -1; i < 5; i++) {
    const { store } = await openStore(dir.join(`${i}.db`));
    for (const durations of [firsts, seconds]) {
      const before = performance.now();
      await store.upsert(proxies);
      if (i >= 0) durations.push(performance.now() - before);
    }
    await store.close();
  }
  return [
    { name: `upsert ${grouped(size)} new proxies`, value: median(firsts), unit: "ms", budget: 100 },
    { name: `upsert ${grouped(size)} known proxies`, value: median(seconds), unit: "ms", budget: 100 },
  ];
}

/** Reading a large file of proxies that were used, into a rotator. */
export async function load(): Promise<readonly BenchRow[]> {
  using dir = new TempDir();
  const size = 100_000;
  const db = dir.join("pool.db");
  await makeUsedPool(db, size);
  const value = await medianMs(async () => {
    const { store } = await openStore(db);
    const sync = new PoolSync({ rotator: new ProxyRotator(), store });
    const count = await sync.load();
    if (count !== size) throw new Error(`Loaded ${count} of ${size} proxies`);
    await sync.close();
  });
  return [{ name: `open and load ${grouped(size)} proxies into a rotator`, value, unit: "ms", budget: 500 }];
}

/** The same with a pair for each proxy, over 100 targets, and with sessions. */
export async function loadLearned(): Promise<readonly BenchRow[]> {
  using dir = new TempDir();
  const size = 100_000;
  const db = dir.join("pool.db");
  await makeUsedPool(db, size, true);
  const value = await medianMs(async () => {
    const rotator = new ProxyRotator();
    const { store } = await openStore(db);
    const sync = new PoolSync({ rotator, store });
    await sync.load();
    const [first] = rotator.proxies();
    if (first === undefined || rotator.targetsOf(first.id).length !== 1) {
      throw new Error("Nothing was loaded");
    }
    await sync.close();
  });
  const words = `${grouped(size)} proxies, ${grouped(size)} pairs and ${grouped(size / 10)} sessions`;
  return [{ name: `open and load ${words} into a rotator`, value, unit: "ms" }];
}

/** Writing the outcomes of many proxies, as one flush does. */
export async function apply(): Promise<readonly BenchRow[]> {
  using dir = new TempDir();
  const size = 10_000;
  const { store } = await openStore(dir.join("pool.db"));
  const ids = await store.upsert(Array.from({ length: size }, (_, i) => ({ url: proxyUrl(i) })));
  const value = await medianMs(() => store.apply(ids.map(({ id }) => useOf(id))));
  const learned = learnedOf(ids.map(({ id }) => id));
  const withPairs = await medianMs(() => store.apply(ids.map(({ id }) => useOf(id)), learned));
  await store.close();
  const name = `write the outcomes of ${grouped(size)} proxies`;
  return [
    { name, value, unit: "ms" },
    { name: `${name}, as many pairs and a tenth as many sessions`, value: withPairs, unit: "ms" },
  ];
}

async function makeUsedPool(db: string, size: number, hasLearned = false): Promise<void> {
  const { store } = await openStore(db);
  const results = await store.upsert(
    Array.from({ length: size }, (_, i) => ({ url: proxyUrl(i), region: "US" })),
  );
  const ids = results.map(({ id }) => id);
  await store.apply(ids.map(useOf), hasLearned ? learnedOf(ids) : undefined);
  await store.close();
}

/** A pair for each proxy, and a session for each tenth. */
function learnedOf(ids: readonly string[]): LearnedState {
  const now = Date.now();
  const pairs = ids.map((proxyId, i): PairSnapshot => ({
    proxyId,
    target: `site-${i % 100}.example`,
    successes: 3,
    blocks: i % 10 === 0 ? 1 : 0,
    deads: 0,
    recentSuccesses: 2.5,
    recentFailures: 0.25,
    peakMs: 150.5,
    goodMs: 120,
    lastVerdict: "ok",
    lastAt: now - i,
    nextFreeAt: null,
    isProven: true,
    ejection: i % 10 === 0 ? { state: "closed", openUntil: null, timesOpened: 1 } : null,
  }));
  const holders = ids.filter((_, i) => i % 10 === 0);
  const sessions = holders.map((proxyId, i) => ({
    key: `session ${i}`,
    proxyId,
    expiresAt: now + 1_700_000,
    isExclusive: false,
  }));
  return { pairs, sessions, endedSessions: [] };
}

function useOf(id: string): ProxyDelta {
  return {
    id,
    requestsStarted: 3,
    totalSuccesses: 3,
    totalFailures: 0,
    latencySumMs: 300.5,
    latencyCount: 3,
    state: {
      status: "healthy",
      emaLatencyMs: 100.25,
      consecutiveFailures: 0,
      consecutiveSuccesses: 3,
      lastCheckAt: Date.now(),
      lastSuccessAt: Date.now(),
      lastFailureAt: null,
      circuit: { state: "closed", openUntil: null, timesOpened: 0 },
    },
  };
}

/** The command, from start to end of its process. */
export async function importList(): Promise<readonly BenchRow[]> {
  using dir = new TempDir();
  const size = 10_000;
  const list = dir.write("http.txt", Array.from({ length: size }, (_, i) => `${proxyUrl(i)}\n`).join(""));
  let count = 0;
  const value = await medianMs(async () => {
    const args = ["run", "-A", `${repoRoot}mod.ts`, "import", list, "--db", dir.join(`${count++}.db`)];
    const { code, stderr } = await run(Deno.execPath(), args);
    if (code !== 0) throw new Error(`Cannot import: ${stderr}`);
  });
  return [{ name: `import of ${grouped(size)} lines, whole process`, value, unit: "ms" }];
}
