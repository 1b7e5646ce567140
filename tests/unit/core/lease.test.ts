import assert from "node:assert/strict";
import { test } from "node:test";
import { VERDICTS } from "../../../src/core/lease.ts";
import { bench, fill, thrown } from "./support.ts";

test("Lease counts as in flight until it is reported", () => {
  const { rotator } = bench();
  fill(rotator, 1);
  const lease = rotator.acquire({ target: "https://shop.example/x" });
  assert.equal(lease.target, "shop.example");
  assert.equal(lease.session, null);
  assert.equal(lease.isEnded, false);
  assert.equal(lease.proxy.inFlight, 1);
  assert.equal(lease.proxy.requestsStarted, 1);
  assert.equal(lease.proxy.totalRequests, 0);
  assert.equal(lease.report({ verdict: "ok", latencyMs: 12 }), true);
  assert.equal(lease.isEnded, true);
  assert.equal(lease.proxy.inFlight, 0);
  assert.equal(lease.proxy.totalSuccesses, 1);
});

test("Lease is ended by its first report only", () => {
  const { rotator } = bench();
  fill(rotator, 1);
  const lease = rotator.acquire();
  assert.equal(lease.report({ verdict: "ok" }), true);
  assert.equal(lease.report({ verdict: "dead" }), false);
  lease.release();
  lease[Symbol.dispose]();
  assert.equal(lease.proxy.totalSuccesses, 1);
  assert.equal(lease.proxy.totalFailures, 0);
  assert.equal(lease.proxy.inFlight, 0);
});

test("Lease that is disposed unreported is aborted and teaches nothing", () => {
  const { rotator } = bench();
  fill(rotator, 1);
  {
    using lease = rotator.acquire();
    assert.equal(lease.proxy.inFlight, 1);
  }
  const [proxy] = rotator.proxies();
  assert.equal(proxy!.inFlight, 0);
  assert.equal(proxy!.totalRequests, 0);
  assert.equal(proxy!.status, "unknown");
  assert.equal(proxy!.requestsStarted, 1);
});

test("Lease gets its id when it is first asked for, and is found by it until it ends", () => {
  let made = 0;
  const { rotator } = bench({ newId: () => `id-${++made}` });
  rotator.addProxy("203.0.113.7:8080", { id: "p" });
  const silent = rotator.acquire();
  assert.equal(made, 0);
  const lease = rotator.acquire();
  assert.equal(lease.id, "id-1");
  assert.equal(lease.id, "id-1");
  assert.equal(rotator.lease("id-1"), lease);
  lease.report({ verdict: "ok" });
  assert.equal(rotator.lease("id-1"), undefined);
  silent.release();
  assert.equal(rotator.lease(silent.id), undefined, "an ended lease is not kept");
  assert.equal(rotator.lease("nonsense"), undefined);
});

test("Lease expires after its time to live, as aborted", () => {
  const { rotator, clock } = bench();
  fill(rotator, 1);
  const lease = rotator.acquire({ ttlMs: 300_000 });
  const { id } = lease;
  clock.advance(299_999);
  assert.equal(rotator.lease(id), lease);
  clock.advance(1);
  assert.equal(rotator.lease(id), undefined);
  assert.equal(lease.isEnded, true);
  assert.equal(lease.report({ verdict: "ok" }), false);
  assert.equal(lease.proxy.inFlight, 0);
  assert.equal(lease.proxy.totalRequests, 0);
});

test("Lease without a time to live never expires", () => {
  const { rotator, clock } = bench();
  fill(rotator, 1);
  const lease = rotator.acquire();
  clock.advance(1e9);
  rotator.poolStatus();
  assert.equal(lease.isEnded, false);
});

test("acquire() refuses a time to live that is no duration", () => {
  const { rotator } = bench();
  const [id] = fill(rotator, 1);
  for (const ttlMs of [NaN, -1, 0]) {
    assert.match(thrown(RangeError, () => rotator.acquire({ ttlMs })).message, /ttlMs/);
  }
  assert.equal(rotator.getProxy(id!)!.inFlight, 0, "nothing was handed out");
});

test("Lease of a proxy that left the pool can be ended and teaches nothing", () => {
  const { rotator } = bench();
  const [id] = fill(rotator, 1);
  const lease = rotator.acquire({ target: "shop.example" });
  rotator.removeProxy(id!);
  const [again] = fill(rotator, 1);
  assert.equal(lease.report({ verdict: "dead" }), true);
  assert.equal(lease.proxy.inFlight, 0);
  assert.equal(rotator.getProxy(again!)!.totalFailures, 0);
  assert.equal(rotator.poolStatus().totalRequests, 0);
});

test("Lease refuses an outcome that would spoil the figures, and stays open", () => {
  const { rotator } = bench();
  fill(rotator, 1);
  const lease = rotator.acquire();
  for (const verdict of ["", "OK", "success", undefined]) {
    const error = thrown(TypeError, () => lease.report({ verdict: verdict as "ok" }));
    assert.match(error.message, /use one of ok, blocked, dead, target_error, aborted/);
  }
  for (const value of [-1, NaN, Infinity, -Infinity]) {
    assert.match(
      thrown(RangeError, () => lease.report({ verdict: "ok", latencyMs: value })).message,
      /latencyMs/,
    );
    assert.match(
      thrown(RangeError, () => lease.report({ verdict: "ok", retryAfterMs: value })).message,
      /retryAfter/,
    );
  }
  assert.equal(lease.isEnded, false);
  assert.equal(lease.report({ verdict: "ok", latencyMs: 0, retryAfterMs: 0 }), true);
});

test("VERDICTS touch only what they should", () => {
  const touched = VERDICTS.map((verdict) => {
    const { rotator } = bench();
    const [id] = fill(rotator, 1);
    rotator.acquire({ target: "shop.example" }).report({ verdict, latencyMs: 50 });
    const { status, totalSuccesses, totalFailures, avgLatencyMs } = rotator.getProxy(id!)!;
    const reason = rotator.explain({ target: "shop.example", proxyId: id! }).proxy!.reason;
    return [verdict, status, totalSuccesses, totalFailures, avgLatencyMs, reason];
  });
  assert.deepEqual(touched, [
    ["ok", "healthy", 1, 0, 50, null],
    ["blocked", "unknown", 0, 0, 0, "ejected_on_target"],
    ["dead", "degraded", 0, 1, 0, null],
    ["target_error", "unknown", 0, 0, 0, null],
    ["aborted", "unknown", 0, 0, 0, null],
  ]);
});
