import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ProxyEntry } from "../../../../src/core/proxy_entry.ts";
import { SumTree } from "../../../../src/core/strategies/sum_tree.ts";
import { chiSquare, chiSquareLimit, makeEntries, seededRandom } from "../support.ts";

test("SumTree keeps the weights of a model, and draws exactly what a walk over them would", () => {
  const step = fc.record({
    isSet: fc.boolean(),
    index: fc.integer({ min: 0, max: 39 }),
    // Powers of two add up exactly, in whatever order.
    weight: fc.constantFrom(0, 0.25, 0.5, 1, 2, 8),
    draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 200, size: "max" }), (steps) => {
    const entries = makeEntries(40);
    const tree = new SumTree();
    const model = new Map<ProxyEntry, number>();
    for (const { isSet, index, weight, draw } of steps) {
      const entry = entries[index]!;
      if (isSet) {
        tree.set(entry, weight);
        model.set(entry, weight);
      } else {
        tree.remove(entry);
        model.delete(entry);
      }
      const total = [...model.values()].reduce((sum, weight) => sum + weight, 0);
      assert.equal(tree.size, model.size);
      assert.equal(tree.total, total);
      const drawn = tree.draw(() => draw);
      if (total === 0) assert.equal(drawn, undefined);
      else assert.ok((model.get(drawn!) ?? 0) > 0);
    }
  }));
});

test("SumTree draws in proportion to the weights after many changes", () => {
  const entries = makeEntries(100);
  const random = seededRandom(7);
  const tree = new SumTree();
  for (let i = 0; i < 2000; i++) {
    const entry = entries[Math.floor(random() * 100)]!;
    if (random() < 0.3) tree.remove(entry);
    else tree.set(entry, random());
  }
  const weights = entries.map((_, index) => index % 3 === 0 ? 0 : 1 + (index % 5));
  entries.forEach((entry, index) => tree.set(entry, weights[index]!));
  const counts = new Map<ProxyEntry, number>();
  const draws = 100_000;
  for (let i = 0; i < draws; i++) {
    const entry = tree.draw(random)!;
    counts.set(entry, (counts.get(entry) ?? 0) + 1);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const live = entries.filter((_, index) => weights[index]! > 0);
  assert.equal(counts.size, live.length);
  const statistic = chiSquare(
    live.map((entry) => counts.get(entry)!),
    live.map((entry) => draws * weights[entries.indexOf(entry)]! / total),
  );
  assert.ok(statistic < chiSquareLimit(live.length - 1), `chi-square ${statistic}`);
});
