import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { UpdateThrottle } from "../../../src/mcp/update_throttle.ts";
import { FakeTimer } from "./fake_timer.ts";

test("UpdateThrottle tells the first change at once and merges the others until the interval ends", () => {
  const timer = new FakeTimer();
  const at: number[] = [];
  const throttle = new UpdateThrottle(() => at.push(timer.now()), { timer });
  throttle.changed();
  assert.deepEqual(at, [0]);
  for (let i = 0; i < 100; i++) {
    timer.advance(5);
    throttle.changed();
  }
  assert.deepEqual(at, [0]);
  timer.advance(600);
  assert.deepEqual(at, [0, 1000]);
  timer.advance(5000);
  assert.deepEqual(at, [0, 1000], "no change, no notification");
  throttle.changed();
  assert.deepEqual(at, [0, 1000, 6100]);
});

test("UpdateThrottle never tells twice within the interval, and always tells after the last change", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 1500 }), { minLength: 1 }), (waits) => {
    const timer = new FakeTimer();
    const told: number[] = [];
    const throttle = new UpdateThrottle(() => told.push(timer.now()), { timer });
    let lastChange = 0;
    for (const wait of waits) {
      timer.advance(wait);
      lastChange = timer.now();
      throttle.changed();
    }
    timer.advance(1000);
    told.forEach((at, index) => assert.ok(index === 0 || at - told[index - 1]! >= 1000));
    const last = told.at(-1)!;
    assert.ok(last >= lastChange && last <= lastChange + 1000, `last change ${lastChange}, told ${last}`);
  }));
});

test("UpdateThrottle.close() drops what is due and leaves no timer", () => {
  const timer = new FakeTimer();
  let told = 0;
  const throttle = new UpdateThrottle(() => told++, { timer });
  throttle.changed();
  throttle.changed();
  assert.equal(timer.pending, 1);
  throttle.close();
  assert.equal(timer.pending, 0);
  timer.advance(2000);
  assert.equal(told, 1);
});
