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
