import assert from "node:assert/strict";
import { test } from "node:test";
import { NoProxyAvailableError } from "../../../../src/core/errors.ts";
import { bench, countBy, fill } from "../support.ts";

function composite(...strategies: unknown[]) {
  return bench({ strategy: { name: "composite", options: { strategies } } });
}

test("composite filters first and then lets the last strategy choose", () => {
  const { rotator } = composite({ name: "geo-targeted", options: { regions: ["DE", "US"] } }, "round-robin");
  const ids = fill(rotator, 6, (index) => ({ region: ["US", "DE", "FR"][index % 3]! }));
  const picks = Array.from({ length: 4 }, () => rotator.acquire().proxy.id);
  assert.deepEqual(picks, [ids[1], ids[4], ids[1], ids[4]]);
});

test("composite lets the first filter weigh most", () => {
  const { rotator } = composite(
    { name: "geo-targeted", options: { regions: ["DE"] } },
    { name: "cost-aware", options: { minSuccessRate: 0.5 } },
    "round-robin",
  );
  const [german, other] = fill(rotator, 2, (index) => ({ region: index === 0 ? "DE" : "US" }));
  rotator.report(german!, { verdict: "dead" });
  assert.equal(rotator.acquire().proxy.id, german, "country before success");
  assert.equal(rotator.acquire({ exclude: [german!] }).proxy.id, other);
});

test("composite chooses nobody that one of its filters forbids", () => {
  const { rotator } = composite(
    { name: "cost-aware", options: { maxCost: 1 } },
    { name: "geo-targeted", options: { regions: ["DE"], fallback: false } },
    "random",
  );
  const ids = fill(
    rotator,
    4,
    (index) => ({ region: index < 2 ? "DE" : "US", cost: index % 2 === 0 ? 5 : 1 }),
  );
  assert.deepEqual([...countBy(Array.from({ length: 20 }, () => rotator.acquire().proxy.id)).keys()], [
    ids[1],
  ]);
  assert.throws(() => rotator.acquire({ exclude: [ids[1]!] }), NoProxyAvailableError);
});

test("composite can be a part of another composite", () => {
  const inner = {
    name: "composite",
    options: { strategies: [{ name: "geo-targeted", options: { regions: ["US"] } }, "random"] },
  };
  const { rotator } = composite(inner, "least-used");
  fill(rotator, 6, (index) => ({ region: index % 2 === 0 ? "DE" : "US" }));
  const counts = countBy(Array.from({ length: 6 }, () => rotator.acquire().proxy.id));
  assert.deepEqual([...counts.values()], [2, 2, 2]);
});

test("composite refuses an empty list, what is no list, and a filter that is none", () => {
  assert.throws(() => composite(), /composite without strategies/);
  assert.throws(() => composite("random", "round-robin"), /random as a filter of composite/);
  assert.throws(() => composite(5), RangeError);
  assert.throws(
    () => bench({ strategy: { name: "composite", options: { strategies: "random" } } }),
    /must be a list/,
  );
});
