/** The examples of the guide's programming sections, in TypeScript. The pool is fresh for each. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { afterEach, test } from "node:test";
import {
  AsyncProxyRotator,
  cleanupRotator,
  getRotator,
  MCPAuth,
  mcpLifespan,
  ProxyConfiguration,
  proxywhirl,
  ProxyWhirlMCPServer,
  setAuth,
  setRotator,
} from "../../../mod.ts";

afterEach(async () => {
  setAuth(null);
  await cleanupRotator();
});

/** So that no test touches a database in the working folder. */
async function useFreshRotator(): Promise<AsyncProxyRotator> {
  const rotator = new AsyncProxyRotator();
  await setRotator(rotator);
  return rotator;
}

test("guide, programmatic usage: list, health, recommend, rotate, clean up", async () => {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  (await useFreshRotator()).addProxy("http://proxy1.example.com:8080", { region: "US" });

  const list = await proxywhirl({ action: "list" });
  print(`Total proxies: ${"error" in list ? 0 : list.total}`);

  const health = await proxywhirl({ action: "health" });
  print(`Pool status: ${"error" in health ? "unknown" : health.pool_status}`);

  const recommended = await proxywhirl({
    action: "recommend",
    criteria: { region: "US", performance: "high" },
  });
  if ("recommendation" in recommended) print(`Recommended: ${recommended.recommendation.url}`);

  const rotated = await proxywhirl({ action: "rotate" });
  if ("proxy" in rotated) print(`Selected: ${rotated.proxy.url}`);

  await cleanupRotator();
  assert.deepEqual(lines, [
    "Total proxies: 1",
    "Pool status: degraded",
    "Recommended: http://proxy1.example.com:8080",
    "Selected: http://proxy1.example.com:8080",
  ]);
});

test("guide, custom rotator configuration: own strategy, own settings, own proxies", async () => {
  const config = new ProxyConfiguration({ timeout: 60, poolConnections: 50 });
  const rotator = new AsyncProxyRotator({ strategy: "performance-based", config });
  await setRotator(rotator);

  await rotator.addProxy("http://proxy1.example.com:8080");
  await rotator.addProxy("http://proxy2.example.com:8080");

  const result = await proxywhirl({ action: "list" });
  assert.ok("total" in result);
  assert.equal(result.total, 2);
  assert.equal(await getRotator(), rotator);
  await cleanupRotator();
});

test("guide, lifecycle: the rotator is ready inside, and cleaned up on exit", async () => {
  const rotator = await useFreshRotator();
  rotator.addProxy("http://proxy1.example.com:8080");
  {
    await using lifespan = mcpLifespan();
    assert.equal(await lifespan.ready, rotator);
    const health = await proxywhirl({ action: "health" });
    assert.ok("total_proxies" in health && health.total_proxies === 1);
  }
  await setRotator(new AsyncProxyRotator());
  assert.notEqual(await getRotator(), rotator);
});

test("guide, server class: serves a custom rotator after initialize(), until the client goes", async () => {
  const rotator = new AsyncProxyRotator({
    strategy: "weighted",
    config: new ProxyConfiguration({ timeout: 60, poolConnections: 50 }),
  });
  rotator.addProxy("http://proxy1.example.com:8080");
  const server = new ProxyWhirlMCPServer({ proxyManager: rotator });
  await server.initialize();
  const input = new PassThrough();
  const output = new PassThrough().setEncoding("utf8");
  const ended = server.run({ transport: "stdio", input, output });
  const say = (message: object) => input.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n");
  say({
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } },
  });
  say({ method: "notifications/initialized" });
  say({ id: 2, method: "tools/call", params: { name: "proxywhirl", arguments: { action: "list" } } });
  say({ id: 3, method: "resources/read", params: { uri: "proxy://config" } });
  const answers = await readAnswers(output, 3);
  assert.equal(answers.get(2)?.structuredContent?.total, 1);
  const config = JSON.parse(answers.get(3)?.contents?.[0]?.text ?? "{}");
  assert.deepEqual(
    [config.rotation_strategy, config.timeout, config.pool_connections],
    ["WeightedStrategy", 60, 50],
  );
  input.end();
  await ended;
});

interface Answer {
  readonly structuredContent?: { readonly total?: number };
  readonly contents?: readonly { readonly text?: string }[];
}

async function readAnswers(output: AsyncIterable<string>, count: number): Promise<Map<number, Answer>> {
  const answers = new Map<number, Answer>();
  let text = "";
  for await (const chunk of output) {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const message = JSON.parse(line);
      if (typeof message.id === "number") answers.set(message.id, message.result);
    }
    if (answers.size === count) break;
  }
  return answers;
}

test("ProxyWhirlMCPServer.run() names the transports that there are, and opens no pool to others without a key", async () => {
  const server = new ProxyWhirlMCPServer({ proxyManager: new AsyncProxyRotator() });
  await assert.rejects(
    server.run({ transport: "carrier pigeon" as "sse" }),
    /Cannot serve over "carrier pigeon", allowed: stdio, http, streamable-http, sse/,
  );
  await assert.rejects(
    server.run({ transport: "http", host: "0.0.0.0", port: 0 }),
    /Cannot serve on "0\.0\.0\.0" without a key/,
  );
});

test("guide, authentication: a key once set is asked for, and null takes it away", async () => {
  await useFreshRotator();
  setAuth(new MCPAuth({ apiKey: "your-secret-api-key" }));
  assert.partialDeepStrictEqual(await proxywhirl({ action: "list" }), {
    error: "Authentication failed: Invalid API key",
    code: 401,
  });
  assert.ok("total" in await proxywhirl({ action: "list", api_key: "your-secret-api-key" }));
  assert.ok("total" in await proxywhirl({ action: "list", apiKey: "your-secret-api-key" }));
  assert.ok("pool_status" in await proxywhirl({ action: "health" }));
  setAuth(null);
  assert.ok("total" in await proxywhirl({ action: "list" }));
});

test("guide, errors: they are returned, not thrown", async () => {
  await useFreshRotator();
  const result = await proxywhirl({ action: "status", proxyId: "invalid" });
  assert.ok("error" in result);
  assert.deepEqual([result.code, result.error], [400, "Invalid proxy_id format: invalid"]);
});

test("setRotator(null) and cleanupRotator() may be called at any time", async () => {
  await cleanupRotator();
  await cleanupRotator();
  await setRotator(null);
});

test("ProxyConfiguration has the guide's defaults and refuses what makes no sense", () => {
  const { timeout, verifySsl, followRedirects, poolConnections, poolMaxKeepalive } = new ProxyConfiguration();
  assert.deepEqual([timeout, verifySsl, followRedirects, poolConnections, poolMaxKeepalive], [
    30,
    true,
    true,
    10,
    5,
  ]);
  assert.throws(
    () => new ProxyConfiguration({ timeout: -1 }),
    /Cannot set timeout to -1: it must be from 0\.1 to 600/,
  );
  assert.throws(() => new ProxyConfiguration({ timeout: NaN }), RangeError);
});
