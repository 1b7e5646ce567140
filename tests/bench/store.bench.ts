/** The pool on disk. */

import { ProxyRotator } from "../../src/core/mod.ts";
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

/** Writing the outcomes of many proxies, as one flush does. */
export async function apply(): Promise<readonly BenchRow[]> {
  using dir = new TempDir();
  const size = 10_000;
  const { store } = await openStore(dir.join("pool.db"));
  const ids = await store.upsert(Array.from({ length: size }, (_, i) => ({ url: proxyUrl(i) })));
  const value = await medianMs(() => store.apply(ids.map(({ id }) => useOf(id))));
  await store.close();
  return [{ name: `write the outcomes of ${grouped(size)} proxies`, value, unit: "ms" }];
}

async function makeUsedPool(db: string, size: number): Promise<void> {
  const { store } = await openStore(db);
  const results = await store.upsert(
    Array.from({ length: size }, (_, i) => ({ url: proxyUrl(i), region: "US" })),
  );
  await store.apply(results.map(({ id }) => useOf(id)));
  await store.close();
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
