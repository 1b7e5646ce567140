/** A million proxies, and a pool that changes all the time. */

import { type ProxyRotator, STRATEGY_NAMES } from "../../src/core/mod.ts";
import type { BenchRow } from "./bench_row.ts";
import { mediansUsPerCall, medianUsPerCall } from "./measure.ts";
import { grouped, proxyUrl, rotatorOf } from "./proxies.ts";

const MILLION = 1_000_000;
const SMALL = 1000;

/** Acquire and report among a million, beside a thousand. One pool is filled, and the strategy changed. */
export function acquireAmongAMillion(): Promise<readonly BenchRow[]> {
  const small = rotatorOf(SMALL);
  const large = rotatorOf(MILLION);
  const rows = STRATEGY_NAMES.flatMap((strategy): readonly BenchRow[] => {
    const [medium, value] = mediansUsPerCall(
      [small, large].map((rotator) => callOf(rotator, strategy)),
      5000,
      { rounds: 9, warmups: 2 },
    );
    return [
      { name: `acquire + report, ${strategy}, n = ${grouped(MILLION)}`, value: value ?? NaN, unit: "µs" },
      { name: `  growth from n = ${grouped(SMALL)}`, value: (value ?? NaN) / (medium ?? NaN), unit: "×" },
    ];
  });
  return Promise.resolve(rows);
}

function callOf(rotator: ProxyRotator, strategy: string): () => void {
  rotator.setStrategy(strategy);
  const options = strategy === "session-persistence" ? { session: "bench" } : {};
  return () => rotator.acquire(options).report({ verdict: "ok", latencyMs: 120 });
}

/**
 * Acquire and report while one proxy comes and one goes with every hundredth call: at 100 000 calls a second,
 * that is a thousand of each a second.
 */
export function acquireWhileThePoolChanges(): Promise<readonly BenchRow[]> {
  const rows = STRATEGY_NAMES.map((strategy): BenchRow => {
    const size = 10_000;
    const rotator = rotatorOf(size, { strategy });
    const ids = [...rotator.proxies()].map(({ id }) => id);
    const options = strategy === "session-persistence" ? { session: "bench" } : {};
    let calls = 0;
    const call = () => {
      if (++calls % 100 === 0) {
        const place = (calls / 100) % size;
        rotator.removeProxy(ids[place] ?? "");
        ids[place] = rotator.addProxy(proxyUrl(size + calls / 100)).id;
      }
      rotator.acquire(options).report({ verdict: "ok", latencyMs: 120 });
    };
    return {
      name: `acquire + report, ${strategy}, one added and one removed per 100, n = ${grouped(size)}`,
      value: medianUsPerCall(call, 5000, { rounds: 9, warmups: 2 }),
      unit: "µs",
      budget: 2,
    };
  });
  return Promise.resolve(rows);
}
