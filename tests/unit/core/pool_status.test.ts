import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PoolStatus } from "../../../src/core/pool_status.ts";
import type { PoolProxy } from "../../../src/core/proxy_entry.ts";
import { Program, settings, uses } from "./random_use.ts";
import { bench, EPOCH, fill } from "./support.ts";

function recount(proxies: readonly PoolProxy[]): Omit<PoolStatus, "status" | "message" | "lastUpdate"> {
  const count = (status: string) => proxies.filter((proxy) => proxy.status === status).length;
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
  const sum = (read: (proxy: PoolProxy) => number) =>
    proxies.reduce((total, proxy) => total + read(proxy), 0);
  return {
    total: proxies.length,
    unknown: count("unknown"),
    healthy: count("healthy"),
    degraded: count("degraded"),
    unhealthy: count("unhealthy"),
    dead: count("dead"),
    openCircuits: proxies.filter((proxy) => proxy.circuit !== "closed").length,
    averageSuccessRate: mean(
      proxies.filter((proxy) => proxy.totalRequests > 0).map((proxy) => proxy.successRate),
    ),
    averageLatencyMs: mean(
      proxies.filter((proxy) => proxy.emaLatencyMs !== null).map((proxy) => proxy.avgLatencyMs),
    ),
    totalRequests: sum((proxy) => proxy.totalRequests),
    totalSuccesses: sum((proxy) => proxy.totalSuccesses),
    totalFailures: sum((proxy) => proxy.totalFailures),
  };
}

test("poolStatus() equals a recount of the pool after any use", () => {
  fc.assert(
    fc.property(uses, settings, (uses, settings) => {
      const program = new Program(settings);
      for (const use of uses) {
        program.apply(use);
        const { status: _, message: __, lastUpdate: ___, ...figures } = program.rotator.poolStatus();
        const expected = recount([...program.rotator.proxies()]);
        assert.ok(Math.abs(figures.averageSuccessRate - expected.averageSuccessRate) < 1e-6);
        assert.ok(Math.abs(figures.averageLatencyMs - expected.averageLatencyMs) < 1e-2);
        const { averageSuccessRate, averageLatencyMs } = figures;
        assert.deepEqual(figures, { ...expected, averageSuccessRate, averageLatencyMs });
      }
      for (const { id } of [...program.rotator.proxies()]) program.rotator.removeProxy(id);
      const { averageSuccessRate, averageLatencyMs, openCircuits } = program.rotator.poolStatus();
      assert.deepEqual(
        [averageSuccessRate, averageLatencyMs, openCircuits],
        [0, 0, 0],
        "no rounding is left",
      );
    }),
    { numRuns: 300 },
  );
});

test("inFlight of each proxy is the number of its open leases after any use", () => {
  fc.assert(
    fc.property(uses, settings, (uses, settings) => {
      const program = new Program(settings);
      for (const use of uses) {
        program.apply(use);
        program.rotator.poolStatus();
        const open = program.leases.filter((lease) => !lease.isEnded);
        for (const proxy of program.rotator.proxies()) {
          assert.equal(proxy.inFlight, open.filter((lease) => lease.proxy === proxy).length);
          assert.ok(proxy.requestsStarted >= proxy.inFlight);
        }
      }
    }),
    { numRuns: 200 },
  );
});

function statusOf(healthy: number, failed: number, unknown: number): string {
  const { rotator } = bench();
  const ids = fill(rotator, healthy + failed + unknown);
  ids.slice(0, healthy).forEach((id) => rotator.report(id, { verdict: "ok" }));
  ids.slice(healthy, healthy + failed).forEach((id) => {
    for (let i = 0; i < 3; i++) rotator.report(id, { verdict: "dead" });
  });
  return rotator.poolStatus().status;
}

test("poolStatus() judges by the share of healthy proxies among those whose health is known", () => {
  assert.equal(statusOf(0, 0, 0), "empty");
  assert.equal(statusOf(0, 0, 3), "degraded");
  assert.equal(statusOf(7, 3, 90), "healthy");
  assert.equal(statusOf(69, 31, 0), "degraded");
  assert.equal(statusOf(3, 7, 0), "degraded");
  assert.equal(statusOf(29, 71, 500), "critical");
  assert.equal(statusOf(0, 1, 0), "critical");
  assert.equal(statusOf(1, 0, 0), "healthy");
});

test("poolStatus() says what to do when the pool is empty or untried, and nothing otherwise", () => {
  const { rotator } = bench();
  assert.match(rotator.poolStatus().message!, /Add proxies/);
  const [id] = fill(rotator, 1);
  assert.match(rotator.poolStatus().message!, /validate/);
  rotator.report(id!, { verdict: "ok" });
  assert.equal("message" in rotator.poolStatus(), false);
});

test("poolStatus() tells when the last outcome was", () => {
  const { rotator, clock } = bench();
  const [id] = fill(rotator, 1);
  assert.equal(rotator.poolStatus().lastUpdate, EPOCH + 1000);
  clock.advance(5000);
  rotator.report(id!, { verdict: "ok" });
  clock.advance(5000);
  assert.equal(rotator.poolStatus().lastUpdate, EPOCH + 6000);
});

test("poolStatus() averages over proxies with data, one voice each", () => {
  const { rotator } = bench();
  const ids = fill(rotator, 3);
  for (let i = 0; i < 4; i++) rotator.report(ids[0]!, { verdict: "ok", latencyMs: 100 });
  rotator.report(ids[1]!, { verdict: "ok", latencyMs: 300 });
  rotator.report(ids[1]!, { verdict: "dead" });
  const { averageSuccessRate, averageLatencyMs } = rotator.poolStatus();
  assert.equal(averageSuccessRate, 0.75);
  assert.equal(averageLatencyMs, 200);
});
