import assert from "node:assert/strict";
import { test } from "node:test";
import { addProxy, makeWorld } from "../support.ts";

test("rotate gives the guide's six keys and a lease", async () => {
  const world = makeWorld();
  const id = addProxy(world, "http://proxy1.example.com:8080", { region: "US", ok: 1 });
  const { proxy, lease_id, ...rest } = await world.call("rotate");
  assert.deepEqual(rest, {});
  assert.deepEqual(proxy, {
    id,
    url: "http://proxy1.example.com:8080",
    status: "healthy",
    success_rate: 1,
    avg_latency_ms: 100,
    region: "US",
  });
  assert.equal(world.rotator.lease(lease_id)?.proxy.id, id);
});

test("rotate keeps to the criteria and to the session", async () => {
  const world = makeWorld();
  addProxy(world, "http://203.0.113.1:80", { region: "US" });
  const german = addProxy(world, "http://203.0.113.2:80", { region: "DE" });
  addProxy(world, "http://203.0.113.3:80", { region: "US" });
  for (let i = 0; i < 3; i++) {
    assert.equal((await world.call("rotate", { criteria: { region: "de" } })).proxy.id, german);
  }
  const first = await world.call("rotate", { session: "cart" });
  assert.equal((await world.call("rotate", { session: "cart" })).proxy.id, first.proxy.id);
  assert.notEqual((await world.call("rotate", { session: "cart", renew: true })).proxy.id, first.proxy.id);
});

test("rotate gives a lease back after five minutes", async () => {
  const world = makeWorld();
  const id = addProxy(world, "http://203.0.113.1:80");
  const { lease_id } = await world.call("rotate");
  assert.equal(world.rotator.getProxy(id)?.inFlight, 1);
  world.advance(5 * 60_000 + 1);
  assert.equal(world.rotator.getProxy(id)?.inFlight, 0);
  const error = await world.fail({ action: "report", lease_id, outcome: "ok" });
  assert.deepEqual([error.code, error.error], [404, `Lease not found: ${lease_id}`]);
});

test("rotate says why there is no proxy, and what to do", async () => {
  const world = makeWorld();
  const empty = await world.fail({ action: "rotate" });
  assert.deepEqual([empty.code, empty.error], [503, "No proxy available: the pool is empty"]);
  assert.match(empty.next_step ?? "", /fetch/);

  addProxy(world, "http://203.0.113.1:80", { region: "US", dead: 5 });
  const foreign = await world.fail({ action: "rotate", criteria: { region: "JP" } });
  assert.deepEqual([foreign.code, foreign.error], [404, "No proxies found for region: JP"]);

  const open = await world.fail({ action: "rotate" });
  assert.deepEqual([open.code, open.error], [503, "No proxy available: 1 circuit open"]);
  assert.ok(open.retry_after_s !== undefined && open.retry_after_s > 0, "says when it frees up");
  world.advance(open.retry_after_s * 1000);
  await world.call("rotate");
});

test("rotate answers 429 when proxies are only paced", async () => {
  const world = makeWorld({ rotator: { pacing: "1/min" } });
  addProxy(world, "http://203.0.113.1:80", { region: "US" });
  addProxy(world, "http://203.0.113.2:80", { region: "DE" });
  const input = { action: "rotate", criteria: { target: "https://shop.example/", region: "US" } };
  assert.ok((await world.service.handle(input)).ok);
  const error = await world.fail(input);
  assert.deepEqual([error.code, error.error, error.retry_after_s], [
    429,
    "All matching proxies are paced",
    60,
  ]);
});

test("rotate refuses a target that is none", async () => {
  const world = makeWorld();
  addProxy(world, "http://203.0.113.1:80");
  const error = await world.fail({ action: "rotate", criteria: { target: "http://" } });
  assert.deepEqual([error.code, error.error], [400, "Invalid target: http://"]);
});

test("rotate asks for a session when the strategy needs one", async () => {
  const world = makeWorld({ rotator: { strategy: "session-persistence" } });
  addProxy(world, "http://203.0.113.1:80");
  const error = await world.fail({ action: "rotate" });
  assert.equal(error.code, 400);
  assert.match(error.error, /^session required for rotate action: /);
  await world.call("rotate", { session: "cart" });
});
