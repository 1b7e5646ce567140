import assert from "node:assert/strict";
import { test } from "node:test";
import { isOverBudget } from "../../bench/bench_row.ts";
import { median, medianMs, medianUsPerCall } from "../../bench/measure.ts";
import { formatNumber, formatRows } from "../../bench/table.ts";

test("isOverBudget() takes a budget for the most, and for the least when the unit is a rate", () => {
  assert.equal(isOverBudget({ name: "a", value: 3, unit: "ms", budget: 2 }), true);
  assert.equal(isOverBudget({ name: "a", value: 2, unit: "ms", budget: 2 }), false);
  assert.equal(isOverBudget({ name: "a", value: 2, unit: "ms" }), false);
  assert.equal(isOverBudget({ name: "a", value: 3, unit: "requests/s", budget: 2 }), false);
  assert.equal(isOverBudget({ name: "a", value: 1, unit: "/s", budget: 2 }), true);
});

test("formatRows() aligns the columns and marks what is over budget", () => {
  const rows = [
    { name: "rotate", value: 1.234, unit: "µs", budget: 2 },
    { name: "validation", value: 1234.5, unit: "/s", budget: 1500, note: "loopback" },
    { name: "size", value: 421, unit: "KiB" },
  ];
  assert.deepEqual(formatRows(rows).split("\n"), [
    "  rotate       1.23 µs  <= 2 µs",
    "! validation  1 235 /s  >= 1 500 /s  loopback",
    "  size         421 KiB",
  ]);
});

test("formatNumber() keeps three significant digits and sets thousands apart", () => {
  const cases: [number, string][] = [[0.012345, "0.0123"], [1.2345, "1.23"], [99.96, "100"], [
    1234567,
    "1 234 567",
  ]];
  for (const [value, text] of cases) assert.equal(formatNumber(value), text);
});

test("median() is the middle value, or the mean of both", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.ok(Number.isNaN(median([])));
});

test("medianMs() and medianUsPerCall() call as often as they are told", async () => {
  let calls = 0;
  assert.ok(await medianMs(() => calls++, { rounds: 3, warmups: 2 }) >= 0);
  assert.equal(calls, 5);
  assert.ok(medianUsPerCall(() => calls++, 10, { rounds: 2, warmups: 0 }) >= 0);
  assert.equal(calls, 25);
});
