import assert from "node:assert/strict";
import { test } from "node:test";
import { bench, chiSquare, chiSquareLimit, countBy, fill } from "../support.ts";

test("performance-based gives each new proxy five tries before anything else", () => {
  const { rotator } = bench({ strategy: "performance-based" });
  const ids = fill(rotator, 6);
  for (let i = 0; i < 30; i++) rotator.acquire().report({ verdict: "ok", latencyMs: 10 });
  for (const proxy of rotator.proxies()) assert.equal(proxy.requestsStarted, 5);
  const late = rotator.addProxy("203.0.113.7:80").id;
  for (let i = 0; i < 5; i++) assert.equal(rotator.acquire().proxy.id, late);
  assert.equal(ids.length, 6);
});

test("performance-based then chooses in proportion to 1 / latency", () => {
  const { rotator } = bench({ strategy: { name: "performance-based", options: { explorationCount: 1 } } });
  const latencies = [50, 100, 200, 400];
  const ids = fill(rotator, 4);
  const latencyOf = (id: string) => latencies[ids.indexOf(id)]!;
  const draw = () => {
    const lease = rotator.acquire();
    lease.report({ verdict: "ok", latencyMs: latencyOf(lease.proxy.id) });
    return lease.proxy.id;
  };
  for (let i = 0; i < 4; i++) draw();
  const counts = countBy(Array.from({ length: 20_000 }, draw));
  const total = latencies.reduce((sum, latency) => sum + 1 / latency, 0);
  const statistic = chiSquare(
    ids.map((id) => counts.get(id)!),
    latencies.map((latency) => 20_000 / latency / total),
  );
  assert.ok(statistic < chiSquareLimit(3), `chi-square ${statistic}`);
});

test("performance-based counts failures as slow", () => {
  const { rotator } = bench({
    strategy: { name: "performance-based", options: { explorationCount: 0 } },
    circuitBreaker: { failureThreshold: 1000 },
  });
  const [fast, failing] = fill(rotator, 2);
  for (let i = 0; i < 20; i++) {
    rotator.report(fast!, { verdict: "ok", latencyMs: 500 });
    rotator.report(failing!, { verdict: i % 2 === 0 ? "ok" : "dead", latencyMs: 10 });
  }
  const counts = countBy(Array.from({ length: 2000 }, () => rotator.acquire().proxy.id));
  assert.ok(counts.get(fast!)! > 4 * counts.get(failing!)!);
});

test("performance-based takes its option in range only", () => {
  for (const explorationCount of [-1, 1001, NaN, "5"]) {
    assert.throws(
      () => bench({ strategy: { name: "performance-based", options: { explorationCount } } }),
      RangeError,
    );
  }
});
