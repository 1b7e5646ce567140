import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TimerHeap } from "../../../src/core/timer_heap.ts";

test("TimerHeap gives nothing when it is empty or nothing is due", () => {
  const heap = new TimerHeap<string>();
  assert.equal(heap.takeDue(Infinity), undefined);
  assert.equal(heap.nextAt, undefined);
  heap.add(10, "a");
  assert.equal(heap.takeDue(9.999), undefined);
  assert.deepEqual(heap.takeDue(10), { at: 10, item: "a" });
  assert.equal(heap.size, 0);
});

test("TimerHeap behaves as a sorted array", () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ takeDue: fc.integer({ min: 0, max: 60 }) }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 200, size: "max" }), (steps) => {
    const heap = new TimerHeap<number>();
    const model: number[] = [];
    steps.forEach((step, index) => {
      if ("add" in step) {
        heap.add(step.add, index);
        model.push(step.add);
        model.sort((a, b) => a - b);
      } else {
        const expected = model[0] !== undefined && model[0] <= step.takeDue ? model.shift() : undefined;
        assert.equal(heap.takeDue(step.takeDue)?.at, expected);
      }
      assert.equal(heap.size, model.length);
      assert.equal(heap.nextAt, model[0]);
    });
  }));
});

test("TimerHeap gives each item back exactly once, with the time it was added for", () => {
  fc.assert(fc.property(fc.array(fc.integer()), (times) => {
    const heap = new TimerHeap<number>();
    times.forEach((at, index) => heap.add(at, index));
    const seen = new Set<number>();
    for (let due = heap.takeDue(Infinity); due !== undefined; due = heap.takeDue(Infinity)) {
      assert.equal(due.at, times[due.item]);
      assert.ok(!seen.has(due.item));
      seen.add(due.item);
    }
    assert.equal(seen.size, times.length);
  }));
});
