import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigResource } from "../../../../gen/models.ts";
import type { ProxyRotatorOptions } from "../../../../src/core/mod.ts";
import { addProxy, makeWorld } from "../support.ts";

test("health has the guide's keys, in the guide's order, then ours", async () => {
  const world = makeWorld();
  for (let i = 0; i < 8; i++) addProxy(world, `http://203.0.113.${i}:80`, { ok: 3, latencyMs: 100 + i });
  addProxy(world, "http://198.51.100.1:80", { dead: 1 });
  addProxy(world, "http://198.51.100.2:80", { dead: 5 });
  const output = await world.call("health");
  assert.deepEqual(output, {
    pool_status: "healthy",
    total_proxies: 10,
    healthy_proxies: 8,
    degraded_proxies: 1,
    failed_proxies: 1,
    average_success_rate: 0.8,
    average_latency_ms: 103.5,
    last_update: "2024-01-15T10:30:00Z",
    total_requests: 30,
    total_successes: 24,
    total_failures: 6,
    rate_limit: { enabled: false, message: "Rate limiting not configured" },
    unknown_proxies: 0,
    open_circuits: 1,
  });
  assert.deepEqual(await world.service.readResource("proxy://health"), output);
});

test("health tells what to do with a pool that needs something", async () => {
  const world = makeWorld();
  const empty = await world.call("health");
  assert.equal(empty.pool_status, "empty");
  assert.match(empty.next_step ?? "", /add/);
  addProxy(world, "http://203.0.113.1:80");
  const untried = await world.call("health");
  assert.deepEqual([untried.pool_status, untried.unknown_proxies], ["degraded", 1]);
  assert.ok(untried.message !== undefined && untried.next_step !== undefined);
});

test("health names the pace in force", async () => {
  const cases: readonly (readonly [NonNullable<ProxyRotatorOptions["pacing"]>, string])[] = [
    ["15/min", "At most 15/min per proxy and site"],
    [
      { rate: "2/s", burst: 5, targets: { "shop.example": "1/min" } },
      "At most 2/s per proxy and site, 1/min per proxy on shop.example, up to 5 at once after a rest",
    ],
    [{ targets: { "shop.example": "1/min" } }, "At most 1/min per proxy on shop.example"],
    [
      { rate: "2/s", targets: { "a.example": "1/min", "b.example": "1/h" } },
      "At most 2/s per proxy and site, 2 sites have a pace of their own",
    ],
  ];
  for (const [pacing, message] of cases) {
    const { rate_limit } = await makeWorld({ rotator: { pacing } }).call("health");
    assert.deepEqual(rate_limit, { enabled: true, message });
  }
  const world = makeWorld({ rotator: { pacing: "15/min" } });
  assert.equal((await world.service.readResource("proxy://config") as ConfigResource).pacing, "15/min");
});
