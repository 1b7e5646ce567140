/** The rotator alone. */

import {
  type AcquireOptions,
  NoProxyAvailableError,
  parseProxyList,
  STRATEGY_NAMES,
} from "../../src/core/mod.ts";
import type { BenchRow } from "./bench_row.ts";
import { medianMs, mediansUsPerCall, medianUsPerCall } from "./measure.ts";
import { grouped, proxyUrl, rotatorOf } from "./proxies.ts";

const SIZES = [10, 1000, 100_000];

/** Acquire and report, every strategy, three sizes; and how much slower the largest pool is. */
export function acquire(): Promise<readonly BenchRow[]> {
  return Promise.resolve(STRATEGY_NAMES.flatMap((strategy) => acquireRows(strategy, "", {})));
}

/** The same for one site, which knows every proxy of the pool. */
export function acquireForTarget(): Promise<readonly BenchRow[]> {
  const target = "https://shop.example/cart";
  return Promise.resolve(STRATEGY_NAMES.flatMap((strategy) => acquireRows(strategy, ", target", { target })));
}

/** The same for one country and protocol. */
export function acquireByCriteria(): Promise<readonly BenchRow[]> {
  const criteria = { region: "US", protocol: "http" } as const;
  return Promise.resolve(STRATEGY_NAMES.flatMap((strategy) => acquireRows(strategy, ", criteria", criteria)));
}

function acquireRows(strategy: string, suffix: string, criteria: AcquireOptions): readonly BenchRow[] {
  const options = strategy === "session-persistence" ? { ...criteria, session: "bench" } : criteria;
  const target = criteria.target === undefined ? {} : { target: criteria.target };
  const calls = SIZES.map((size) => {
    const rotator = rotatorOf(size, { strategy });
    // Each proxy has had an outcome before: a pool in use, and not one that has just been filled.
    let latencyMs = 0;
    for (const { id } of rotator.proxies()) {
      latencyMs = (latencyMs + 7) % 200;
      rotator.report(id, { verdict: "ok", latencyMs: 50 + latencyMs, ...target });
    }
    return () => rotator.acquire(options).report({ verdict: "ok", latencyMs: 120 });
  });
  const values = mediansUsPerCall(calls, 10_000, { rounds: 15, warmups: 4 });
  const rows = values.map((value, index): BenchRow => ({
    name: `acquire + report, ${strategy}${suffix}, n = ${grouped(SIZES[index] ?? 0)}`,
    value,
    unit: "µs",
    budget: 2,
  }));
  const [, medium = NaN, large = NaN] = values;
  return [...rows, {
    name: `  growth from n = 1 000 to 100 000`,
    value: large / medium,
    unit: "×",
    budget: 2,
  }];
}

/** A site that refuses one request in fifty, under pacing: proxies leave and come back all the time. */
export function acquireUnderFire(): Promise<readonly BenchRow[]> {
  const rows = STRATEGY_NAMES.flatMap((strategy) =>
    [1000, 100_000].map((size): BenchRow => {
      // One proxy in a hundred is paced at any time.
      let now = 0;
      const pacing = { rate: "1/s", burst: 2 };
      const rotator = rotatorOf(size, { strategy, pacing, clock: { now: () => now } });
      const options = { target: "shop.example", session: "bench" };
      let calls = 0;
      const call = () => {
        now += 100_000 / size;
        options.session = `s${calls % 500}`;
        const verdict = ++calls % 50 === 0 ? "blocked" : "ok";
        try {
          rotator.acquire(options).report({ verdict, latencyMs: 120 });
        } catch (error) {
          if (!(error instanceof NoProxyAvailableError)) throw error;
        }
      };
      const value = medianUsPerCall(call, 5000, { rounds: 15, warmups: 4 });
      return {
        name: `acquire + report, ${strategy}, sessions, pace, refusals, n = ${grouped(size)}`,
        value,
        unit: "µs",
      };
    })
  );
  return Promise.resolve(rows);
}

/** Figures of the pool, and the best proxy among many. */
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
  const status = medianUsPerCall(() => rotator.poolStatus(), 10_000);
  return Promise.resolve([...rows, {
    name: `poolStatus, n = ${grouped(size)}`,
    value: status,
    unit: "µs",
    budget: 50,
  }]);
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
