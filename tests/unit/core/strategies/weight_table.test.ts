import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ProxyEntry } from "../../../../src/core/proxy_entry.ts";
import { WeightTable } from "../../../../src/core/strategies/weight_table.ts";
import { chiSquare, chiSquareLimit, makeEntries, seededRandom } from "../support.ts";

const weights = fc.oneof(
  fc.constantFrom(0.25, 0.5, 1, 2, 8),
  fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
  fc.constantFrom(Number.MIN_VALUE, Number.MAX_VALUE, 1e-300, 1e300),
);

test("WeightTable holds what a model holds, and draws only members", () => {
  const step = fc.record({
    isSet: fc.boolean(),
    index: fc.integer({ min: 0, max: 39 }),
    weight: weights,
    draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 200, size: "max" }), (steps) => {
    const entries = makeEntries(40);
    const table = new WeightTable();
    const model = new Set<ProxyEntry>();
    for (const { isSet, index, weight, draw } of steps) {
      const entry = entries[index]!;
      if (isSet) {
        table.set(entry, weight);
        model.add(entry);
      } else {
        table.remove(entry);
        model.delete(entry);
      }
      assert.equal(table.size, model.size);
      let calls = 0;
      const drawn = table.draw(() => ++calls % 2 === 1 ? draw : 0);
      if (model.size === 0) assert.equal(drawn, undefined);
      else assert.ok(model.has(drawn!));
    }
  }));
});

test("WeightTable draws in proportion to the weights after many changes", () => {
  const entries = makeEntries(100);
  const random = seededRandom(7);
  const table = new WeightTable();
  for (let i = 0; i < 2000; i++) {
    const entry = entries[Math.floor(random() * 100)]!;
    if (random() < 0.3) table.remove(entry);
    else table.set(entry, 0.001 + 100 * random());
  }
  const weights = entries.map((_, index) => 0.3 * (1 + (index % 7)));
  entries.forEach((entry, index) => table.set(entry, weights[index]!));
  const counts = new Map<ProxyEntry, number>();
  const draws = 200_000;
  for (let i = 0; i < draws; i++) {
    const entry = table.draw(random)!;
    counts.set(entry, (counts.get(entry) ?? 0) + 1);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const statistic = chiSquare(
    entries.map((entry) => counts.get(entry) ?? 0),
    weights.map((weight) => draws * weight / total),
  );
  assert.ok(statistic < chiSquareLimit(entries.length - 1), `chi-square ${statistic}`);
});

test("WeightTable needs fewer than two pairs of draws on average, whatever the weights", () => {
  const entries = makeEntries(64);
  const random = seededRandom(11);
  const table = new WeightTable();
  for (const entry of entries) table.set(entry, 2 ** (20 * random() - 10));
  let calls = 0;
  for (let i = 0; i < 10_000; i++) {
    table.draw(() => {
      calls++;
      return random();
    });
  }
  assert.ok(calls / 10_000 < 4, `${calls / 10_000} random numbers a draw`);
});
