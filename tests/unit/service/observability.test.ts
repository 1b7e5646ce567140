import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_SETTINGS, type Settings } from "../../../gen/settings.ts";
import { createLogger, type LogLevel, ProxyWhirlService } from "../../../src/service/mod.ts";
import { PoolOfProxies, type PoolOfProxiesOptions } from "../../support/pool_of_proxies.ts";

interface World {
  readonly pool: PoolOfProxies;
  readonly service: ProxyWhirlService;
  /** Messages of the log so far, and what goes with them. */
  lines(): readonly Readonly<Record<string, unknown>>[];
}

async function start(
  options: PoolOfProxiesOptions,
  level: LogLevel = "INFO",
  settings: Partial<Settings> = {},
): Promise<World> {
  const pool = await PoolOfProxies.start(options);
  const written: string[] = [];
  const service = new ProxyWhirlService({
    rotator: pool.rotator,
    settings: {
      ...DEFAULT_SETTINGS,
      allowPrivateTargets: true,
      retryPolicy: { ...DEFAULT_SETTINGS.retryPolicy, baseDelayS: 0 },
      ...settings,
    },
    logger: createLogger({ level, write: (line) => written.push(line) }),
    version: "1.2.3",
  });
  return { pool, service, lines: () => written.map((line) => JSON.parse(line)) };
}

test("Requests, attempts, connections and their ends are counted", async () => {
  const { pool, service } = await start({ proxies: [{}, {}] });
  await using _ = pool;
  await pool.proxies[0]?.stop();
  assert.equal(service.metrics.snapshot().connections, 0);
  await service.handle({ action: "request", url: `${pool.site.http}/ok` });
  const { attempts, connections, dials, requests } = service.metrics.snapshot();
  assert.deepEqual(requests.by_result, { ok: 1 });
  assert.equal(requests.count, 1);
  assert.deepEqual(attempts.by_verdict, { dead: 1, ok: 1 });
  assert.deepEqual(dials, {
    ok: 1,
    failed: 1,
    failed_by_stage: { connect: 1 },
    failed_by_outcome: { connection_refused: 1 },
  });
  assert.equal(connections, 1);
  await service.close();
});

test("A request without an answer is counted by what kept it from one", async () => {
  const { pool, service } = await start({ proxies: [{ fault: "close" }] });
  await using _ = pool;
  await service.handle({ action: "request", url: `${pool.site.https}/ok` });
  await service.handle({ action: "request", url: `${pool.site.https}/ok`, criteria: { region: "ZW" } });
  const controller = new AbortController();
  controller.abort();
  await service.handle({ action: "request", url: `${pool.site.https}/ok` }, { signal: controller.signal });
  assert.deepEqual(service.metrics.snapshot().requests.by_result, { dead: 1, unavailable: 1 });
  await service.close();

  const careful = await start({}, "INFO", { allowPrivateTargets: false });
  await using __ = careful.pool;
  await careful.service.handle({ action: "request", url: `${pool.site.https}/ok` });
  assert.deepEqual(careful.service.metrics.snapshot().requests.by_result, { refused: 1 });
  await careful.service.close();
});

test("Checks of a site count as attempts", async () => {
  const { pool, service } = await start({ proxies: [{ fault: "close" }, {}] });
  await using _ = pool;
  await service.handle({ action: "check_target", url: `${pool.site.http}/ok` });
  const { attempts, requests } = service.metrics.snapshot();
  assert.deepEqual([attempts.count, requests.count], [2, 0]);
  await service.close();
});

test("At INFO the log has what changes the pool, and requests, each with its time", async () => {
  const { lines, pool, service } = await start({ proxies: [{ credentials: "bob:hunter2" }] });
  await using _ = pool;
  await service.handle({ action: "health" });
  await service.handle({ action: "status", proxy_id: "x" });
  await service.handle({ action: "rotate" });
  await service.handle({ action: "request", url: `${pool.site.http}/ok?key=s3cret` });
  await service.handle({ action: "add", proxy_url: "http://carol:s3cret@203.0.113.1:80" });
  const seen = lines();
  assert.deepEqual(seen.map(({ message }) => message), ["Request done", "Action done"]);
  assert.deepEqual([seen[1]?.["action"], seen[1]?.["code"]], ["add", 200]);
  const { duration_ms, level, time, ...request } = seen[0] ?? {};
  assert.ok(typeof duration_ms === "number" && typeof time === "string" && level === "INFO");
  assert.deepEqual(request, {
    message: "Request done",
    method: "GET",
    host: new URL(pool.site.http).host,
    result: "ok",
    status: 200,
    attempts: 1,
  });
  assert.doesNotMatch(JSON.stringify(seen), /hunter2|s3cret|carol|bob/);
  await service.close();
});

test("At DEBUG the log has every action with its code, and every attempt with its proxy", async () => {
  const { lines, pool, service } = await start({ proxies: [{}, {}] }, "DEBUG");
  await using _ = pool;
  await pool.proxies[0]?.stop();
  await service.handle({ action: "status", proxy_id: "http://bob:hunter2@h:1" });
  await service.handle({ action: "request", url: `${pool.site.http}/ok` });
  const seen = lines();
  assert.deepEqual(seen.map(({ message }) => message), [
    "Action refused",
    "Connection failed",
    "Attempt ended",
    "Attempt ended",
    "Request done",
    "Action done",
  ]);
  assert.equal(seen[0]?.["code"], 400);
  assert.deepEqual(seen.slice(2, 4).map((line) => [line["attempt"], line["proxy_id"], line["verdict"]]), [
    [1, pool.ids[0], "dead"],
    [2, pool.ids[1], "ok"],
  ]);
  assert.doesNotMatch(JSON.stringify(seen), /hunter2|bob/);
  await service.close();
});

test("The key of the server never reaches the log, wherever a caller puts it", async () => {
  const { lines, pool, service } = await start({}, "DEBUG", { apiKey: "sesame-2000" });
  await using _ = pool;
  await service.handle({ action: "sesame-2000", api_key: "sesame-2000" });
  await service.handle({ action: "status", proxy_id: "sesame-2000", api_key: "sesame-2000" });
  await service.handle({ action: "list", cursor: "sesame-2000", api_key: "sesame-2000" });
  assert.ok(lines().length >= 3);
  assert.doesNotMatch(JSON.stringify(lines()), /sesame/);
  await service.close();
});
