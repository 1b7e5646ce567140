import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ACTIONS } from "../../../gen/actions.ts";
import { RESOURCES } from "../../../gen/resources.ts";
import { MCPAuth, ProxyWhirlService } from "../../../src/service/mod.ts";
import { ProxyRotator } from "../../../src/core/mod.ts";
import { DEFAULT_SETTINGS } from "../../../gen/settings.ts";
import { addProxy, makeWorld } from "./support.ts";

const DENIED = { code: 401, error: "Authentication failed: Invalid API key" };

test("ProxyWhirlService lets everybody in without a key", async () => {
  const world = makeWorld();
  assert.equal(world.service.requiresKey, false);
  await world.call("list");
  await world.call("list", { api_key: "whatever" });
});

test("ProxyWhirlService asks for the key in every action but health", async () => {
  const world = makeWorld({ settings: { apiKey: "s3cret" } });
  assert.equal(world.service.requiresKey, true);
  await world.call("health");
  for (const { name } of ACTIONS.filter((action) => action.name !== "health")) {
    for (const key of [{}, { api_key: "wrong" }, { api_key: "" }, { api_key: 5 }, { api_key: null }]) {
      const { code, error } = await world.fail({ action: name, ...key });
      assert.deepEqual({ code, error }, DENIED, name);
    }
  }
  await world.call("list", { api_key: "s3cret" });
  await world.call("list", {}, { authorized: true });
});

test("ProxyWhirlService checks the key first, then the input, then what it names", async () => {
  const world = makeWorld({ settings: { apiKey: "s3cret" } });
  assert.equal((await world.fail({ action: "status", proxy_id: "bad" })).code, 401);
  assert.equal((await world.fail({ action: "nonsense" })).code, 401);
  assert.equal((await world.fail(null)).code, 401);
  const api_key = "s3cret";
  assert.equal((await world.fail({ action: "status", proxy_id: "bad", api_key })).code, 400);
  const proxy_id = "550e8400-e29b-41d4-a716-446655440000";
  assert.equal((await world.fail({ action: "status", proxy_id, api_key })).code, 404);
});

test("ProxyWhirlService.setAuth changes the key, and undefined brings back that of the settings", async () => {
  const world = makeWorld({ settings: { apiKey: "first" } });
  world.service.setAuth(new MCPAuth({ apiKey: "second" }));
  assert.equal((await world.fail({ action: "list", api_key: "first" })).code, 401);
  await world.call("list", { api_key: "second" });
  world.service.setAuth(new MCPAuth());
  await world.call("list");
  world.service.setAuth(undefined);
  assert.equal((await world.fail({ action: "list" })).code, 401);
});

test("ProxyWhirlService in read-only mode refuses whatever changes the pool, and does not offer it", async () => {
  const world = makeWorld({ settings: { readOnly: true } });
  const proxy_id = addProxy(world, "http://203.0.113.1:80");
  for (const { name, effect, published } of ACTIONS) {
    const result = await world.service.handle({
      action: name,
      proxy_id,
      strategy: "random",
      proxy_url: "203.0.113.2:80",
    });
    const isRefused = !result.ok && result.error.code === 403;
    assert.equal(isRefused, effect === "write" || effect === "destructive", name);
    if (isRefused) assert.equal(result.error.error, `${name} is not allowed: the server is read-only`);
    assert.equal(world.service.actions.includes(name), published && !isRefused);
  }
  assert.equal(world.rotator.size, 1);
  await world.call("rotate");
});

test("ProxyWhirlService offers and does only the actions that are allowed, and tells which these are", async () => {
  const world = makeWorld({ settings: { allowActions: "rotate,health" } });
  const proxy_id = addProxy(world, "http://203.0.113.1:80");
  assert.deepEqual(world.service.actions, ["rotate", "health"]);
  await world.call("rotate");
  for (const { name } of ACTIONS.filter(({ name }) => name !== "rotate" && name !== "health")) {
    const { code, error } = await world.fail({ action: name, proxy_id });
    assert.deepEqual([code, error], [403, `${name} is not allowed. Must be one of: rotate, health`]);
  }
  assert.equal(world.rotator.size, 1);
  const { error } = await world.fail({ action: "nope" });
  assert.equal(error, "Unknown action: nope. Must be one of: rotate, health");
});

test("ProxyWhirlService reads allowed actions and read-only together: only what both permit", () => {
  const { service } = makeWorld({ settings: { allowActions: "list,remove", readOnly: true } });
  assert.deepEqual(service.actions, ["list"]);
});

test("ProxyWhirlService offers the resources that show what status shows only with status", async () => {
  const all = makeWorld().service;
  assert.deepEqual(all.resources, RESOURCES.map(({ uri }) => uri));
  const world = makeWorld({ settings: { allowActions: "list" } });
  const id = addProxy(world, "http://203.0.113.1:80");
  assert.deepEqual(world.service.resources, [
    "proxy://health",
    "proxy://config",
    "proxy://sources",
    "proxy://metrics",
  ]);
  assert.equal(await world.service.readResource("proxy://proxies/{id}", id), undefined);
  assert.equal(await world.service.readResource("proxy://nope"), undefined);
});

test("ProxyWhirlService offers what works, in the order of the contract", () => {
  assert.deepEqual(
    makeWorld().service.actions,
    ACTIONS.filter((action) => action.published).map((action) => action.name),
  );
});

test("ProxyWhirlService answers unknown actions and keys with 400", async () => {
  const world = makeWorld();
  const unknown = await world.fail({ action: "frobnicate" });
  assert.equal(unknown.code, 400);
  assert.match(unknown.error, /^Unknown action: frobnicate/);
  assert.equal((await world.fail({ action: "list", colour: "red" })).code, 400);
  assert.equal((await world.fail({})).code, 400);
  assert.equal((await world.fail("list")).code, 400);
});

test("ProxyWhirlService never rejects, whatever it is given", async () => {
  const world = makeWorld();
  addProxy(world, "http://203.0.113.1:80");
  const names = fc.constantFrom(...ACTIONS.map((action) => action.name));
  const keys = [...new Set(ACTIONS.flatMap((action) => Object.keys(action.properties)))];
  const anyInput = fc.record({ action: names }).chain(({ action }) =>
    fc.dictionary(fc.constantFrom(...keys), fc.anything(), { maxKeys: 4 }).map((rest) => ({
      ...rest,
      action,
    }))
  );
  await fc.assert(fc.asyncProperty(fc.oneof(fc.anything(), anyInput), async (input) => {
    const result = await world.service.handle(input);
    if (result.ok) return;
    assert.equal(typeof result.error.error, "string");
    assert.ok([400, 404, 409, 429, 501, 503].includes(result.error.code), JSON.stringify(result.error));
  }));
});

test("ProxyWhirlService turns a fault of its own into a 500 that holds no credential, and logs it", async () => {
  const lines: string[] = [];
  const { createLogger } = await import("../../../src/service/mod.ts");
  const service = new ProxyWhirlService({
    rotator: new ProxyRotator(),
    settings: DEFAULT_SETTINGS,
    version: "1.2.3",
    logger: createLogger({ write: (line) => lines.push(line) }),
    sync: {
      add: () => Promise.reject(new Error("disk full at http://bob:hunter2@203.0.113.1:80")),
      remove: () => Promise.resolve(false),
    },
  });
  const result = await service.handle({ action: "add", proxy_url: "203.0.113.1:80" });
  assert.deepEqual(result, {
    ok: false,
    error: { error: "Internal error: disk full at http://203.0.113.1:80", code: 500 },
  });
  assert.match(lines.join(), /Action failed/);
  assert.ok(!lines.join().includes("hunter2"));
});

test("ProxyWhirlService.readResource() shows a configuration with the guide's keys, its defaults, and the strategy", async () => {
  const { service } = makeWorld();
  assert.deepEqual(await service.readResource("proxy://config"), {
    rotation_strategy: "RoundRobinStrategy",
    timeout: 30,
    verify_ssl: true,
    follow_redirects: true,
    pool_connections: 10,
    pool_max_keepalive: 5,
    circuit_breaker: { failure_threshold: 5, timeout_duration: 60, window_duration: 120 },
    retry_policy: {
      max_attempts: 3,
      backoff_strategy: "exponential",
      base_delay: 1,
      max_backoff_delay: 60,
      multiplier: 2,
    },
    logging: { level: "INFO", format: "json", redact_credentials: true },
    strategy: "round-robin",
    read_only: false,
    pacing: null,
    persistent: false,
    tools: "unified",
    allow_actions: null,
    confirm: "auto",
  });
});

test("ProxyWhirlService.onResourceChange() tells which resources change with a proxy's health, until it is ended", () => {
  const world = makeWorld();
  const calls: string[] = [];
  const end = world.service.onResourceChange((uri) => calls.push(uri));
  const seen = () => calls.splice(0);
  const id = addProxy(world, "http://203.0.113.1:80");
  assert.deepEqual(seen(), ["proxy://health"], "nobody knew its address");
  world.rotator.report(id, { verdict: "dead" });
  assert.deepEqual(seen(), ["proxy://health", `proxy://proxies/${id}`]);
  world.rotator.report(id, { verdict: "target_error" });
  assert.deepEqual(seen(), [], "its health is the same");
  world.rotator.removeProxy(id);
  assert.deepEqual(seen(), ["proxy://health", `proxy://proxies/${id}`]);
  end();
  addProxy(world, "http://203.0.113.2:80");
  assert.deepEqual(seen(), []);
});

test("ProxyWhirlService.onResourceChange() tells of another strategy", async () => {
  const { service } = makeWorld();
  const calls: string[] = [];
  const end = service.onResourceChange((uri) => calls.push(uri));
  await service.handle({ action: "set_strategy", strategy: "random" });
  await service.handle({ action: "set_strategy", strategy: "nope" });
  assert.deepEqual(calls, ["proxy://config"]);
  end();
});
