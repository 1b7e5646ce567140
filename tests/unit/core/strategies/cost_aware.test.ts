import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import fc from "fast-check";
import { NoProxyAvailableError } from "../../../../src/core/errors.ts";
import type { PoolProxy } from "../../../../src/core/proxy_entry.ts";
import { bench, fill, urlOf } from "../support.ts";

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

test("cost-aware always chooses the cheapest above the floor, then the least used, whatever happens", () => {
  const step = fc.record({
    what: fc.constantFrom("pick" as const, "pick", "report", "price", "remove", "add"),
    proxy: fc.nat(9),
    cost: fc.constantFrom(0, 0.5, 1, 7),
    verdict: fc.constantFrom("ok" as const, "dead"),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: "max" }), (steps) => {
      const { rotator } = bench({ strategy: "cost-aware" });
      fill(rotator, 4, (index) => ({ cost: index % 2 }));
      let added = 4;
      for (const { what, proxy, cost, verdict } of steps) {
        const pool = [...rotator.proxies()];
        const id = pool[proxy % Math.max(pool.length, 1)]?.id ?? "";
        if (what === "add") rotator.addProxy(urlOf(++added), { cost });
        else if (what === "pick") {
          const rank = (one: PoolProxy) => [
            (one.totalSuccesses + 1) / (one.totalRequests + 2) >= 0.5 ? 0 : 1,
            one.cost ?? 0,
            one.requestsStarted,
          ];
          const free = pool.filter(({ circuit }) => circuit === "closed").map(rank)
            .sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!);
          if (free.length === 0) continue;
          const lease = rotator.acquire();
          const [tier, price, started] = rank(lease.proxy);
          assert.deepEqual([tier, price, started! - 1], free[0]);
          lease.release();
        } else if (pool.length === 0) continue;
        else if (what === "report") rotator.report(id, { verdict });
        else if (what === "price") rotator.describeProxy(id, { cost });
        else rotator.removeProxy(id);
      }
    }),
    { numRuns: 60 },
  );
});

test("cost-aware takes no more room when every proxy has a cost of its own", () => {
  const count = 8000;
  const { rotator } = bench({ strategy: "cost-aware" });
  // Room by slot for each cost would be a gigabyte.
  const before = process.memoryUsage().rss;
  const ids = fill(rotator, count, (index) => ({ cost: count - index }));
  const growthMb = (process.memoryUsage().rss - before) / 1e6;
  assert.ok(growthMb < 400, `${growthMb} MB`);
  assert.equal(rotator.acquire().proxy.id, ids[count - 1]);
});
