import assert from "node:assert/strict";
import { test } from "node:test";
import type { ValidateOutput } from "../../../../gen/models.ts";
import type { CallContext, CallProgress } from "../../../../src/service/mod.ts";
import { FaultyProxy } from "../../../support/faulty_proxy.ts";
import { TempDir } from "../../../support/temp_dir.ts";
import { tinyMmdb } from "../../sources/tiny_mmdb.ts";
import { deadProxyUrl, makeSourcesWorld, type SourcesWorld } from "./sources_world.ts";

const EXIT = "127.0.0.2";

async function validateOk(
  { service }: SourcesWorld,
  input: object = {},
  call: CallContext = {},
): Promise<ValidateOutput> {
  const result = await service.handle({ action: "validate", ...input }, call);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value as ValidateOutput;
}

test("validate tries one proxy and keeps its health, latency, place and level", async () => {
  using folder = new TempDir();
  const regionFiles = folder.write("region.mmdb", tinyMmdb({ "127.0.0.2/32": { country_code: "NL" } }));
  await using proxy = await FaultyProxy.start({ exit: EXIT, credentials: "bob:hunter2" });
  await using world = await makeSourcesWorld({ settings: { regionFiles } });
  const { id } = world.rotator.addProxy(proxy.url("http"), { tags: ["mine", "transparent"] });
  const output = await validateOk(world, { proxy_id: id });
  const [result] = output.results;
  assert.deepEqual({ ...output, results: [{ ...result, latency_ms: 0 }] }, {
    validated: 1,
    valid: 1,
    invalid: 0,
    results: [{
      proxy_id: id,
      url: `http://127.0.0.1:${proxy.port}`,
      valid: true,
      latency_ms: 0,
      status_code: 200,
      region: "NL",
      anonymity: "elite",
      https: true,
      exit_ip: EXIT,
    }],
    message: "Validated 1 proxies: 1 valid, 0 invalid",
  });
  const kept = world.rotator.getProxy(id);
  assert.deepEqual([kept?.status, kept?.region, kept?.tags], ["healthy", "NL", ["mine", "elite", "https"]]);
  assert.ok((kept?.avgLatencyMs ?? 0) > 0);
});

test("validate tries those that match, shows ten at most, the fastest first, and goes on when called again", async () => {
  await using proxy = await FaultyProxy.start();
  await using world = await makeSourcesWorld();
  for (let i = 0; i < 12; i++) {
    const url = new URL(proxy.url("http"));
    url.username = `user${i}`;
    world.rotator.addProxy(url.href.replace(/\/$/, ""), { region: "DE" });
  }
  const { id: dead } = world.rotator.addProxy(await deadProxyUrl(), { region: "DE" });
  world.rotator.addProxy("http://203.0.113.1:80", { region: "US" });
  const told: CallProgress[] = [];
  const all = { criteria: { region: "de" } };
  const output = await validateOk(world, all, { progress: (progress) => void told.push(progress) });
  assert.deepEqual([output.validated, output.valid, output.invalid, output.results.length], [13, 12, 1, 10]);
  const latencies = output.results.map(({ latency_ms }) => latency_ms ?? Infinity);
  assert.deepEqual(latencies, latencies.toSorted((a, b) => a - b));
  assert.deepEqual([told.at(-1)?.progress, told.at(-1)?.total], [13, 13]);
  assert.equal(world.rotator.getProxy(dead)?.totalFailures, 1);
  assert.equal(world.rotator.poolStatus().unknown, 1, "the proxy elsewhere was not touched");
  assert.deepEqual(world.service.metrics.snapshot().trials, { valid: 12, invalid: 1 });
  assert.doesNotMatch(JSON.stringify(output), /user\d/);

  const { id: fresh } = world.rotator.addProxy(proxy.url("socks5"), { region: "DE" });
  const next = await validateOk(world, { ...all, limit: 1 });
  assert.equal(next.results[0]?.proxy_id, fresh, "never tried comes first");
  assert.match(next.next_step ?? "", /13 that were not tried/);
});

test("validate blames nobody when no judge answers", async () => {
  await using proxy = await FaultyProxy.start();
  await using world = await makeSourcesWorld({ judges: [await deadProxyUrl()] });
  const { id } = world.rotator.addProxy(proxy.url("http"));
  const result = await world.service.handle({ action: "validate" });
  assert.ok(!result.ok);
  assert.equal(result.error.code, 503);
  assert.match(result.error.next_step ?? "", /No proxy was blamed/);
  assert.equal(world.rotator.getProxy(id)?.status, "unknown");
  assert.equal(proxy.accepted, 0);
});

test("validate stops at its time limit and for its caller, and keeps what it has", async () => {
  await using good = await FaultyProxy.start();
  await using slow = await FaultyProxy.start({ fault: "hang" });
  await using world = await makeSourcesWorld({ timeLimitS: 1 });
  world.rotator.addProxy(good.url("http"));
  const { id: hanging } = world.rotator.addProxy(slow.url("http"));
  const output = await validateOk(world);
  assert.deepEqual([output.validated, output.valid], [1, 1]);
  assert.match(output.message, /Stopped at the time limit; 1 were not tried/);
  assert.equal(world.rotator.getProxy(hanging)?.totalFailures, 0);

  const quick = await validateOk(world, { proxy_id: hanging, timeout_s: 0.1 });
  assert.deepEqual([quick.invalid, quick.results[0]?.valid], [1, false]);
  assert.match(quick.results[0]?.error ?? "", /time/i);

  const controller = new AbortController();
  const stopped = validateOk(world, { proxy_id: hanging }, { signal: controller.signal });
  controller.abort();
  assert.match((await stopped).message, /Validated 0 proxies.*caller gave up/);
});

test("validate says that there is nothing to try", async () => {
  await using world = await makeSourcesWorld();
  const empty = await world.service.handle({ action: "validate" });
  assert.deepEqual(!empty.ok && [empty.error.code, empty.error.error], [404, "No proxies to validate"]);
  world.rotator.addProxy("http://203.0.113.1:80");
  const none = await world.service.handle({ action: "validate", criteria: { tag: "x" } });
  assert.ok(!none.ok && /criteria/.test(none.error.next_step ?? ""));
  const id = "00000000-0000-4000-8000-000000000000";
  const unknown = await world.service.handle({ action: "validate", proxy_id: id });
  assert.ok(!unknown.ok && unknown.error.error === `Proxy not found: ${id}`);
});
