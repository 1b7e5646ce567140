import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LeastUsedQueue } from "../../../../src/core/strategies/least_used_queue.ts";
import { makeEntries } from "../support.ts";

const step = fc.record({
  what: fc.constantFrom("use" as const, "add", "remove", "lift"),
  index: fc.integer({ min: 0, max: 19 }),
  count: fc.integer({ min: 0, max: 5 }),
});

test("LeastUsedQueue has the fewest uses first, and among equals who waits longest", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 300, size: "max" }), (steps) => {
    const entries = makeEntries(20);
    const queue = new LeastUsedQueue();
    const model: { entry: typeof entries[number]; since: number }[] = [];
    let time = 0;
    const sort = () =>
      model.sort((a, b) => a.entry.requestsStarted - b.entry.requestsStarted || a.since - b.since);
    for (const { what, index, count } of steps) {
      time++;
      const entry = what === "use" || what === "lift" ? queue.first : entries[index]!;
      if (entry === undefined) continue;
      const place = model.findIndex((member) => member.entry === entry);
      if (what === "lift") {
        queue.remove(entry);
        queue.putBack(entry);
      } else if (what === "remove") {
        queue.remove(entry);
        if (place >= 0) model.splice(place, 1);
      } else {
        const before = entry.requestsStarted;
        entry.requestsStarted = what === "use" ? before + 1 : place < 0 ? count : before;
        queue.put(entry);
        if (place < 0) model.push({ entry, since: time });
        else if (what === "use") model[place]!.since = time;
      }
      sort();
      assert.equal(queue.size, model.length);
      assert.equal(queue.first, model[0]?.entry);
    }
    const order = [];
    while (queue.first !== undefined) {
      order.push(queue.first.slot);
      queue.remove(queue.first);
    }
    assert.deepEqual(order, model.map(({ entry }) => entry.slot));
  }));
});

test("LeastUsedQueue keeps no line that nobody stands in", () => {
  const [first, second] = makeEntries(2);
  const queue = new LeastUsedQueue();
  queue.put(second!);
  for (let uses = 0; uses < 1000; uses++) {
    first!.requestsStarted++;
    queue.put(first!);
  }
  assert.equal(queue.first, second);
  queue.remove(second!);
  assert.equal(queue.first, first);
  queue.remove(first!);
  assert.equal(queue.first, undefined);
  assert.equal(queue.size, 0);
});
