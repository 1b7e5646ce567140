import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NoProxyAvailableError } from "../../../src/core/errors.ts";
import { bench, fill, thrown } from "./support.ts";

const target = "shop.example";

test("a refusal ejects a proxy from that target at once, and from no other", () => {
  const { rotator, clock } = bench({ random: () => 0 });
  const [id] = fill(rotator, 1);
  rotator.acquire({ target }).report({ verdict: "blocked", latencyMs: 5 });
  const error = thrown(NoProxyAvailableError, () => rotator.acquire({ target }));
  assert.deepEqual(error.counts, { ejected_on_target: 1 });
  assert.equal(error.retryAfterMs, 10_000);
  rotator.acquire({ target: "other.example" }).release();
  rotator.acquire().release();
  const { status, circuit } = rotator.getProxy(id!)!;
  assert.deepEqual([status, circuit], ["unknown", "closed"]);
  clock.advance(10_000);
  rotator.acquire({ target }).release();
});

test("a dead outcome ejects from the target only when it repeats", () => {
  const { rotator } = bench();
  fill(rotator, 1);
  rotator.acquire({ target }).report({ verdict: "dead" });
  rotator.acquire({ target }).report({ verdict: "dead" });
  const { counts } = thrown(NoProxyAvailableError, () => rotator.acquire({ target }));
  assert.deepEqual(counts, { ejected_on_target: 1 });
  rotator.acquire().release();
});

test("an ejected proxy comes back with one probe at a time; a refused one rests twice as long", () => {
  const { rotator, clock } = bench({ random: () => 0 });
  fill(rotator, 1);
  rotator.acquire({ target }).report({ verdict: "blocked" });
  clock.advance(10_000);
  const probe = rotator.acquire({ target });
  assert.deepEqual(thrown(NoProxyAvailableError, () => rotator.acquire({ target })).counts, {
    probe_in_flight: 1,
  });
  rotator.acquire({ target: "other.example" }).release();
  probe.release();
  rotator.acquire({ target }).report({ verdict: "blocked" });
  assert.equal(thrown(NoProxyAvailableError, () => rotator.acquire({ target })).retryAfterMs, 20_000);
  clock.advance(20_000);
  rotator.acquire({ target }).report({ verdict: "ok" });
  rotator.acquire({ target });
  rotator.acquire({ target });
});

test("the rests of a pair never shrink while it is refused, and stay below half an hour", () => {
  const jitter = fc.double({ min: 0, max: 0.999, noNaN: true });
  fc.assert(fc.property(fc.array(jitter, { minLength: 12, maxLength: 12 }), (jitters) => {
    let draws = 0;
    const { rotator, clock } = bench({ random: () => jitters[draws++ % jitters.length]! });
    const [id] = fill(rotator, 1);
    let last = 0;
    for (let i = 0; i < 12; i++) {
      rotator.report(id!, { verdict: "blocked", target });
      const { retryAfterMs } = thrown(NoProxyAvailableError, () => rotator.acquire({ target }));
      assert.ok(retryAfterMs! >= last - 1 && retryAfterMs! <= 1_800_001, `${retryAfterMs} after ${last}`);
      last = retryAfterMs!;
      clock.advance(retryAfterMs! + 1);
    }
  }));
});

test("a report of ok ends an ejection, also one without a lease", () => {
  const { rotator } = bench();
  const [id] = fill(rotator, 1);
  rotator.report(id!, { verdict: "blocked", target });
  rotator.report(id!, { verdict: "ok", target });
  assert.equal(rotator.acquire({ target }).proxy.id, id);
});

test("Retry-After holds everybody back on the target, for an hour at most, and nobody elsewhere", () => {
  const { rotator, clock } = bench();
  fill(rotator, 3);
  rotator.acquire({ target }).report({ verdict: "target_error", retryAfterMs: 30_000 });
  const error = thrown(NoProxyAvailableError, () => rotator.acquire({ target }));
  assert.deepEqual(error.counts, { target_cooling_down: 3 });
  assert.equal(error.retryAfterMs, 30_000);
  assert.equal(rotator.recommend({ target }), undefined);
  assert.equal(rotator.explain({ target }).eligible, 0);
  rotator.acquire({ target: "other.example" }).release();
  clock.advance(30_000);
  rotator.acquire({ target }).report({ verdict: "ok", retryAfterMs: 1e12 });
  assert.equal(thrown(NoProxyAvailableError, () => rotator.acquire({ target })).retryAfterMs, 3_600_000);
});

test("a shorter Retry-After does not cut a longer one, and one without a target holds nobody", () => {
  const { rotator } = bench();
  const [id] = fill(rotator, 1);
  rotator.report(id!, { verdict: "ok", target, retryAfterMs: 60_000 });
  rotator.report(id!, { verdict: "ok", target, retryAfterMs: 1000 });
  assert.equal(thrown(NoProxyAvailableError, () => rotator.acquire({ target })).retryAfterMs, 60_000);
  rotator.report(id!, { verdict: "ok", retryAfterMs: 60_000 });
  rotator.acquire().release();
});

test("a site that fails through many good proxies at once is at fault itself", () => {
  const { rotator, clock } = bench();
  const ids = fill(rotator, 20);
  for (const id of ids) rotator.report(id, { verdict: "ok", latencyMs: 100, target });
  for (const id of ids) {
    clock.advance(100);
    rotator.report(id, { verdict: "dead", target });
  }
  const { degraded, healthy, totalFailures } = rotator.poolStatus();
  assert.deepEqual([degraded, healthy, totalFailures], [4, 16, 4], "the first four were charged");
  for (let i = 0; i < 50; i++) rotator.report(ids[i % 20]!, { verdict: "dead", target });
  assert.equal(rotator.poolStatus().totalFailures, 4);
  rotator.report(ids[10]!, { verdict: "dead", target: "other.example" });
  assert.equal(rotator.poolStatus().totalFailures, 5, "elsewhere it counts");
});

test("an ok ends the suspicion against a site", () => {
  const { rotator } = bench();
  const ids = fill(rotator, 20);
  for (const id of ids) rotator.report(id, { verdict: "ok", target });
  ids.slice(0, 10).forEach((id) => rotator.report(id, { verdict: "dead", target }));
  rotator.report(ids[19]!, { verdict: "ok", target });
  rotator.report(ids[10]!, { verdict: "dead", target });
  assert.equal(rotator.getProxy(ids[10]!)!.totalFailures, 1);
});

test("proxies that were bad before, or failures far apart, put no site under suspicion", () => {
  const { rotator, clock } = bench();
  const ids = fill(rotator, 20);
  for (const id of ids.slice(0, 10)) rotator.report(id, { verdict: "dead", target });
  assert.equal(rotator.poolStatus().totalFailures, 10, "never worked");
  for (const id of ids.slice(10)) rotator.report(id, { verdict: "ok", target: "other.example" });
  for (const id of ids.slice(10)) {
    clock.advance(20_000);
    rotator.report(id, { verdict: "dead", target });
  }
  assert.equal(rotator.poolStatus().totalFailures, 20, "one in twenty seconds");
});

test("a proxy that fails again on a site is counted once, and those of a minute ago no more", () => {
  const { rotator, clock } = bench();
  const ids = fill(rotator, 6);
  const work = (id: string) => rotator.report(id, { verdict: "ok", target: "other.example" });
  const fail = (id: string) => rotator.report(id, { verdict: "dead", target }).totalFailures;
  for (const id of ids) work(id);
  fail(ids[0]!);
  clock.advance(1000);
  for (const id of ids.slice(1, 4)) fail(id);
  clock.advance(49_000);
  work(ids[0]!);
  fail(ids[0]!);
  clock.advance(12_000);
  assert.equal(fail(ids[4]!), 1, "it and the first are the only two of the last minute");
});

test("a pair that is forgotten for want of space no longer holds its proxy back", () => {
  const { rotator } = bench({ targets: { maxPairs: 2 } });
  const ids = fill(rotator, 2);
  for (const id of ids) rotator.report(id, { verdict: "blocked", target });
  assert.throws(() => rotator.acquire({ target }), NoProxyAvailableError);
  const third = rotator.addProxy("203.0.113.7:80").id;
  rotator.report(third, { verdict: "blocked", target });
  assert.equal(rotator.explain({ target }).eligible, 1);
  assert.equal(rotator.acquire({ target }).proxy.id, ids[0]);
});

test("a probe that failed only because the site is down proves nothing and is given back", () => {
  const { rotator, clock } = bench({ random: () => 0 });
  const ids = fill(rotator, 6);
  for (const id of ids) rotator.report(id, { verdict: "ok", target });
  for (let i = 0; i < 5; i++) rotator.report(ids[5]!, { verdict: "dead" });
  clock.advance(60_000);
  for (const id of ids.slice(0, 5)) rotator.report(id, { verdict: "dead", target });
  const others = ids.slice(0, 5);
  rotator.acquire({ target, exclude: others }).report({ verdict: "dead" });
  assert.equal(rotator.getProxy(ids[5]!)!.circuit, "half_open");
  rotator.acquire({ exclude: others }).report({ verdict: "ok" });
  assert.equal(rotator.getProxy(ids[5]!)!.circuit, "closed");
});
