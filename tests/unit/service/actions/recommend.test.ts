import assert from "node:assert/strict";
import { test } from "node:test";
import { addProxy, makeWorld } from "../support.ts";

test("recommend gives the guide's keys, the best proxy and alternatives", async () => {
  const world = makeWorld();
  const best = addProxy(world, "http://proxy1.example.com:8080", { region: "US", ok: 50, latencyMs: 85.25 });
  const second = addProxy(world, "http://proxy2.example.com:8080", {
    region: "US",
    dead: 4,
    ok: 46,
    latencyMs: 200,
  });
  addProxy(world, "http://proxy3.example.com:8080", { region: "DE", ok: 99, latencyMs: 1 });
  const { recommendation } = await world.call("recommend", {
    criteria: { region: "us", performance: "high" },
  });
  const { score, reason, metrics, alternatives, ...rest } = recommendation;
  assert.deepEqual(rest, { id: best, url: "http://proxy1.example.com:8080" });
  assert.ok(score > 0.9 && score <= 1 && Number.isInteger(Math.round(score * 1e9) / 1e7));
  assert.match(reason, /high performance.*US/);
  assert.deepEqual(metrics, {
    success_rate: 1,
    avg_latency_ms: 85.25,
    region: "US",
    performance_tier: "high",
    total_requests: 50,
  });
  assert.deepEqual(alternatives.map((alternative) => alternative.id), [second]);
  assert.deepEqual(Object.keys(alternatives[0] ?? {}), ["id", "url", "score", "reason"]);
});

test("recommend takes medium when no tier is named, and takes nothing", async () => {
  const world = makeWorld();
  const id = addProxy(world, "http://203.0.113.1:80");
  const { recommendation } = await world.call("recommend");
  assert.equal(recommendation.metrics.performance_tier, "medium");
  assert.equal(world.rotator.getProxy(id)?.inFlight, 0);
});

test("recommend says what its choice rests on: how many requests, for which site, how fresh", async () => {
  const world = makeWorld();
  const target = "https://www.shop.example/";
  const id = addProxy(world, "http://203.0.113.1:80");
  const untried = await world.call("recommend", { criteria: { target } });
  assert.equal(
    untried.recommendation.reason,
    "Best medium performance proxy: not tried yet, and no other is either",
  );
  assert.match(untried.next_step ?? "", /no record yet: call rotate/);
  for (const latencyMs of [100, 120, 140]) world.rotator.report(id, { verdict: "ok", latencyMs });
  world.rotator.report(id, { verdict: "dead" });
  const reasonAfter = async (ms: number) => {
    world.advance(ms);
    return (await world.call("recommend", { criteria: { target } })).recommendation.reason;
  };
  const general = "Best medium performance proxy: 3 of 4 requests ok, 120 ms, last ok";
  assert.equal(await reasonAfter(59_000), `${general} just now; none on shop.example yet`);
  assert.equal(await reasonAfter(1_000), `${general} 1 min ago; none on shop.example yet`);
  world.rotator.report(id, { verdict: "ok", latencyMs: 200, target });
  world.rotator.report(id, { verdict: "dead", target });
  const there = "Best medium performance proxy for shop.example: 1 of 2 requests there ok";
  assert.match(await reasonAfter(5 * 3_600_000), new RegExp(`^${there}, \\d+ ms, last failed 5 h ago$`));
  assert.match(await reasonAfter(3 * 86_400_000), /last failed 3 days ago$/);
});

test("recommend says of one that never worked when it last failed", async () => {
  const world = makeWorld();
  addProxy(world, "http://203.0.113.1:80", { dead: 2 });
  world.advance(180_000);
  const { recommendation } = await world.call("recommend");
  assert.equal(
    recommendation.reason,
    "Best medium performance proxy: 0 of 2 requests ok, last failed 3 min ago",
  );
});

test("recommend names the success rate of alternatives on the site, where there is one", async () => {
  const world = makeWorld();
  const target = "shop.example";
  const [best, other] = [1, 2].map((n) => addProxy(world, `http://203.0.113.${n}:80`, { ok: 10 }));
  for (let i = 0; i < 4; i++) world.rotator.report(best!, { verdict: "ok", latencyMs: 10, target });
  for (let i = 0; i < 4; i++) {
    world.rotator.report(other!, { verdict: i === 0 ? "blocked" : "ok", latencyMs: 10, target });
  }
  const { recommendation } = await world.call("recommend", { criteria: { target } });
  assert.equal(recommendation.alternatives[0]?.reason, "Alternative with 75.0% success rate on shop.example");
});

test("recommend never names a proxy that could not be chosen", async () => {
  const world = makeWorld();
  addProxy(world, "http://203.0.113.1:80", { ok: 100, latencyMs: 1 });
  const open = addProxy(world, "http://203.0.113.2:80", { ok: 1000, latencyMs: 1 });
  for (let i = 0; i < 5; i++) world.rotator.report(open, { verdict: "dead" });
  const { recommendation } = await world.call("recommend");
  assert.notEqual(recommendation.id, open);
  assert.deepEqual(recommendation.alternatives, []);
});

test("recommend says why there is none", async () => {
  const world = makeWorld();
  assert.equal((await world.fail({ action: "recommend" })).error, "No proxy available: the pool is empty");
  addProxy(world, "http://203.0.113.1:80", { region: "US", dead: 5 });
  const foreign = await world.fail({ action: "recommend", criteria: { region: "XX" } });
  assert.deepEqual([foreign.code, foreign.error], [404, "No proxies found for region: XX"]);
  const open = await world.fail({ action: "recommend" });
  assert.deepEqual([open.code, open.error], [503, "No proxy available: 1 circuit open"]);
  assert.ok((open.retry_after_s ?? 0) > 0);
  const tier = await world.fail({ action: "recommend", criteria: { performance: "ultra" } });
  assert.deepEqual(
    [tier.code, tier.error],
    [400, "Invalid performance level. Must be one of: high, medium, low"],
  );
});
