import assert from "node:assert/strict";
import { test } from "node:test";
import { STRATEGY_NAMES } from "../../../../src/core/mod.ts";
import { addProxy, makeWorld } from "../support.ts";

const UNKNOWN_ID = "550e8400-e29b-41d4-a716-446655440000";
const target = "https://www.shop.example/cart";

test("explain counts what can be chosen and why the others cannot, without choosing", async () => {
  const world = makeWorld();
  const id = addProxy(world, "http://u:p@203.0.113.1:80", { region: "US", ok: 1 });
  const open = addProxy(world, "http://203.0.113.2:80", { region: "US", dead: 5 });
  addProxy(world, "http://203.0.113.3:80", { region: "DE" });
  const output = await world.call("explain", { criteria: { region: "US" }, proxy_id: open });
  assert.deepEqual([output.strategy, output.total, output.eligible], ["round-robin", 3, 1]);
  assert.deepEqual(output.rejected, { region: 1, circuit_open: 1 });
  assert.equal(
    output.message,
    "1 of 3 proxies can be chosen now; the others: 1 resting after failures, 1 in another region",
  );
  assert.deepEqual(output.choice, {
    id,
    url: "http://203.0.113.1:80",
    region: "US",
    reason: "round-robin: next in turn",
    terms: { expected_latency_ms: 100, cost_ms: 100, in_flight: 0, success_rate: 1, total_requests: 1 },
  });
  const { message, free_in_s, ...proxy } = output.proxy ?? assert.fail();
  assert.deepEqual(proxy, {
    id: open,
    url: "http://203.0.113.2:80",
    eligible: false,
    reason: "circuit_open",
    terms: { expected_latency_ms: 5000, cost_ms: 5000, in_flight: 0, success_rate: 0, total_requests: 5 },
  });
  assert.equal(
    message,
    `it rests after failures of its own (circuit breaker open); free again in ${free_in_s} s`,
  );
  assert.equal(output.next_free_in_s, free_in_s);
  assert.match(output.next_step ?? "", /reset_cb/);
  assert.equal(world.rotator.getProxy(id)?.requestsStarted, 0);
  assert.equal((await world.fail({ action: "explain", proxy_id: UNKNOWN_ID })).code, 404);
});

test("explain says when a proxy that a site refused may go there again, and it may then", async () => {
  const world = makeWorld({ rotator: { pacing: "15/min" } });
  const id = addProxy(world, "http://203.0.113.1:80", { ok: 1 });
  const { lease_id } = await world.call("rotate", { criteria: { target } });
  await world.call("report", { lease_id, outcome: "blocked", latency_ms: 20 });
  const refused = await world.call("explain", { criteria: { target }, proxy_id: id });
  assert.deepEqual([refused.eligible, refused.proxy?.reason], [0, "ejected_on_target"]);
  assert.match(
    refused.proxy?.message ?? "",
    /^shop\.example refused it, or it failed there; free again in [\d.]+ s$/,
  );
  assert.equal(
    refused.next_step,
    `Call again in ${refused.next_free_in_s} s, ask for less (criteria), or add proxies.`,
  );
  assert.equal((await world.call("explain", { proxy_id: id })).proxy?.eligible, true);
  world.advance((refused.proxy?.free_in_s ?? 0) * 1000);
  const free = await world.call("explain", { criteria: { target }, proxy_id: id });
  assert.deepEqual([free.proxy?.eligible, free.proxy?.message, free.choice?.id], [
    true,
    "it would be taken now",
    id,
  ]);
  await world.call("rotate", { criteria: { target } });
});

test("explain counts every rest of a proxy before it calls it free", async () => {
  const world = makeWorld();
  const id = addProxy(world, "http://203.0.113.1:80", { ok: 1 });
  for (let i = 0; i < 6; i++) {
    world.rotator.report(id, { verdict: "blocked", target });
    if (i < 5) {
      world.advance(((await world.call("explain", { criteria: { target } })).next_free_in_s ?? 0) * 1000);
    }
  }
  for (let i = 0; i < 5; i++) world.rotator.report(id, { verdict: "dead" });
  const { proxy } = await world.call("explain", { criteria: { target }, proxy_id: id });
  assert.equal(proxy?.reason, "circuit_open");
  world.advance((proxy?.free_in_s ?? 0) * 1000 - 200);
  assert.equal((await world.fail({ action: "rotate", criteria: { target } })).code, 503);
  world.advance(200);
  await world.call("rotate", { criteria: { target } });
});

test("explain says what a session holds, for how long, and why it would get another", async () => {
  const world = makeWorld();
  addProxy(world, "http://203.0.113.1:80", { ok: 1 });
  addProxy(world, "http://203.0.113.2:80", { ok: 1 });
  assert.equal((await world.call("explain", { session: "cart" })).session, undefined);
  const { proxy: { id } } = await world.call("rotate", { session: "cart" });
  world.advance(60_000);
  const held = await world.call("explain", { session: "cart" });
  assert.deepEqual(held.session, {
    id,
    url: world.rotator.getProxy(id)?.publicUrl,
    eligible: true,
    reason: "eligible",
    message: "the session would get it",
    ends_in_s: 1740,
    exclusive: false,
  });
  assert.equal(held.choice?.reason, "the session holds it for another 1740 s");
  for (let i = 0; i < 5; i++) world.rotator.report(id, { verdict: "dead" });
  const moved = await world.call("explain", { session: "cart", proxy_id: id });
  assert.equal(moved.session?.reason, "circuit_open");
  assert.match(moved.session?.message ?? "", /free again in [\d.]+ s; meanwhile the session gets another$/);
  assert.notEqual(moved.choice?.id, id);
});

test("explain says of a proxy that could be chosen why it is not", async () => {
  const world = makeWorld({ rotator: { strategy: "cost-aware" } });
  const cheap = world.rotator.addProxy("http://203.0.113.1:80", { cost: 1 }).id;
  const dear = world.rotator.addProxy("http://203.0.113.2:80", { cost: 2.5, weight: 3 }).id;
  const { choice, proxy } = await world.call("explain", { proxy_id: dear });
  assert.deepEqual([choice?.id, choice?.reason], [cheap, "cost-aware: cheapest that works often enough"]);
  assert.equal(choice?.terms["price"], 1);
  assert.equal(proxy?.message, "it can be chosen, but now cost-aware would take another");
  assert.deepEqual([proxy?.terms["price"], proxy?.terms["weight"]], [2.5, 3]);
  await world.call("rotate", { session: "s" });
  const held = await world.call("explain", { session: "s", proxy_id: dear });
  assert.equal(held.proxy?.message, "it can be chosen, but now the session holds another");
});

test("explain has a rule in words for every strategy", async () => {
  for (const strategy of STRATEGY_NAMES) {
    const world = makeWorld({ rotator: { strategy } });
    addProxy(world, "http://203.0.113.1:80");
    const { choice } = await world.call("explain", { session: "s" });
    assert.match(choice?.reason ?? "", new RegExp(`^${strategy}: \\w+`));
  }
});

test("explain of a pool without anybody to choose says what to do", async () => {
  const world = makeWorld();
  assert.equal((await world.call("explain")).next_step, "Add proxies with the add action.");
  addProxy(world, "http://203.0.113.1:80");
  const { eligible, next_step } = await world.call("explain", { criteria: { tag: "none" } });
  assert.equal(eligible, 0);
  assert.match(next_step ?? "", /^Ask for less/);
});
