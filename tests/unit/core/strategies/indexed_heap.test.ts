import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ProxyEntry } from "../../../../src/core/proxy_entry.ts";
import { IndexedHeap } from "../../../../src/core/strategies/indexed_heap.ts";
import { makeEntries } from "../support.ts";

test("IndexedHeap has the smallest first while entries come, go and change", () => {
  const step = fc.record({
    what: fc.constantFrom("add", "remove", "change"),
    index: fc.integer({ min: 0, max: 39 }),
    key: fc.integer({ min: 0, max: 9 }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 300, size: "max" }), (steps) => {
    const entries = makeEntries(40);
    const goesBefore = (a: ProxyEntry, b: ProxyEntry) =>
      a.requestsStarted - b.requestsStarted < 0 ||
      (a.requestsStarted === b.requestsStarted && a.slot < b.slot);
    const heap = new IndexedHeap(goesBefore);
    const model = new Set<ProxyEntry>();
    for (const { what, index, key } of steps) {
      const entry = entries[index]!;
      if (what === "add" && !model.has(entry)) {
        entry.requestsStarted = key;
        model.add(entry);
        heap.add(entry);
      } else if (what === "remove") {
        model.delete(entry);
        heap.remove(entry);
      } else if (what === "change") {
        entry.requestsStarted = key;
        heap.update(entry);
      }
      const sorted = [...model].sort((a, b) => goesBefore(a, b) ? -1 : 1);
      assert.equal(heap.first, sorted[0]);
      assert.equal(heap.size, model.size);
    }
    const order: ProxyEntry[] = [];
    while (heap.first !== undefined) {
      order.push(heap.first);
      heap.remove(heap.first);
    }
    assert.deepEqual(order, [...model].sort((a, b) => goesBefore(a, b) ? -1 : 1));
  }));
});
