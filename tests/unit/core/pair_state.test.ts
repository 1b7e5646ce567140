import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PairState } from "../../../src/core/pair_state.ts";

const latency = fc.double({ min: 0, max: 60_000, noNaN: true });

test("PairState expects nothing without a sample, and the first sample as it is", () => {
  const pair = new PairState();
  assert.equal(pair.expectedMs(0), undefined);
  pair.addLatency(120, 1000);
  assert.equal(pair.expectedMs(1000), 120);
  assert.equal(pair.expectedMs(1e9), 120);
});

test("PairState takes over a slower sample at once, and a faster one step by step", () => {
  const pair = new PairState();
  pair.addLatency(100, 0);
  pair.addLatency(900, 1000);
  assert.equal(pair.expectedMs(1000), 900);
  pair.addLatency(100, 2000);
  const soon = pair.expectedMs(2000)!;
  assert.ok(soon > 600 && soon < 900, `${soon}`);
  pair.addLatency(100, 60_000);
  assert.ok(pair.expectedMs(60_000)! < 110);
});

test("PairState counts a failure as seconds, and lets that fade towards the last good latency", () => {
  const pair = new PairState();
  pair.addLatency(100, 0);
  pair.addPenalty(5000, 0);
  assert.equal(pair.expectedMs(0), 5000);
  let last = 5000;
  for (let now = 1000; now < 600_000; now += 1000) {
    const expected = pair.expectedMs(now)!;
    assert.ok(expected <= last && expected >= 100);
    last = expected;
  }
  assert.ok(last < 105);
});

test("PairState without a single good latency stays at the penalty", () => {
  const pair = new PairState();
  pair.addPenalty(5000, 0);
  assert.equal(pair.expectedMs(1e9), 5000);
});

test("PairState expects something between the least and the largest of its samples", () => {
  const sample = fc.tuple(latency, fc.nat(20_000));
  fc.assert(fc.property(fc.array(sample, { minLength: 1 }), fc.nat(100_000), (samples, later) => {
    const pair = new PairState();
    let now = 0;
    for (const [latencyMs, wait] of samples) pair.addLatency(latencyMs, now += wait);
    const expected = pair.expectedMs(now + later)!;
    const values = samples.map(([latencyMs]) => latencyMs);
    assert.ok(expected >= Math.min(...values) - 0.01 && expected <= Math.max(...values) + 0.01);
  }));
});

test("PairState's record fades: it stays below a bound, and follows a change of mind", () => {
  const pair = new PairState();
  for (let i = 0; i < 10_000; i++) pair.addEvidence(true);
  assert.ok(pair.recentSuccesses > 20 && pair.recentSuccesses <= 100);
  assert.equal(pair.recentFailures, 0);
  for (let i = 0; i < 300; i++) pair.addEvidence(false);
  assert.ok(pair.recentFailures > 5 * pair.recentSuccesses);
  assert.equal(pair.successesInRow, 0);
});
