import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ProxyRotator } from "../../../src/core/rotator.ts";
import type { PerformanceTier } from "../../../src/core/types.ts";
import { Program, settings, uses } from "./random_use.ts";
import { bench, fill } from "./support.ts";

/** Reports so many successes and failures, each success with this latency. */
function record(rotator: ProxyRotator, id: string, oks: number, deads: number, latencyMs?: number): void {
  for (let i = 0; i < deads; i++) rotator.report(id, { verdict: "dead" });
  for (let i = 0; i < oks; i++) {
    rotator.report(id, { verdict: "ok", ...(latencyMs !== undefined && { latencyMs }) });
  }
}

function order(rotator: ProxyRotator, performance: PerformanceTier): string[] {
  const { proxy, alternatives } = rotator.recommend({ performance })!;
  return [proxy.id, ...alternatives.map((other) => other.proxy.id)];
}

test("recommend() answers nothing for an empty pool", () => {
  assert.equal(bench().rotator.recommend(), undefined);
});

test("recommend() orders high by reliability times speed, medium by their mix, low by reliability", () => {
  const { rotator } = bench();
  const [fast, steady, slow] = fill(rotator, 3);
  record(rotator, fast!, 6, 2, 100); // reliability 0.7, speed 0.9
  record(rotator, steady!, 17, 1, 500); // 0.9, 0.5
  record(rotator, slow!, 97, 1, 950); // 0.98, 0.05
  assert.deepEqual(order(rotator, "high"), [fast, steady, slow]); // 0.63, 0.45, 0.049
  assert.deepEqual(order(rotator, "medium"), [steady, fast, slow]); // 0.78, 0.76, 0.701
  assert.deepEqual(order(rotator, "low"), [slow, steady, fast]);
});

test("recommend() with low prefers the cheaper of two, then the one used less", () => {
  const { rotator } = bench();
  const ids = fill(rotator, 3, (index) => ({ cost: [2, 1, 1][index]! }));
  rotator.acquire({ exclude: [ids[0]!, ids[2]!] }).release();
  assert.deepEqual(order(rotator, "low"), [ids[2], ids[1], ids[0]]);
});

test("recommend() does not let one lucky request beat a long record", () => {
  const { rotator } = bench();
  const [lucky, proven] = fill(rotator, 2);
  record(rotator, lucky!, 1, 0, 100);
  record(rotator, proven!, 95, 5, 100);
  for (const tier of ["high", "medium", "low"] as const) assert.equal(order(rotator, tier)[0], proven);
});

test("recommend() scores the mean of reliability and speed, or reliability alone, with two decimals", () => {
  const { rotator } = bench();
  const [timed, untimed] = fill(rotator, 2);
  record(rotator, timed!, 7, 0, 300); // (8/9 + 0.7) / 2
  record(rotator, untimed!, 1, 0);
  const { proxy, score, alternatives } = rotator.recommend()!;
  assert.equal(proxy.id, timed);
  assert.equal(score, 0.79);
  assert.equal(alternatives[0]!.score, 0.67);
});

test("recommend() counts more than a second as no speed at all", () => {
  const { rotator } = bench();
  const [id] = fill(rotator, 1);
  record(rotator, id!, 2, 0, 60_000);
  assert.equal(rotator.recommend()!.score, 0.38);
});

test("recommend() judges by the record on the target where there is one", () => {
  const { rotator, clock } = bench();
  const [generally, there] = fill(rotator, 2);
  const target = "https://www.shop.example/";
  record(rotator, generally!, 50, 0, 50);
  for (let i = 0; i < 3; i++) rotator.report(generally!, { verdict: "blocked", target });
  for (let i = 0; i < 5; i++) rotator.report(there!, { verdict: "ok", latencyMs: 400, target });
  clock.advance(3_600_000);
  const { proxy, reason } = rotator.recommend({ target })!;
  assert.equal(proxy.id, there);
  assert.equal(
    reason,
    "Best medium performance proxy for shop.example: 5 of 5 requests there ok, 400 ms, last ok 1 h ago",
  );
  assert.equal(rotator.recommend()!.proxy.id, generally);
});

test("recommend() says in its reason the tier, the region and what decided", () => {
  const { rotator } = bench();
  const ids = fill(rotator, 3, () => ({ region: "US" }));
  record(rotator, ids[0]!, 19, 1, 50);
  record(rotator, ids[1]!, 2, 2, 600);
  const { reason, alternatives } = rotator.recommend({ region: "us", performance: "high" })!;
  assert.equal(
    reason,
    "Best high performance proxy in US region with high reliability: 19 of 20 requests ok, 50 ms, last ok just now",
  );
  assert.deepEqual(alternatives.map((other) => other.reason), [
    "Alternative with 50.0% success rate",
    "Alternative not tried yet",
  ]);
});

test("recommend() says of an untried proxy only what is true", () => {
  const { rotator } = bench();
  const [untried, bad] = fill(rotator, 2);
  assert.match(rotator.recommend()!.reason, /^Best medium performance proxy: not tried yet/);
  record(rotator, bad!, 0, 3);
  const { proxy, reason } = rotator.recommend()!;
  assert.equal(proxy.id, untried);
  assert.doesNotMatch(reason, /none with a record/, "there is one, though a bad one");
});

test("recommend() answers at most three alternatives, best first, none twice", () => {
  const { rotator } = bench();
  const ids = fill(rotator, 20);
  ids.forEach((id, index) => record(rotator, id, 30, 0, 900 - index * 10));
  const { proxy, alternatives } = rotator.recommend()!;
  assert.equal(proxy.id, ids[19]);
  assert.deepEqual(alternatives.map((other) => other.proxy.id), [ids[18], ids[17], ids[16]]);
});

test("recommend() changes nothing", () => {
  const { rotator } = bench();
  const ids = fill(rotator, 3);
  for (let i = 0; i < 3; i++) rotator.recommend({ performance: "high" });
  assert.equal(rotator.acquire().proxy.id, ids[0]);
  assert.equal(rotator.getProxy(ids[1]!)!.requestsStarted, 0);
});

test("recommend() names nobody who cannot be chosen now, and nobody only if nobody can", () => {
  const criteria = fc.record({
    region: fc.constantFrom("DE", "us"),
    tag: fc.constantFrom("a", "b"),
    target: fc.constantFrom("x.example", "y.example"),
    performance: fc.constantFrom("high" as const, "medium", "low"),
  }, { requiredKeys: [] });
  const strategy = fc.constantFrom(
    "round-robin",
    { name: "geo-targeted", options: { regions: ["US"], fallback: false } },
    { name: "cost-aware", options: { maxCost: 1 } },
  );
  fc.assert(
    fc.property(uses, settings, criteria, strategy, (uses, settings, criteria, strategy) => {
      const program = new Program({ ...settings, strategy });
      for (const use of uses) program.apply(use);
      const { rotator } = program;
      const recommended = rotator.recommend(criteria);
      assert.equal(recommended !== undefined, rotator.explain(criteria).eligible > 0);
      if (recommended === undefined) return;
      for (const { proxy, score, reason } of [recommended, ...recommended.alternatives]) {
        assert.equal(rotator.explain({ ...criteria, proxyId: proxy.id }).proxy!.reason, null);
        assert.ok(score >= 0 && score <= 1 && Math.abs(score * 100 - Math.round(score * 100)) < 1e-9);
        assert.ok(reason.length > 0);
        // And it really can be had.
        const others = [...rotator.proxies()].filter((other) => other.id !== proxy.id).map((other) =>
          other.id
        );
        const lease = rotator.acquire({ ...criteria, exclude: others });
        assert.equal(lease.proxy.id, proxy.id);
        lease.release();
        if (settings.pacing !== undefined) return;
      }
    }),
    { numRuns: 300 },
  );
});
