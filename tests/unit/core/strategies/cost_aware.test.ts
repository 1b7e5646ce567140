import assert from "node:assert/strict";
import { test } from "node:test";
import { NoProxyAvailableError } from "../../../../src/core/errors.ts";
import { bench, fill } from "../support.ts";

test("cost-aware chooses the cheapest, and among equals the least used", () => {
  const { rotator } = bench({ strategy: "cost-aware" });
  const costs = [3, 1, 2, 1];
  const ids = fill(rotator, 4, (index) => ({ cost: costs[index]! }));
  const picks = Array.from({ length: 4 }, () => rotator.acquire().proxy.id);
  assert.deepEqual(picks, [ids[1], ids[3], ids[1], ids[3]]);
});

test("cost-aware takes a proxy without a cost for free", () => {
  const { rotator } = bench({ strategy: "cost-aware" });
  const ids = fill(rotator, 2, (index) => index === 0 ? { cost: 0.01 } : {});
  assert.equal(rotator.acquire().proxy.id, ids[1]);
});

test("cost-aware puts proxies below the success floor after all others, until they recover", () => {
  const { rotator } = bench({ strategy: { name: "cost-aware", options: { minSuccessRate: 0.5 } } });
  const [cheap, dear] = fill(rotator, 2, (index) => ({ cost: index }));
  rotator.report(cheap!, { verdict: "dead" });
  assert.equal(rotator.acquire().proxy.id, dear);
  assert.equal(rotator.acquire({ exclude: [dear!] }).proxy.id, cheap, "better than none");
  rotator.report(cheap!, { verdict: "ok" });
  assert.equal(rotator.acquire().proxy.id, cheap);
});

test("cost-aware never chooses what costs more than the maximum, and follows a cost that is changed", () => {
  const { rotator } = bench({ strategy: { name: "cost-aware", options: { maxCost: 2 } } });
  const [dear] = fill(rotator, 1, () => ({ cost: 3 }));
  assert.throws(() => rotator.acquire(), NoProxyAvailableError);
  rotator.describeProxy(dear!, { cost: 2 });
  assert.equal(rotator.acquire().proxy.id, dear);
  rotator.describeProxy(dear!, { cost: 2.5 });
  assert.throws(() => rotator.acquire(), NoProxyAvailableError);
});
