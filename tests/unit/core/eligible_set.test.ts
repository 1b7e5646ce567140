import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EligibleSet } from "../../../src/core/eligible_set.ts";
import { ProxyEntry } from "../../../src/core/proxy_entry.ts";
import { makeEntries } from "./support.ts";

test("EligibleSet behaves as a Set, and holds its members at 0 … size − 1", () => {
  const entries = makeEntries(60);
  const step = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: entries.length - 1 }));
  fc.assert(fc.property(fc.array(step, { maxLength: 300, size: "max" }), (steps) => {
    const set = new EligibleSet();
    const model = new Set<ProxyEntry>();
    for (const [isAdd, index] of steps) {
      const entry = entries[index]!;
      if (isAdd) {
        assert.equal(set.add(entry), !model.has(entry));
        model.add(entry);
      } else assert.equal(set.remove(entry), model.delete(entry));
      assert.equal(set.size, model.size);
    }
    assert.deepEqual(new Set(set), model);
    assert.deepEqual(new Set(Array.from({ length: set.size }, (_, index) => set.at(index))), model);
    for (const entry of entries) assert.equal(set.has(entry), model.has(entry));
  }));
});

test("EligibleSet does not take a proxy for another one that had its slot", () => {
  const set = new EligibleSet();
  const [first] = makeEntries(1);
  const second = new ProxyEntry("other", "http://10.9.9.9:1", "http", 0, 0);
  set.add(first!);
  assert.equal(set.has(second), false);
  assert.equal(set.remove(second), false);
  set.remove(first!);
  set.add(second);
  assert.equal(set.has(first!), false);
  assert.deepEqual([...set], [second]);
});

test("EligibleSet takes slots in any order, far apart", () => {
  const set = new EligibleSet();
  const [low, high] = [new ProxyEntry("a", "u", "http", 0, 0), new ProxyEntry("b", "v", "http", 100_000, 0)];
  set.add(high);
  set.add(low);
  assert.ok(set.has(low) && set.has(high));
});
