import assert from "node:assert/strict";
import { test } from "node:test";
import { TargetTable } from "../../../src/core/target_table.ts";
import { bench, fill, makeEntries } from "./support.ts";

test("TargetTable stays within its bounds through 10 million targets", { timeout: 300_000 }, () => {
  const [entry] = makeEntries(1);
  const table = new TargetTable({ maxTargets: 1000, maxPairs: 500 }, () => {});
  for (let number = 0; number < 10_000_000; number++) {
    const target = table.get(`site-${number}.example`);
    if (number % 10 === 0) {
      target.pairOf(entry!);
      table.settle(target);
    }
    if (number % 1_000_000 !== 0) continue;
    assert.ok(table.size <= 1000 && table.pairs <= 500, `${table.size} targets, ${table.pairs} pairs`);
  }
  assert.equal(table.size, 1000);
  assert.ok(entry!.targets!.size <= 500);
});

test("ProxyRotator learns on and on while sites come and go", () => {
  const { rotator, clock } = bench({
    strategy: "adaptive",
    pacing: "15/min",
    targets: { maxTargets: 100, maxPairs: 300 },
  });
  const ids = fill(rotator, 20);
  for (let number = 0; number < 100_000; number++) {
    clock.advance(1);
    const lease = rotator.acquire({ target: `site-${number}.example` });
    lease.report({ verdict: number % 7 === 0 ? "blocked" : "ok", latencyMs: 50 });
  }
  const known = ids.reduce((sum, id) => sum + rotator.targetsOf(id, 1000).length, 0);
  assert.ok(known <= 300, `${known} pairs`);
  assert.equal(rotator.poolStatus().totalRequests > 80_000, true);
});
