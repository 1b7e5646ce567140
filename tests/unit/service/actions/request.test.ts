import assert from "node:assert/strict";
import { test } from "node:test";
import type { CheckTargetOutput, RequestOutput } from "../../../../gen/models.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../../../gen/settings.ts";
import { type ActionResult, type CallContext, ProxyWhirlService } from "../../../../src/service/mod.ts";
import { RawSite } from "../../../support/raw_site.ts";
import { PoolOfProxies, type PoolOfProxiesOptions } from "../../../support/pool_of_proxies.ts";

interface World extends AsyncDisposable {
  readonly pool: PoolOfProxies;
  call(input: object, context?: CallContext): Promise<ActionResult>;
}

/** A service over real proxies on loopback. */
async function startWorld(
  options: PoolOfProxiesOptions = {},
  settings: Partial<Settings> = {},
): Promise<World> {
  const pool = await PoolOfProxies.start(options);
  const service = new ProxyWhirlService({
    rotator: pool.rotator,
    settings: { ...DEFAULT_SETTINGS, allowPrivateTargets: true, ...settings },
    version: "1.2.3",
  });
  return {
    pool,
    call: (input, context = {}) => service.handle(input, context),
    [Symbol.asyncDispose]: async () => {
      await service.close();
      await pool[Symbol.asyncDispose]();
    },
  };
}

function valueOf<T>(result: ActionResult): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value as T;
}

test("request answers status, headers, body, the proxy and every attempt", async () => {
  await using world = await startWorld();
  const { pool } = world;
  const output = valueOf<RequestOutput>(
    await world.call({ action: "request", url: `${pool.site.http}/json` }),
  );
  assert.equal(output.status, 200);
  assert.equal(output.verdict, "ok");
  assert.equal(output.headers["content-type"], "application/json");
  assert.deepEqual([output.body, output.bytes, output.truncated], ['{"ok":true}', 11, false]);
  assert.equal(output.proxy_id, pool.ids[0]);
  assert.deepEqual(output.attempts.map(({ proxy_id, verdict }) => [proxy_id, verdict]), [[
    pool.ids[0],
    "ok",
  ]]);
  assert.equal(output.next_step, undefined);
});

test("request goes on through another proxy, and the pool learns", async () => {
  await using world = await startWorld({ proxies: [{ fault: "reset" }, {}] });
  const { pool } = world;
  const output = valueOf<RequestOutput>(await world.call({ action: "request", url: `${pool.site.http}/ok` }));
  assert.deepEqual(output.attempts.map(({ verdict }) => verdict), ["dead", "ok"]);
  assert.equal(pool.rotator.getProxy(pool.ids[0]!)?.totalFailures, 1);
  assert.equal(pool.rotator.getProxy(pool.ids[1]!)?.totalSuccesses, 1);
});

test("request sends method, header fields and body, once", async () => {
  await using world = await startWorld();
  const { site } = world.pool;
  const output = valueOf<RequestOutput>(
    await world.call({
      action: "request",
      url: `${site.http}/echo`,
      method: "POST",
      headers: { "x-mine": "yes" },
      body: "hello",
    }),
  );
  const echo = JSON.parse(output.body);
  assert.deepEqual([echo.method, echo.body, echo.headers["x-mine"]], ["POST", "hello", "yes"]);
  assert.equal(site.requests.length, 1);
});

test("request cuts a long text, and says so", async () => {
  await using world = await startWorld();
  const url = `${world.pool.site.http}/html`;
  const output = valueOf<RequestOutput>(await world.call({ action: "request", url, max_bytes: 20 }));
  assert.deepEqual([output.body.length, output.truncated], [20, true]);
  assert.ok(output.bytes > 20);
  assert.match(output.next_step ?? "", /max_bytes/);
});

test("request reads at most 10 MiB of an answer", async () => {
  await using world = await startWorld();
  const url = `${world.pool.site.http}/large?bytes=30000000`;
  const output = valueOf<RequestOutput>(await world.call({ action: "request", url, max_bytes: 100 }));
  assert.deepEqual([output.body.length, output.bytes, output.truncated], [100, 30_000_000, true]);
});

test("request turns HTML into Markdown or text", async () => {
  await using world = await startWorld();
  const url = `${world.pool.site.http}/html`;
  const bodyAs = async (format: string) =>
    valueOf<RequestOutput>(await world.call({ action: "request", url, format })).body;
  assert.match(await bodyAs("raw"), /<h1>Hello<\/h1>/);
  assert.match(await bodyAs("markdown"), /# Hello\n\nSome \*\*bold\*\* text\./);
  assert.match(await bodyAs("text"), /Hello\s+Some bold text\./);
});

test("request tells an assistant to stop when a site refuses one proxy after the other", async () => {
  await using world = await startWorld({ proxies: [{}, {}, {}, {}] });
  world.pool.site.refuse = () => 403;
  const url = `${world.pool.site.http}/ok`;
  const output = valueOf<RequestOutput>(await world.call({ action: "request", url }));
  assert.deepEqual([output.status, output.verdict], [403, "blocked"]);
  assert.ok(output.attempts.length >= 2);
  assert.match(output.next_step ?? "", /Do not repeat this request/);
});

test("request answers 504 when every attempt failed, and says which proxy failed how", async () => {
  await using world = await startWorld({ proxies: [{ fault: "reset" }, { fault: "auth" }] });
  const result = await world.call({ action: "request", url: `${world.pool.site.http}/ok` });
  assert.ok(!result.ok);
  assert.equal(result.error.code, 504);
  for (const id of world.pool.ids) assert.ok(result.error.error.includes(id));
  assert.match(result.error.next_step ?? "", /health/);
});

test("request refuses private sites unless they are allowed, and other schemes always", async () => {
  await using world = await startWorld({}, { allowPrivateTargets: false });
  for (
    const url of ["http://127.0.0.1:1/", "http://[::1]/", "http://2130706433/", "http://169.254.169.254/"]
  ) {
    const result = await world.call({ action: "request", url });
    assert.ok(!result.ok && result.error.code === 400, url);
  }
  assert.equal(world.pool.proxies[0]?.accepted, 0);
});

test("request answers 503 for an empty pool and 404 for a region that nobody is in", async () => {
  await using empty = await startWorld({ proxies: [] });
  const url = `${empty.pool.site.http}/ok`;
  const none = await empty.call({ action: "request", url });
  assert.ok(!none.ok && none.error.code === 503);
  await using world = await startWorld();
  const elsewhere = await world.call({ action: "request", url, criteria: { region: "JP" } });
  assert.ok(!elsewhere.ok && elsewhere.error.code === 404, JSON.stringify(elsewhere));
});

test("request ends with the call", async () => {
  await using world = await startWorld({ proxies: [{ fault: "hang" }] });
  const controller = new AbortController();
  const running = world.call({ action: "request", url: `${world.pool.site.http}/ok` }, {
    signal: controller.signal,
  });
  controller.abort();
  const result = await running;
  assert.ok(!result.ok && result.error.code === 504, JSON.stringify(result));
});

test("request shows no credential of a proxy, even when the site echoes it", async () => {
  await using world = await startWorld({ proxies: [{ credentials: "bob:hunter2secret" }] });
  const { site } = world.pool;
  const result = await world.call({
    action: "request",
    url: `${site.http}/echo`,
    method: "POST",
    body: `${btoa("bob:hunter2secret")} hunter2secret`,
  });
  const text = JSON.stringify(result);
  assert.ok(result.ok);
  assert.ok(!text.includes("hunter2secret"), text);
  assert.ok(!text.includes(btoa("bob:hunter2secret")), text);
});

test("request leaves what looks like a credential in a page alone", async () => {
  await using world = await startWorld();
  const body = "write to mailto:bob@example.com or see https://user:pw@host.example/";
  const url = `${world.pool.site.http}/echo`;
  const output = valueOf<RequestOutput>(await world.call({ action: "request", url, method: "POST", body }));
  assert.equal(JSON.parse(output.body).body, body);
});

test("check_target says which proxies a site lets in", async () => {
  await using world = await startWorld({
    proxies: [{ exit: "127.0.0.2" }, { exit: "127.0.0.3" }, { exit: "127.0.0.4" }, { fault: "reset" }],
  });
  const { site } = world.pool;
  site.refuse = (exit) => exit === "127.0.0.2" ? 403 : undefined;
  const progress: number[] = [];
  const output = valueOf<CheckTargetOutput>(
    await world.call({ action: "check_target", url: `${site.http}/ok` }, {
      progress: ({ progress: done }) => progress.push(done),
    }),
  );
  assert.equal(output.target, "127.0.0.1");
  assert.equal(output.checked, 4);
  const verdicts = output.results.map(({ verdict }) => verdict).sort();
  assert.deepEqual(verdicts, ["blocked", "dead", "ok", "ok"]);
  assert.equal(output.clean_ratio, 0.67);
  assert.match(output.advice, /Most get through/);
  assert.deepEqual(progress, [1, 2, 3, 4]);
});

test("check_target keeps to its budget, and tells when a site refuses all", async () => {
  await using world = await startWorld({ proxies: [{}, {}, {}] });
  world.pool.site.refuse = () => 403;
  const call = { action: "check_target", url: `${world.pool.site.http}/ok`, sample: 2 };
  const output = valueOf<CheckTargetOutput>(await world.call(call));
  assert.equal(output.checked, 2);
  assert.equal(world.pool.site.requests.length, 2);
  assert.equal(output.clean_ratio, 0);
  assert.match(output.next_step ?? "", /Stop/);
});

test("check_target answers 503 for an empty pool and 400 for a private site", async () => {
  await using empty = await startWorld({ proxies: [] });
  const none = await empty.call({ action: "check_target", url: "http://shop.example/" });
  assert.ok(!none.ok && none.error.code === 503, JSON.stringify(none));
  await using world = await startWorld({}, { allowPrivateTargets: false });
  const refused = await world.call({ action: "check_target", url: "http://10.0.0.1/" });
  assert.ok(!refused.ok && refused.error.code === 400, JSON.stringify(refused));
});

test("request ends at once when its caller goes in the middle of a slow body", async () => {
  await using world = await startWorld();
  const { client, site } = world.pool;
  const controller = new AbortController();
  const running = world.call({ action: "request", url: `${site.http}/stall` }, { signal: controller.signal });
  while (site.count("/stall") === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  controller.abort();
  const result = await running;
  assert.ok(!result.ok && result.error.code === 504, JSON.stringify(result));
  assert.match(result.error.error, /gave up/);
  await site.sockets.none();
  assert.equal(client.openConnections, 0);
});

test("check_target ends all its requests with the call, and charges nobody", async () => {
  await using world = await startWorld({
    proxies: Array.from({ length: 15 }, () => ({ fault: "hang" as const })),
  });
  const { pool } = world;
  const controller = new AbortController();
  const call = { action: "check_target", url: `${pool.site.http}/ok`, sample: 15 };
  const running = world.call(call, { signal: controller.signal });
  while (pool.proxies.filter(({ accepted }) => accepted > 0).length < 10) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  controller.abort();
  const result = await running;
  assert.ok(!result.ok && result.error.code === 504, JSON.stringify(result));
  await Promise.all(pool.proxies.map(({ sockets }) => sockets.none()));
  assert.equal(
    pool.proxies.filter(({ accepted }) => accepted > 0).length,
    10,
    "ten at a time, and no more after it",
  );
  for (const proxy of pool.rotator.proxies()) assert.deepEqual([proxy.inFlight, proxy.totalFailures], [0, 0]);
});

test("check_target passes over a proxy that is removed while it runs", async () => {
  await using world = await startWorld({ proxies: [{}, {}, {}] });
  const { pool } = world;
  const gone = pool.ids[2]!;
  pool.site.refuse = () => {
    pool.rotator.removeProxy(gone);
    return undefined;
  };
  const output = valueOf<CheckTargetOutput>(
    await world.call({ action: "check_target", url: `${pool.site.http}/ok` }),
  );
  assert.ok(output.checked >= 2, JSON.stringify(output));
  assert.ok(output.results.every(({ verdict }) => verdict === "ok"));
});

test("request cuts the body of a site that never ends at the time limit, and says so", async () => {
  await using world = await startWorld();
  const { site } = world.pool;
  const call = { action: "request", url: `${site.http}/drip`, timeout_s: 1 };
  const output = valueOf<RequestOutput>(await world.call(call));
  assert.deepEqual([output.status, output.truncated], [200, true]);
  assert.match(output.body, /^x+$/);
  assert.match(output.next_step ?? "", /timeout_s/);
  await site.sockets.none();
});

test("request says that an answer broke off, and whose fault it was", async () => {
  await using world = await startWorld();
  const result = await world.call({ action: "request", url: `${world.pool.site.http}/cut` });
  assert.ok(!result.ok, JSON.stringify(result));
  assert.equal(result.error.code, 504);
  assert.match(result.error.error, /broke off.*closed during reading the body/);
  assert.match(result.error.next_step ?? "", /again/);
});

test("request shows every cookie that a site sets", async () => {
  await using world = await startWorld();
  const call = { action: "request", url: `${world.pool.site.http}/cookies` };
  const { headers } = valueOf<RequestOutput>(await world.call(call));
  assert.equal(headers["set-cookie"], "a=1\nb=2");
});

test("request shows header fields within bounds, and no credential in what is cut", async () => {
  await using site = await RawSite.start(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n` +
      Array.from({ length: 25 }, (_, i) => `X-${i}: ${"hunter2secret".repeat(180)}\r\n`).join("") +
      "Content-Length: 2\r\n\r\nok",
  );
  await using world = await startWorld({ proxies: [{ credentials: "bob:hunter2secret" }] });
  const output = valueOf<RequestOutput>(await world.call({ action: "request", url: site.url }));
  const text = JSON.stringify(output.headers);
  assert.ok(text.length < 20_000, `${text.length}`);
  assert.equal(output.headers["content-type"], "text/plain");
  assert.match(output.headers["x-0"] ?? "", /^\*{3}.*/);
  assert.doesNotMatch(text, /hunter2/);
});

test("request leaves no half of a credential where it cuts the body", async () => {
  await using world = await startWorld({ proxies: [{ credentials: "bob:hunter2secret" }] });
  await using site = await RawSite.start("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nxxxxxxxhunter2secret");
  for (let max_bytes = 8; max_bytes < 20; max_bytes++) {
    const output = valueOf<RequestOutput>(await world.call({ action: "request", url: site.url, max_bytes }));
    assert.match(output.body, /^x{7}\*{1,3}$/, String(max_bytes));
  }
});

test("request does not tear a page to pieces for a password of one letter", async () => {
  await using world = await startWorld({ proxies: [{ credentials: "bob:e" }] });
  const url = `${world.pool.site.http}/echo`;
  const body = `here we are, bob:e and ${btoa("bob:e")}`;
  const output = valueOf<RequestOutput>(await world.call({ action: "request", url, method: "POST", body }));
  assert.equal(JSON.parse(output.body).body, "here we are, *** and ***");
});
