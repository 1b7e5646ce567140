import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Engine } from "../../../src/core/engine.ts";
import { parseProxyUrl } from "../../../src/core/proxy_url.ts";
import { TargetTable } from "../../../src/core/target_table.ts";
import { FakeClock, makeEntries, seededRandom, urlOf } from "./support.ts";

test("TargetTable drops the target that was not used for longest, and tells of it", () => {
  const dropped: string[] = [];
  const table = new TargetTable({ maxTargets: 2 }, (target) => dropped.push(target.name));
  table.get("a");
  table.get("b");
  table.find("a");
  table.get("c");
  assert.deepEqual(dropped, ["b"]);
  assert.equal(table.find("b"), undefined);
  assert.equal(table.peek("a")?.name, "a");
  assert.deepEqual([...table.values()].map((target) => target.name), ["a", "c"]);
  table.peek("a");
  table.get("d");
  assert.deepEqual(dropped, ["b", "a"], "a look does not count as use");
});

test("TargetTable stays within its number of pairs, in many targets and in one", () => {
  const entries = makeEntries(50);
  const table = new TargetTable({ maxPairs: 10 }, () => {});
  for (const name of ["a", "b", "c"]) {
    for (const entry of entries.slice(0, 6)) {
      const target = table.get(name);
      target.pairOf(entry);
      table.settle(target);
      assert.ok(table.pairs <= 10);
    }
  }
  assert.equal(table.find("a"), undefined);
  const only = new TargetTable({ maxPairs: 10 }, () => {});
  for (const entry of entries) {
    only.get("a").pairOf(entry);
    only.settle(only.get("a"));
  }
  assert.equal(only.pairs, 10);
  assert.ok(only.get("a").pair(entries[49]!) !== undefined, "the latest are kept");
  assert.equal(only.get("a").pair(entries[0]!), undefined);
});

test("TargetTable does not count a target that it dropped", () => {
  const [entry] = makeEntries(1);
  const table = new TargetTable({ maxTargets: 1 }, () => {});
  const dropped = table.get("a");
  table.get("b");
  dropped.pairOf(entry!);
  table.settle(dropped);
  assert.equal(table.pairs, 0);
});

test("TargetTable counts its pairs rightly, whatever is learned, dropped and removed", () => {
  const step = fc.record({
    proxy: fc.nat(7),
    target: fc.constantFrom("a.example", "b.example", "c.example", undefined),
    verdict: fc.constantFrom("ok" as const, "blocked", "dead", "aborted", "target_error"),
    isRemoval: fc.boolean(),
  });
  const bounds = fc.record({
    maxTargets: fc.integer({ min: 1, max: 3 }),
    maxPairs: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 80, size: "max" }),
      bounds,
      fc.boolean(),
      (steps, bounds, isPaced) => {
        const clock = new FakeClock(1000);
        const engine = new Engine({
          clock,
          wallClock: clock,
          random: seededRandom(1),
          targets: bounds,
          ...(isPaced && { pacing: "1/s" }),
        });
        for (const { proxy, target, verdict, isRemoval } of steps) {
          const url = parseProxyUrl(urlOf(proxy));
          const entry = engine.pool.getByUrl(url.href) ?? engine.join(`id-${proxy}`, url, {});
          if (isRemoval) engine.leave(entry);
          else {
            if (target !== undefined) engine.startOn(target, entry, engine.advance());
            engine.learn(entry, target, { verdict }, engine.advance());
          }
          const targets = [...engine.targets.values()];
          assert.equal(engine.targets.pairs, targets.reduce((sum, target) => sum + target.size, 0));
          assert.ok(engine.targets.pairs <= bounds.maxPairs);
          assert.ok(targets.length <= bounds.maxTargets);
          for (const known of engine.anywhere.entries()) assert.ok(known.isPooled);
          for (const other of engine.pool.values()) {
            const expected = targets.filter((target) => target.pair(other) !== undefined);
            assert.deepEqual(new Set(other.targets ?? []), new Set(expected));
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});
