/** The pool on disk. */

import { openStore } from "../../src/store/mod.ts";
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

/** Reading a large file. */
export async function load(): Promise<readonly BenchRow[]> {
  using dir = new TempDir();
  const size = 100_000;
  const db = dir.join("pool.db");
  const { store } = await openStore(db);
  await store.upsert(Array.from({ length: size }, (_, i) => ({ url: proxyUrl(i), region: "US" })));
  await store.close();
  const value = await medianMs(async () => {
    const { store } = await openStore(db);
    const { length } = await store.loadAll();
    if (length !== size) throw new Error(`Loaded ${length} of ${size} proxies`);
    await store.close();
  });
  return [{ name: `open and load ${grouped(size)} proxies`, value, unit: "ms", budget: 500 }];
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
