import assert from "node:assert/strict";
import { test } from "node:test";
import { bench, chiSquare, chiSquareLimit, countBy, fill } from "../support.ts";

function assertUniform(counts: ReadonlyMap<string, number>, ids: readonly string[]): void {
  const observed = ids.map((id) => counts.get(id) ?? 0);
  const total = observed.reduce((sum, count) => sum + count, 0);
  const statistic = chiSquare(observed, ids.map(() => total / ids.length));
  assert.ok(statistic < chiSquareLimit(ids.length - 1), `chi-square ${statistic} of ${observed}`);
}

test("random chooses each with the same probability", () => {
  const { rotator } = bench({ strategy: "random" });
  const ids = fill(rotator, 20);
  assertUniform(countBy(Array.from({ length: 20_000 }, () => rotator.acquire().proxy.id)), ids);
});

test("random chooses uniformly among those left after many came and went", () => {
  const { rotator } = bench({ strategy: "random" });
  const ids = fill(rotator, 60);
  ids.forEach((id, index) => index % 3 === 0 || rotator.removeProxy(id));
  const left = ids.filter((_, index) => index % 3 === 0);
  assertUniform(countBy(Array.from({ length: 20_000 }, () => rotator.acquire().proxy.id)), left);
});

test("random chooses uniformly among those that the target does not refuse", () => {
  const { rotator } = bench({ strategy: "random" });
  const ids = fill(rotator, 30);
  const target = "shop.example";
  ids.slice(10).forEach((id) => rotator.report(id, { verdict: "blocked", target }));
  const counts = countBy(Array.from({ length: 10_000 }, () => rotator.acquire({ target }).proxy.id));
  assertUniform(counts, ids.slice(0, 10));
  assert.equal(counts.size, 10);
});
