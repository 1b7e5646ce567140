import assert from "node:assert/strict";
import { test } from "node:test";
import { addProxy, makeWorld } from "../support.ts";

const UNKNOWN_ID = "550e8400-e29b-41d4-a716-446655440000";

test("reset_cb closes an open breaker and says what it was", async () => {
  const world = makeWorld();
  const id = addProxy(world, "http://203.0.113.1:80", { dead: 5 });
  assert.deepEqual(await world.call("reset_cb", { proxy_id: id }), {
    success: true,
    proxy_id: id,
    previous_state: "open",
    new_state: "closed",
    message: `Circuit breaker reset successfully for proxy ${id}`,
  });
  assert.equal((await world.call("status", { proxy_id: id })).health.circuit_breaker, "closed");
  assert.equal((await world.call("reset_cb", { proxy_id: id })).previous_state, "closed");
});

test("reset_cb and remove answer 404 for an id that no proxy has", async () => {
  const world = makeWorld();
  const cases = [
    [{ action: "reset_cb", proxy_id: "invalid-uuid" }, 404, "Proxy not found: invalid-uuid"],
    [{ action: "reset_cb", proxy_id: UNKNOWN_ID }, 404, `Proxy not found: ${UNKNOWN_ID}`],
    [{ action: "reset_cb" }, 400, "proxy_id required for reset_cb action"],
    [{ action: "remove", proxy_id: UNKNOWN_ID }, 404, `Proxy not found: ${UNKNOWN_ID}`],
    [{ action: "remove" }, 400, "proxy_id required for remove action"],
  ] as const;
  for (const [input, code, text] of cases) {
    const error = await world.fail(input);
    assert.deepEqual([error.code, error.error], [code, text]);
  }
});

test("add takes one proxy, and keeps its id when it comes again", async () => {
  const world = makeWorld();
  const first = await world.call("add", {
    proxy_url: "bob:hunter2@203.0.113.1:8080",
    region: "us",
    tags: ["a"],
  });
  assert.deepEqual(
    [first.success, first.added, first.duplicates, first.rejected, first.pool_size],
    [true, 1, 0, [], 1],
  );
  assert.equal(first.proxy?.url, "http://203.0.113.1:8080");
  assert.equal(first.proxy?.region, "US");
  const again = await world.call("add", { proxy_url: "http://bob:hunter2@203.0.113.1:8080/", region: "DE" });
  assert.deepEqual([again.added, again.duplicates, again.pool_size], [0, 1, 1]);
  assert.equal(again.proxy?.id, first.proxy?.id);
  assert.equal(again.proxy?.region, "DE");
  assert.deepEqual(world.rotator.getProxy(first.proxy!.id)?.tags, ["a"]);
});

test("add takes many, and lists each that it does not take", async () => {
  const world = makeWorld();
  const output = await world.call("add", {
    proxy_urls: ["203.0.113.1:80", "203.0.113.1:80", "nonsense", "203.0.113.2:99999", "127.0.0.1:8080"],
  });
  assert.deepEqual([output.success, output.added, output.duplicates, output.pool_size], [false, 1, 1, 1]);
  assert.equal(output.proxy, undefined);
  assert.equal(output.rejected.length, 3);
  assert.match(output.rejected[1]?.reason ?? "", /port/);
  assert.match(
    output.rejected[2]?.reason ?? "",
    /private address; start the server with --allow-private-targets/,
  );
});

test("add refuses a single proxy that cannot be read or is private, and leaves the pool alone", async () => {
  const world = makeWorld();
  for (const proxy_url of ["nonsense", "http://10.0.0.1:80", "socks5://[::1]:1080", "localhost:8080"]) {
    const error = await world.fail({ action: "add", proxy_url });
    assert.equal(error.code, 400);
    assert.match(error.error, /^Invalid proxy URL: /);
  }
  assert.equal(world.rotator.size, 0);
  const missing = await world.fail({ action: "add" });
  assert.deepEqual([missing.code, missing.error], [400, "proxy_url or proxy_urls required for add action"]);
});

test("add takes private addresses when the settings allow it", async () => {
  const world = makeWorld({ settings: { allowPrivateTargets: true } });
  assert.equal((await world.call("add", { proxy_url: "127.0.0.1:8080" })).added, 1);
});

test("remove takes a proxy out for good", async () => {
  const world = makeWorld();
  const id = addProxy(world, "http://203.0.113.1:80");
  addProxy(world, "http://203.0.113.2:80");
  assert.deepEqual(await world.call("remove", { proxy_id: id }), {
    success: true,
    proxy_id: id,
    message: `Proxy ${id} removed successfully`,
    pool_size: 1,
  });
  assert.equal((await world.fail({ action: "remove", proxy_id: id })).code, 404);
});

test("set_strategy takes names in any spelling, and lists them when there is no such", async () => {
  const world = makeWorld();
  assert.deepEqual(await world.call("set_strategy", { strategy: "LEAST_USED" }), {
    success: true,
    previous_strategy: "round-robin",
    new_strategy: "least-used",
    message: "Strategy changed from round-robin to least-used",
  });
  assert.equal(
    (await world.service.readResource("proxy://config") as { strategy: string }).strategy,
    "least-used",
  );
  assert.match((await world.call("set_strategy", { strategy: "least-used" })).message, /already/);
  const error = await world.fail({ action: "set_strategy", strategy: "bogus" });
  assert.equal(error.code, 400);
  assert.match(error.error, /^Unknown strategy: bogus.*round-robin, random, weighted, least-used/);
});

test("report ends a lease once and moves the proxy's health", async () => {
  const world = makeWorld();
  const id = addProxy(world, "http://203.0.113.1:80");
  const { lease_id } = await world.call("rotate");
  const input = { lease_id, outcome: "ok", latency_ms: 80, status_code: 200 };
  assert.deepEqual(await world.call("report", input), {
    success: true,
    proxy_id: id,
    status: "healthy",
    message: `Outcome ok recorded for proxy ${id}`,
  });
  assert.equal(world.rotator.getProxy(id)?.avgLatencyMs, 80);
  assert.equal((await world.fail({ action: "report", ...input })).code, 404);
});

test("report by proxy and target opens the breaker after five failures", async () => {
  const world = makeWorld();
  const proxy_id = addProxy(world, "http://203.0.113.1:80");
  const input = { proxy_id, target: "https://shop.example/", outcome: "dead" };
  const statuses: string[] = [];
  for (let i = 0; i < 5; i++) statuses.push((await world.call("report", input)).status);
  assert.deepEqual(statuses, ["degraded", "degraded", "unhealthy", "unhealthy", "dead"]);
  assert.match((await world.call("report", input)).message, /6 failures in a row, circuit breaker open/);
});

test("report answers errors for what does not fit together", async () => {
  const world = makeWorld();
  const id = addProxy(world, "http://203.0.113.1:80");
  const { lease_id } = await world.call("rotate");
  const cases = [
    [{ outcome: "ok" }, 400, /^lease_id, or proxy_id and target, required for report action$/],
    [{ outcome: "ok", proxy_id: id }, 400, /^lease_id, or proxy_id and target/],
    [{ outcome: "ok", proxy_id: UNKNOWN_ID, target: "a.example" }, 404, /^Proxy not found/],
    [{ outcome: "ok", proxy_id: id, target: "http://" }, 400, /^Invalid target/],
    [{ outcome: "ok", lease_id: "nope" }, 404, /^Lease not found: nope$/],
    [{ outcome: "ok", lease_id, proxy_id: UNKNOWN_ID }, 409, /is not of proxy/],
    [{ outcome: "fine", lease_id }, 400, /outcome/],
    [{ outcome: "ok", lease_id, latency_ms: -1 }, 400, /latency_ms/],
  ] as const;
  for (const [input, code, text] of cases) {
    const error = await world.fail({ action: "report", ...input });
    assert.equal(error.code, code, error.error);
    assert.match(error.error, text);
  }
});
