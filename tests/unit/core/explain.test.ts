import assert from "node:assert/strict";
import { test } from "node:test";
import { ProxyNotFoundError } from "../../../src/core/errors.ts";
import { STRATEGY_NAMES } from "../../../src/core/strategies/registry.ts";
import { bench, fill } from "./support.ts";

test("explain() counts who can be chosen, and the others by reason", () => {
  const { rotator } = bench({ pacing: "1/min", random: () => 0 });
  const ids = fill(
    rotator,
    8,
    (index) => ({ region: index === 0 ? "US" : "DE", tags: index === 1 ? [] : ["x"] }),
  );
  const target = "shop.example";
  for (let i = 0; i < 5; i++) rotator.report(ids[2]!, { verdict: "dead" });
  rotator.report(ids[3]!, { verdict: "blocked", target });
  const paced = rotator.acquire({ target, exclude: ids.filter((id) => id !== ids[4]) });
  paced.report({ verdict: "ok", latencyMs: 50 });
  rotator.acquire({ exclusive: true, exclude: ids.filter((id) => id !== ids[5]) });
  const explanation = rotator.explain({ region: "de", tag: "x", target });
  assert.equal(explanation.total, 8);
  assert.equal(explanation.eligible, 2);
  assert.deepEqual(explanation.rejected, {
    region: 1,
    tag: 1,
    circuit_open: 1,
    ejected_on_target: 1,
    paced: 1,
    in_exclusive_use: 1,
  });
  assert.equal(explanation.nextFreeInMs, 10_000);
  assert.equal(explanation.strategy, "round-robin");
  assert.ok([ids[6], ids[7]].includes(explanation.choice!.proxy.id));
});

test("explain() names what acquire() then chooses, where the choice is certain", () => {
  for (const strategy of ["round-robin", "least-used", "cost-aware"]) {
    const { rotator } = bench({ strategy });
    fill(rotator, 10, (index) => ({ cost: index % 3 }));
    for (let i = 0; i < 25; i++) {
      const { choice } = rotator.explain();
      assert.equal(choice!.decidedBy, "strategy");
      const lease = rotator.acquire();
      assert.equal(lease.proxy.id, choice!.proxy.id, strategy);
      lease.report({ verdict: i % 4 === 0 ? "dead" : "ok" });
    }
  }
});

test("explain() names a choice whenever somebody is eligible, under every strategy", () => {
  for (const strategy of STRATEGY_NAMES) {
    const { rotator } = bench({ strategy });
    const ids = fill(rotator, 100);
    const target = "shop.example";
    ids.slice(1).forEach((id) => rotator.report(id, { verdict: "blocked", target }));
    assert.equal(rotator.explain({ target, session: "s" }).choice?.proxy.id, ids[0], strategy);
    rotator.report(ids[0]!, { verdict: "blocked", target });
    const explanation = rotator.explain({ target, session: "s" });
    assert.equal(explanation.choice, undefined);
    assert.equal(explanation.eligible, 0);
  }
});

test("explain() shows the terms of the choice", () => {
  const { rotator } = bench();
  const [id] = fill(rotator, 1);
  const target = "shop.example";
  assert.deepEqual(rotator.explain({ target }).choice!.terms, {
    expectedLatencyMs: null,
    inFlight: 0,
    successRate: 0,
    totalRequests: 0,
  });
  rotator.report(id!, { verdict: "ok", latencyMs: 120, target });
  rotator.acquire({ target });
  assert.deepEqual(rotator.explain({ target }).choice!.terms, {
    expectedLatencyMs: 120,
    inFlight: 1,
    successRate: 1,
    totalRequests: 1,
  });
});

test("explain() tells when a session decides", () => {
  const { rotator } = bench();
  fill(rotator, 5);
  const held = rotator.acquire({ session: "s" }).proxy;
  rotator.acquire();
  const { choice } = rotator.explain({ session: "s" });
  assert.deepEqual([choice!.decidedBy, choice!.proxy.id], ["session", held.id]);
  for (let i = 0; i < 5; i++) rotator.report(held.id, { verdict: "dead" });
  assert.equal(rotator.explain({ session: "s" }).choice!.decidedBy, "strategy");
  assert.equal(rotator.explain({ session: "unknown" }).choice!.decidedBy, "strategy");
});

test("explain() explains one proxy, and when its time comes", () => {
  const { rotator } = bench({ random: () => 0 });
  const [id] = fill(rotator, 1);
  assert.equal(rotator.explain({ proxyId: id! }).proxy!.reason, null);
  for (let i = 0; i < 5; i++) rotator.report(id!, { verdict: "dead" });
  const { proxy } = rotator.explain({ proxyId: id! });
  assert.deepEqual([proxy!.proxy.id, proxy!.reason, proxy!.freeInMs], [id, "circuit_open", 60_000]);
  assert.throws(() => rotator.explain({ proxyId: "nobody" }), ProxyNotFoundError);
});

test("explain() says of what the strategy never chooses that the strategy rules it out", () => {
  const { rotator } = bench({
    strategy: { name: "geo-targeted", options: { regions: ["DE"], fallback: false } },
  });
  const ids = fill(rotator, 3, (index) => ({ region: index === 0 ? "DE" : "US" }));
  const { eligible, rejected, proxy } = rotator.explain({ proxyId: ids[1]! });
  assert.deepEqual([eligible, rejected, proxy!.reason], [1, { strategy: 2 }, "strategy"]);
});

test("explain() changes nothing: neither turns, nor counters, nor sessions, nor probes", () => {
  const { rotator, clock } = bench({ random: () => 0 });
  const ids = fill(rotator, 2);
  for (let i = 0; i < 5; i++) rotator.report(ids[0]!, { verdict: "dead" });
  clock.advance(60_000);
  for (let i = 0; i < 3; i++) rotator.explain({ session: "s", target: "shop.example" });
  const leases = [rotator.acquire(), rotator.acquire()];
  assert.deepEqual(new Set(leases.map((lease) => lease.proxy.id)), new Set(ids));
  assert.equal(rotator.getProxy(ids[0]!)!.requestsStarted, 1);
});

test("explain() says what a session holds, for how long, and whether it can use it now", () => {
  const { rotator, clock } = bench();
  fill(rotator, 2);
  assert.equal(rotator.explain({ session: "s" }).session, undefined);
  const held = rotator.acquire({ session: "s", exclusive: true }).proxy;
  clock.advance(60_000);
  const { session } = rotator.explain({ session: "s" });
  assert.deepEqual([session!.proxy.id, session!.endsInMs, session!.isExclusive], [held.id, 1_740_000, true]);
  assert.equal(session!.reason, null);
  for (let i = 0; i < 5; i++) rotator.report(held.id, { verdict: "dead" });
  assert.equal(rotator.explain({ session: "s" }).session!.reason, "circuit_open");
});
