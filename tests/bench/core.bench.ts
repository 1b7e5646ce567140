/** The rotator alone. */

import { parseProxyList, STRATEGY_NAMES } from "../../src/core/mod.ts";
import type { BenchRow } from "./bench_row.ts";
import { medianMs, medianUsPerCall } from "./measure.ts";
import { grouped, proxyUrl, rotatorOf } from "./proxies.ts";

/** Acquire and report, every strategy, three sizes. */
export function acquire(): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const strategy of STRATEGY_NAMES) {
    for (const size of [10, 1000, 100_000]) {
      const rotator = rotatorOf(size, { strategy });
      const options = strategy === "session-persistence" ? { session: "bench" } : {};
      const call = () => rotator.acquire(options).report({ verdict: "ok", latencyMs: 120 });
      // Each proxy has had an outcome before: a pool in use, and not one that has just been filled.
      for (const { id } of rotator.proxies()) rotator.report(id, { verdict: "ok", latencyMs: 120 });
      const value = medianUsPerCall(call, 50_000, { rounds: 5, warmups: 2 });
      rows.push({
        name: `acquire + report, ${strategy}, n = ${grouped(size)}`,
        value,
        unit: "µs",
        budget: 2,
      });
    }
  }
  return Promise.resolve(rows);
}

/** The best proxy among many. */
export function recommend(): Promise<readonly BenchRow[]> {
  const size = 100_000;
  const rotator = rotatorOf(size);
  let latencyMs = 0;
  for (const proxy of rotator.proxies()) {
    rotator.report(proxy.id, { verdict: "ok", latencyMs: ++latencyMs % 900 });
  }
  const rows = [{}, { region: "US" }, { performance: "high" as const }].map((criteria) => ({
    name: `recommend ${JSON.stringify(criteria)}, n = ${grouped(size)}`,
    value: medianUsPerCall(() => rotator.recommend(criteria), 10, { warmups: 2 }) / 1000,
    unit: "ms",
    budget: 10,
  }));
  return Promise.resolve(rows);
}

/** Reading a list. */
export async function parse(): Promise<readonly BenchRow[]> {
  const size = 100_000;
  const text = Array.from({ length: size }, (_, i) => proxyUrl(i).slice("http://".length)).join("\n");
  const value = await medianMs(() => parseProxyList(text), { rounds: 7, warmups: 2 });
  return [{ name: `parse ${grouped(size)} lines`, value, unit: "ms", budget: 150 }];
}

/** What 100 000 proxies cost. */
export function memory(): Promise<readonly BenchRow[]> {
  const { gc } = globalThis as { readonly gc?: () => void };
  if (gc === undefined) throw new Error("Cannot measure memory: run with --v8-flags=--expose-gc");
  const size = 100_000;
  const used = () => {
    gc();
    gc();
    const { heapUsed, external } = Deno.memoryUsage();
    return (heapUsed + external) / 1e6;
  };
  const before = used();
  const rotator = rotatorOf(size);
  const value = used() - before;
  const name = `memory of ${grouped(rotator.size)} proxies`;
  return Promise.resolve([{ name, value, unit: "MB", budget: 120, note: "heap after collection" }]);
}
