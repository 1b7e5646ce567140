import assert from "node:assert/strict";
import { test } from "node:test";
import { ServiceMetrics } from "../../../src/service/mod.ts";
import { ProxyRotator } from "../../../src/core/mod.ts";
import { makeWorld } from "./support.ts";

function makeMetrics(): { metrics: ServiceMetrics; rotator: ProxyRotator; advance(ms: number): void } {
  let now = 1000;
  const rotator = new ProxyRotator();
  const metrics = new ServiceMetrics({ rotator, version: "0.1.0", clock: () => now });
  return { metrics, rotator, advance: (ms) => void (now += ms) };
}

test("ServiceMetrics counts each action by its result", async () => {
  const { call, fail, service } = makeWorld();
  await call("health");
  await call("health");
  await fail({ action: "status", proxy_id: "x" });
  const { actions } = service.metrics.snapshot();
  assert.equal(actions["health"]?.count, 2);
  assert.deepEqual(actions["health"]?.errors, {});
  assert.deepEqual(actions["status"]?.errors, { 400: 1 });
  assert.match(service.metrics.prometheus(), /^proxywhirl_actions_total\{action="health",code="200"\} 2$/m);
});

test("ServiceMetrics never makes a label of what a caller wrote", async () => {
  const { fail, service } = makeWorld();
  const secret = "http://joe:hunter2@203.0.113.9:80";
  for (let i = 0; i < 100; i++) await fail({ action: `${secret}"\n#${i}` });
  await fail({ action: "status", proxy_id: secret });
  const text = service.metrics.prometheus();
  assert.match(text, /^proxywhirl_actions_total\{action="other",code="400"\} 100$/m);
  assert.doesNotMatch(text + JSON.stringify(service.metrics.snapshot()), /hunter2|203\.0\.113\.9/);
});

test("ServiceMetrics shows proxies by health and protocol, and those handed out", () => {
  const { metrics, rotator } = makeMetrics();
  rotator.addProxy("http://203.0.113.1:80");
  rotator.addProxy("socks5://203.0.113.2:1080");
  const first = rotator.acquire();
  rotator.acquire();
  first.report({ verdict: "ok", latencyMs: 5 });
  rotator.acquire({ session: "cart-42" }).release();
  const { leases_in_flight, proxies, sessions } = metrics.snapshot();
  assert.equal(leases_in_flight, 1);
  assert.equal(sessions, 1);
  assert.equal(proxies.total, 2);
  assert.equal(proxies.by_status.healthy, 1);
  assert.equal(proxies.by_status.unknown, 1);
  assert.equal(proxies.by_protocol.socks5, 1);
});

test("ServiceMetrics tells mean and 95th percentile of durations", () => {
  const { advance, metrics } = makeMetrics();
  for (let i = 0; i < 95; i++) metrics.recordRequest("ok", 80);
  for (let i = 0; i < 5; i++) metrics.recordRequest("dead", 4000);
  advance(61_000);
  const { requests, uptime_s } = metrics.snapshot();
  assert.deepEqual(requests, {
    count: 100,
    avg_ms: 276,
    p95_ms: 100,
    by_result: { ok: 95, dead: 5 },
  });
  assert.equal(uptime_s, 61);
});

test("ServiceMetrics tells where connections fail", () => {
  const { metrics } = makeMetrics();
  metrics.recordDial("done", "ok");
  metrics.recordDial("connect", "timed_out");
  metrics.recordDial("connect", "connection_refused");
  assert.deepEqual(metrics.snapshot().dials, {
    ok: 1,
    failed: 2,
    failed_by_stage: { connect: 2 },
    failed_by_outcome: { timed_out: 1, connection_refused: 1 },
  });
});
