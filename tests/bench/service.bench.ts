/** The actions in process: input checked, handled, redacted. */

import { DEFAULT_SETTINGS } from "../../gen/settings.ts";
import { ProxyWhirlService } from "../../src/service/mod.ts";
import type { BenchRow } from "./bench_row.ts";
import { median } from "./measure.ts";
import { grouped, rotatorOf } from "./proxies.ts";

const size = 100_000;

/** Each reading action on a large pool. */
export async function actions(): Promise<readonly BenchRow[]> {
  const rotator = rotatorOf(size);
  let latencyMs = 0;
  for (const proxy of rotator.proxies()) {
    rotator.report(proxy.id, { verdict: "ok", latencyMs: ++latencyMs % 900 });
  }
  const [proxy] = rotator.proxies();
  const service = new ProxyWhirlService({ rotator, settings: DEFAULT_SETTINGS, version: "0.0.0" });

  const cases = [
    { input: { action: "health" }, unit: "µs", budget: 50 },
    { input: { action: "rotate" }, unit: "µs", budget: 50 },
    { input: { action: "status", proxy_id: proxy?.id }, unit: "µs", budget: 50 },
    { input: { action: "recommend" }, unit: "ms", budget: 10 },
    { input: { action: "list" }, unit: "ms", budget: 10 },
    { input: { action: "list", criteria: { region: "US" } }, unit: "ms", budget: 10 },
  ];
  const rows: BenchRow[] = [];
  for (const { input, unit, budget } of cases) {
    const us = await medianUs(service, input, unit === "ms" ? 30 : 5000);
    const criteria = input.criteria === undefined ? "" : ` ${JSON.stringify(input.criteria)}`;
    const value = unit === "ms" ? us / 1000 : us;
    rows.push({ name: `${input.action}${criteria} in process, n = ${grouped(size)}`, value, unit, budget });
  }
  return rows;
}

/** Median of single calls; the first half warms up. */
async function medianUs(service: ProxyWhirlService, input: unknown, calls: number): Promise<number> {
  const durations: number[] = [];
  for (let i = 0; i < 2 * calls; i++) {
    const before = performance.now();
    const result = await service.handle(input);
    if (i >= calls) durations.push((performance.now() - before) * 1000);
    if (!result.ok) throw new Error(`Cannot measure ${JSON.stringify(input)}: ${result.error.error}`);
  }
  return median(durations);
}
