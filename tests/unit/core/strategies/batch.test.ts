import assert from "node:assert/strict";
import { test } from "node:test";
import { EligibleSet } from "../../../../src/core/eligible_set.ts";
import { Batch } from "../../../../src/core/strategies/batch.ts";
import type { SelectionRequest } from "../../../../src/core/strategies/strategy.ts";
import { chiSquare, chiSquareLimit, countBy, makeEntries, seededRandom } from "../support.ts";

test("Batch draws so many at once, each with the same probability", () => {
  const entries = makeEntries(20);
  const set = new EligibleSet();
  for (const entry of entries) set.add(entry);
  const request: SelectionRequest = {
    accepts: () => true,
    latencyMs: () => undefined,
    record: () => ({ recentSuccesses: 0, recentFailures: 0 }),
    proven: new EligibleSet(),
    session: undefined,
    random: seededRandom(3),
    now: 0,
  };
  const batch = new Batch(8);
  const drawn = Array.from({ length: 2500 }, () => [...batch.draw(set, request)]);
  assert.ok(drawn.every((proxies) => proxies.length === 8));
  const counts = countBy(drawn.flat());
  const statistic = chiSquare(entries.map((entry) => counts.get(entry) ?? 0), entries.map(() => 1000));
  assert.ok(statistic < chiSquareLimit(19), `chi-square ${statistic}`);
});
