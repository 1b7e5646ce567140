import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ProxyEntry } from "../../../src/core/proxy_entry.ts";
import type { HealthStatus } from "../../../src/core/types.ts";
import { makeEntries } from "./support.ts";

function makeEntry(): ProxyEntry {
  return makeEntries(1)[0]!;
}

function healthAfter(outcomes: string): HealthStatus {
  const entry = makeEntry();
  for (const outcome of outcomes) outcome === "+" ? entry.succeed(1) : entry.fail(1);
  return entry.status;
}

test("ProxyEntry starts unknown, without figures", () => {
  const entry = makeEntry();
  assert.equal(entry.status, "unknown");
  assert.equal(entry.circuit, "closed");
  assert.equal(entry.successRate, 0);
  assert.equal(entry.avgLatencyMs, 0);
  assert.equal(entry.emaLatencyMs, null);
  assert.equal(entry.lastCheckAt, null);
  assert.equal(entry.lastSuccessAt, null);
  assert.equal(entry.lastFailureAt, null);
});

test("ProxyEntry gets worse after 1, 3 and 5 failures in a row", () => {
  assert.deepEqual(["-", "--", "---", "----", "-----", "------"].map(healthAfter), [
    "degraded",
    "degraded",
    "unhealthy",
    "unhealthy",
    "dead",
    "dead",
  ]);
});

test("ProxyEntry recovers at once from degraded, and after three in a row from worse", () => {
  const cases: readonly [string, HealthStatus][] = [
    ["+", "healthy"],
    ["-+", "healthy"],
    ["--+", "healthy"],
    ["+-+", "healthy"],
    ["---+", "degraded"],
    ["---++", "degraded"],
    ["---+++", "healthy"],
    ["-----+", "degraded"],
    ["-----++", "degraded"],
    ["-----+++", "healthy"],
    ["-----+++-+", "healthy"],
    ["-----++-", "degraded"],
    ["-----+---", "unhealthy"],
    ["--+--+--+", "healthy"],
  ];
  for (const [outcomes, status] of cases) assert.equal(healthAfter(outcomes), status, outcomes);
});

test("ProxyEntry follows the health rules after any outcomes, and no state is final", () => {
  fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 40, size: "max" }), (outcomes) => {
    const entry = makeEntry();
    let expected: HealthStatus = "unknown";
    let failures = 0;
    let climb = 0;
    for (const isOk of outcomes) {
      if (!isOk) {
        entry.fail(1);
        failures++;
        climb = 0;
        expected = failures >= 5 ? "dead" : failures >= 3 ? "unhealthy" : "degraded";
      } else {
        entry.succeed(1);
        failures = 0;
        const wasDown = expected === "unhealthy" || expected === "dead";
        climb = wasDown ? 1 : climb > 0 ? climb + 1 : 0;
        expected = climb === 1 || climb === 2 ? "degraded" : "healthy";
        if (climb === 3) climb = 0;
      }
      assert.equal(entry.status, expected, JSON.stringify(outcomes));
      assert.equal(entry.consecutiveFailures, failures);
    }
    for (let i = 0; i < 3; i++) entry.succeed(1);
    assert.equal(entry.status, "healthy");
  }));
});

test("ProxyEntry keeps the arithmetic mean and a moving average of alpha 0.2, first sample as is", () => {
  const latency = fc.double({ min: 0, max: 60_000, noNaN: true });
  fc.assert(fc.property(fc.array(latency, { minLength: 1, maxLength: 50, size: "max" }), (samples) => {
    const entry = makeEntry();
    let ema = samples[0]!;
    for (const sample of samples) entry.addLatency(sample);
    for (const sample of samples.slice(1)) ema = 0.2 * sample + 0.8 * ema;
    assert.ok(Math.abs(entry.emaLatencyMs! - ema) < 1e-6);
    const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
    assert.ok(Math.abs(entry.avgLatencyMs - mean) < 1e-6);
  }));
  const entry = makeEntry();
  entry.addLatency(0);
  assert.equal(entry.emaLatencyMs, 0, "0 ms is a sample");
});

test("ProxyEntry counts outcomes and remembers when they were", () => {
  const entry = makeEntry();
  entry.succeed(10);
  entry.fail(20);
  entry.succeed(30);
  entry.succeed(40);
  assert.equal(entry.totalRequests, 4);
  assert.equal(entry.successRate, 0.75);
  assert.equal(entry.consecutiveSuccesses, 2);
  assert.deepEqual([entry.lastCheckAt, entry.lastSuccessAt, entry.lastFailureAt], [40, 40, 20]);
});

test("ProxyEntry shows its public URL without credentials, and its parts", () => {
  const entry = new ProxyEntry("id", "socks5://bob:p%40ss@[::1]:1080", "socks5", 0, 0);
  assert.equal(entry.publicUrl, "socks5://[::1]:1080");
  assert.equal(entry.endpoint.password, "p@ss");
});

test("ProxyEntry.describe() leaves what is not given, clears what is null, and copies lists", () => {
  const entry = makeEntry();
  const tags = ["a"];
  entry.describe({ region: "de", city: "Berlin", asn: 3320, tags, weight: 2, cost: 0, source: "list" });
  tags.push("b");
  entry.describe({ city: null });
  const { region, city, asn, weight, cost, source } = entry;
  assert.deepEqual({ region, city, asn, weight, cost, source }, {
    region: "DE",
    city: null,
    asn: 3320,
    weight: 2,
    cost: 0,
    source: "list",
  });
  assert.deepEqual(entry.tags, ["a"]);
  entry.describe({ tags: [], region: null });
  assert.deepEqual(entry.tags, []);
  assert.equal(entry.region, null);
});
