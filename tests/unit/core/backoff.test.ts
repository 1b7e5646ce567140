import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { backoffMs } from "../../../src/core/backoff.ts";

const options = { baseMs: 60_000, maxMs: 1_800_000 };

test("backoffMs() doubles from the base and stops at the maximum", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 1000].map((times) => backoffMs(times, options, () => 0));
  assert.deepEqual(waits, [60_000, 120_000, 240_000, 480_000, 960_000, 1_800_000, 1_800_000, 1_800_000]);
});

test("backoffMs() adds at most a fifth, so that proxies which died together do not come back together", () => {
  assert.equal(backoffMs(1, options, () => 0.5), 66_000);
  assert.ok(backoffMs(1, options, () => 0.999999) < 72_000);
});

test("backoffMs() never shrinks from one failure to the next, and stays between base and maximum", () => {
  const base = fc.integer({ min: 1, max: 100_000 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(base, fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 2000 }), random, random, (
      baseMs,
      factor,
      times,
      first,
      second,
    ) => {
      const shape = { baseMs, maxMs: baseMs * (1 + factor) };
      const wait = backoffMs(times, shape, () => first);
      assert.ok(wait >= baseMs && wait <= shape.maxMs && Number.isFinite(wait));
      assert.ok(backoffMs(times + 1, shape, () => second) >= wait);
    }),
  );
});
