import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Pool } from "../../../src/core/pool.ts";
import type { ProxyEntry } from "../../../src/core/proxy_entry.ts";
import { urlOf } from "./support.ts";

function add(pool: Pool, index: number): ProxyEntry {
  return pool.add(`id-${index}`, { href: urlOf(index), protocol: "http" }, 0);
}

test("Pool finds proxies by id in any case and by URL", () => {
  const pool = new Pool();
  const entry = add(pool, 1);
  assert.equal(pool.get("id-1"), entry);
  assert.equal(pool.get("ID-1"), entry);
  assert.equal(pool.getByUrl(urlOf(1)), entry);
  assert.equal(pool.get("id-2"), undefined);
  pool.remove(entry);
  assert.equal(pool.get("id-1"), undefined);
  assert.equal(pool.getByUrl(urlOf(1)), undefined);
  assert.equal(entry.isPooled, false);
});

test("Pool finds an id that was given in upper case", () => {
  const pool = new Pool();
  const entry = pool.add("ABC", { href: urlOf(1), protocol: "http" }, 0);
  assert.equal(pool.get("abc"), entry);
  assert.equal(pool.get("ABC"), entry);
  pool.remove(entry);
  assert.equal(pool.size, 0);
  assert.equal(pool.get("ABC"), undefined);
});

test("Pool lists in the order of adding, with distinct small slots and rising ordinals", () => {
  const step = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 19 }));
  fc.assert(fc.property(fc.array(step, { maxLength: 200, size: "max" }), (steps) => {
    const pool = new Pool();
    const model: ProxyEntry[] = [];
    let largest = 0;
    let lastOrdinal = 0;
    for (const [isAdd, index] of steps) {
      const known = model.find((entry) => entry.url === urlOf(index));
      if (isAdd && known === undefined) {
        const entry = add(pool, index);
        assert.ok(entry.ordinal > lastOrdinal);
        lastOrdinal = entry.ordinal;
        model.push(entry);
      } else if (!isAdd && known !== undefined) {
        pool.remove(known);
        model.splice(model.indexOf(known), 1);
      }
      largest = Math.max(largest, model.length);
      assert.equal(pool.size, model.length);
      assert.deepEqual([...pool.values()], model);
      assert.equal(new Set(model.map((entry) => entry.slot)).size, model.length);
      assert.ok(model.every((entry) => entry.slot >= 0 && entry.slot < largest));
    }
  }));
});
