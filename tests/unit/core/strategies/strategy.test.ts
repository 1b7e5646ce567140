import assert from "node:assert/strict";
import { test } from "node:test";
import { EligibleSet } from "../../../../src/core/eligible_set.ts";
import type { PoolProxy } from "../../../../src/core/proxy_entry.ts";
import {
  drawFromWindow,
  drawUniform,
  type SelectionRequest,
} from "../../../../src/core/strategies/strategy.ts";
import { chiSquare, chiSquareLimit, countBy, makeEntries, seededRandom } from "../support.ts";

function setOf(size: number): EligibleSet {
  const set = new EligibleSet();
  for (const entry of makeEntries(size)) set.add(entry);
  return set;
}

function requestAt(now: number, accepts: (proxy: PoolProxy) => boolean = () => true): SelectionRequest {
  return {
    accepts,
    latencyMs: () => undefined,
    record: () => ({ recentSuccesses: 0, recentFailures: 0 }),
    proven: new EligibleSet(),
    session: undefined,
    random: seededRandom(now + 1),
    now,
  };
}

test("drawUniform() answers an acceptable proxy, or none after a bounded number of draws", () => {
  const set = setOf(10);
  const chosen = drawUniform(set, requestAt(0, (proxy) => proxy === set.at(3) || proxy === set.at(4)));
  assert.ok(chosen === set.at(3) || chosen === set.at(4));
  let asked = 0;
  assert.equal(drawUniform(set, requestAt(0, () => ++asked < 0)), undefined);
  assert.ok(asked > 0 && asked < 100);
  assert.equal(drawUniform(new EligibleSet(), requestAt(0)), undefined);
});

test("drawFromWindow() draws uniformly from a small set", () => {
  const set = setOf(50);
  const request = requestAt(123_456);
  const counts = countBy(Array.from({ length: 50_000 }, () => drawFromWindow(set, request)));
  const statistic = chiSquare([...set].map((entry) => counts.get(entry) ?? 0), [...set].map(() => 1000));
  assert.ok(statistic < chiSquareLimit(49), `chi-square ${statistic}`);
});

test("drawFromWindow() looks at few proxies of a large set at a time, and in time at all of them", () => {
  const set = setOf(5000);
  const request = requestAt(0);
  const atOnce = new Set(Array.from({ length: 20_000 }, () => drawFromWindow(set, request)));
  assert.ok(atOnce.size <= 1024);
  const inTime = new Set<PoolProxy>();
  for (let now = 0; now < 60_000; now += 5) inTime.add(drawFromWindow(set, { ...request, now }));
  assert.ok(inTime.size > 4000, `${inTime.size}`);
});
