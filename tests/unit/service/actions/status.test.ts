import assert from "node:assert/strict";
import { test } from "node:test";
import { addProxy, makeWorld } from "../support.ts";

test("status shows everything about a proxy under the guide's keys", async () => {
  const world = makeWorld();
  const id = addProxy(world, "socks5://bob:hunter2@proxy1.example.com:1080", { region: "US" });
  world.rotator.report(id, { verdict: "dead" });
  world.advance(5_000);
  world.rotator.report(id, { verdict: "ok", latencyMs: 100 });
  world.rotator.report(id, { verdict: "ok", latencyMs: 150 });
  assert.deepEqual(await world.call("status", { proxy_id: id.toUpperCase() }), {
    proxy_id: id,
    url: "socks5://proxy1.example.com:1080",
    status: "healthy",
    metrics: {
      success_rate: 0.6667,
      avg_latency_ms: 125,
      total_requests: 3,
      successful_requests: 2,
      failed_requests: 1,
      ema_response_time_ms: 110,
    },
    health: {
      last_check: "2024-01-15T10:30:05Z",
      last_success: "2024-01-15T10:30:05Z",
      last_failure: "2024-01-15T10:30:00Z",
      circuit_breaker: "closed",
      consecutive_failures: 0,
      consecutive_successes: 2,
    },
    region: "US",
    protocol: "socks5",
    targets: [],
  });
});

test("status of a proxy never used has nulls for what is not known", async () => {
  const world = makeWorld();
  const { metrics, health } = await world.call("status", {
    proxy_id: addProxy(world, "http://203.0.113.1:80"),
  });
  assert.equal(metrics.avg_latency_ms, 0);
  assert.equal(metrics.ema_response_time_ms, null);
  assert.deepEqual([health.last_check, health.last_success, health.last_failure], [null, null, null]);
});

test("status shows how a proxy fares on its sites, latest first, and when it may go there again", async () => {
  const world = makeWorld({ rotator: { pacing: { targets: { "slow.example": "1/min" } }, random: () => 0 } });
  const id = addProxy(world, "http://203.0.113.1:80");
  for (const latencyMs of [100, 200]) {
    world.rotator.report(id, { verdict: "ok", latencyMs, target: "a.example" });
  }
  world.advance(1_000);
  world.rotator.report(id, { verdict: "blocked", latencyMs: 5, target: "https://www.shop.example/" });
  world.advance(1_000);
  world.rotator.acquire({ target: "slow.example" }).release();
  const { targets } = await world.call("status", { proxy_id: id });
  assert.deepEqual(targets, [
    {
      target: "slow.example",
      last_verdict: null,
      last_seen: "2024-01-15T10:30:02Z",
      successes: 0,
      blocks: 0,
      failures: 0,
      latency_ms: null,
      expected_latency_ms: null,
      ejected_for_s: 60,
      reason: "paced",
    },
    {
      target: "shop.example",
      last_verdict: "blocked",
      last_seen: "2024-01-15T10:30:01Z",
      successes: 0,
      blocks: 1,
      failures: 0,
      latency_ms: null,
      expected_latency_ms: 5000,
      ejected_for_s: 9,
      reason: "ejected_on_target",
    },
    {
      target: "a.example",
      last_verdict: "ok",
      last_seen: "2024-01-15T10:30:00Z",
      successes: 2,
      blocks: 0,
      failures: 0,
      latency_ms: 200,
      expected_latency_ms: 200,
      ejected_for_s: null,
      reason: null,
    },
  ]);
  world.rotator.report(id, { verdict: "ok", target: "a.example", retryAfterMs: 30_000 });
  const [first] = (await world.call("status", { proxy_id: id })).targets;
  assert.deepEqual([first?.target, first?.reason, first?.ejected_for_s], [
    "a.example",
    "target_cooling_down",
    30,
  ]);
});

test("status shows at most 20 sites", async () => {
  const world = makeWorld();
  const id = addProxy(world, "http://203.0.113.1:80");
  for (let i = 0; i < 30; i++) {
    world.advance(1);
    world.rotator.report(id, { verdict: "ok", target: `t${i}.example` });
  }
  const { targets } = await world.call("status", { proxy_id: id });
  assert.deepEqual(
    targets.map(({ target }) => target),
    Array.from({ length: 20 }, (_, i) => `t${29 - i}.example`),
  );
});

test("status answers the guide's errors", async () => {
  const world = makeWorld();
  const unknown = "550e8400-e29b-41d4-a716-446655440000";
  const errors = [
    [{ action: "status" }, 400, "proxy_id required for status action"],
    [{ action: "status", proxy_id: "" }, 400, "proxy_id required for status action"],
    [{ action: "status", proxy_id: "abc" }, 400, "Invalid proxy_id format: abc"],
    [{ action: "status", proxy_id: unknown }, 404, `Proxy not found: ${unknown}`],
  ] as const;
  for (const [input, code, text] of errors) {
    const error = await world.fail(input);
    assert.deepEqual([error.code, error.error], [code, text]);
  }
});
