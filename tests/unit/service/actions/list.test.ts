import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ListOutput } from "../../../../gen/models.ts";
import { addProxy, makeWorld, type World } from "../support.ts";

async function pages(world: World, input: object, between: () => void = () => {}): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page: ListOutput = await world.call("list", { ...input, ...(cursor && { cursor }) });
    ids.push(...page.proxies.map((proxy) => proxy.id));
    cursor = page.next_cursor;
    between();
  } while (cursor !== undefined);
  return ids;
}

test("list has the guide's keys, in the guide's order", async () => {
  const world = makeWorld();
  const id = addProxy(world, "http://u:p@proxy1.example.com:8080", {
    region: "us",
    ok: 19,
    dead: 1,
    latencyMs: 120.5,
  });
  const output = await world.call("list");
  assert.deepEqual(output, {
    proxies: [{
      id,
      url: "http://proxy1.example.com:8080",
      status: "healthy",
      success_rate: 0.95,
      avg_latency_ms: 120.5,
      region: "US",
      total_requests: 20,
      total_successes: 19,
      total_failures: 1,
    }],
    total: 1,
    healthy: 1,
    degraded: 0,
    unhealthy: 0,
    dead: 0,
    unknown: 0,
  });
  assert.deepEqual(Object.keys(output), [
    "proxies",
    "total",
    "healthy",
    "degraded",
    "unhealthy",
    "dead",
    "unknown",
  ]);
});

test("list shows a proxy without data with zeros and an unknown region", async () => {
  const world = makeWorld();
  addProxy(world, "http://203.0.113.1:80");
  const { proxies: [row] } = await world.call("list");
  assert.equal(row?.success_rate, 0);
  assert.equal(row?.avg_latency_ms, 0);
  assert.equal(row?.region, "UNKNOWN");
  assert.equal(row?.status, "unknown");
});

test("list counts all that match, whatever the page", async () => {
  const world = makeWorld();
  for (let i = 1; i <= 5; i++) addProxy(world, `http://203.0.113.${i}:80`, { region: "US", ok: 1 });
  for (let i = 1; i <= 3; i++) {
    addProxy(world, `socks5://198.51.100.${i}:1080`, { region: "DE", dead: i * 2 - 1 });
  }
  const all = await world.call("list", { limit: 1 });
  assert.deepEqual(
    [all.total, all.healthy, all.degraded, all.unhealthy, all.dead, all.unknown, all.proxies.length],
    [8, 5, 1, 1, 1, 0, 1],
  );
  const german = await world.call("list", { criteria: { region: "de" }, limit: 2 });
  assert.deepEqual([german.total, german.degraded, german.unhealthy, german.dead], [3, 1, 1, 1]);
  assert.equal(german.proxies.length, 2);
  const dead = await world.call("list", { status: "dead" });
  assert.deepEqual([dead.total, dead.dead, dead.healthy], [1, 1, 0]);
  assert.equal((await world.call("list", { criteria: { protocol: "socks5", region: "US" } })).total, 0);
});

test("list turns pages without repeating or missing a proxy that was there throughout", async () => {
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: 0, max: 12 }),
    fc.integer({ min: 1, max: 5 }),
    fc.array(fc.nat({ max: 20 }), { maxLength: 8 }),
    fc.boolean(),
    async (size, limit, removals, byRegion) => {
      const world = makeWorld();
      for (let i = 0; i < size; i++) addProxy(world, `http://203.0.113.${i}:80`, { region: "US" });
      const atStart = [...world.rotator.proxies()].map((proxy) => proxy.id);
      const removed = new Set<string>();
      let added = 0;
      const seen = await pages(world, { limit, ...(byRegion && { criteria: { region: "US" } }) }, () => {
        const victim = atStart[removals.pop() ?? -1];
        if (victim !== undefined && world.rotator.removeProxy(victim)) removed.add(victim);
        if (added < 3) addProxy(world, `http://198.51.100.${added++}:80`, { region: "US" });
      });
      assert.equal(new Set(seen).size, seen.length, "nothing twice");
      const expected = atStart.filter((id) => !removed.has(id));
      assert.deepEqual(seen.filter((id) => expected.includes(id)), expected, "all that stayed, in order");
    },
  ));
});

test("list goes on after the last proxy of the page before was removed", async () => {
  const world = makeWorld();
  const ids = [1, 2, 3, 4].map((i) => addProxy(world, `http://203.0.113.${i}:80`));
  const first = await world.call("list", { limit: 2 });
  world.rotator.removeProxy(ids[1]!);
  const second = await world.call("list", { limit: 2, cursor: first.next_cursor });
  assert.deepEqual(second.proxies.map((proxy) => proxy.id), ids.slice(2));
  assert.equal(second.next_cursor, undefined);
});

test("list refuses a cursor that is none", async () => {
  const error = await makeWorld().fail({ action: "list", cursor: "x" });
  assert.equal(error.code, 400);
  assert.match(error.error, /^Invalid cursor: x$/);
});
