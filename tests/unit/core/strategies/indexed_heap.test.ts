import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { IndexedHeap } from "../../../../src/core/strategies/indexed_heap.ts";

test("IndexedHeap has the smallest first while items come and go", () => {
  const step = fc.record({
    isAdd: fc.boolean(),
    index: fc.integer({ min: 0, max: 39 }),
    key: fc.integer({ min: 0, max: 9 }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 300, size: "max" }), (steps) => {
    const items = Array.from({ length: 40 }, (_, number) => ({ number, key: 0, place: -1 }));
    type Item = typeof items[number];
    const goesBefore = (a: Item, b: Item) => a.key < b.key || (a.key === b.key && a.number < b.number);
    const heap = new IndexedHeap<Item>(goesBefore);
    const model = new Set<Item>();
    for (const { isAdd, index, key } of steps) {
      const item = items[index]!;
      if (model.delete(item)) heap.remove(item);
      assert.equal(item.place, -1);
      if (isAdd) {
        item.key = key;
        model.add(item);
        heap.add(item);
      }
      const sorted = [...model].sort((a, b) => goesBefore(a, b) ? -1 : 1);
      assert.equal(heap.first, sorted[0]);
      assert.equal(heap.size, model.size);
    }
    const order: Item[] = [];
    while (heap.first !== undefined) {
      order.push(heap.first);
      heap.remove(heap.first);
    }
    assert.deepEqual(order, [...model].sort((a, b) => goesBefore(a, b) ? -1 : 1));
  }));
});
