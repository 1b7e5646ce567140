import assert from "node:assert/strict";
import { test } from "node:test";
import type { FetchOutput } from "../../../../gen/models.ts";
import type { CallContext, CallProgress } from "../../../../src/service/mod.ts";
import { memoryNotes } from "../../../../src/service/supply/notes.ts";
import { FaultyProxy } from "../../../support/faulty_proxy.ts";
import { TempDir } from "../../../support/temp_dir.ts";
import { ListServer } from "../../sources/list_server.ts";
import { tinyMmdb } from "../../sources/tiny_mmdb.ts";
import { deadProxyUrl, makeSourcesWorld, type SourcesWorld } from "./sources_world.ts";

const EXIT = "127.0.0.2";

async function fetchOk(
  { service }: SourcesWorld,
  input: object,
  call: CallContext = {},
): Promise<FetchOutput> {
  const result = await service.handle({ action: "fetch", ...input }, call);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value as FetchOutput;
}

test("fetch adds the proxies that work, with what was learned of them, and reports each list", async () => {
  await using http = await FaultyProxy.start({ exit: EXIT });
  await using socks = await FaultyProxy.start({ exit: EXIT, credentials: "bob:hunter2" });
  const dead = await deadProxyUrl();
  await using lists = await ListServer.start({
    "/one.txt": `${http.url("http")}\n${dead}\n${http.url("http")}\nnonsense\n`,
    "/two.txt": `${socks.url("socks5")}\n${http.url("http")}\n`,
  });
  const extra = [
    { name: "one", url: `${lists.origin}/one.txt` },
    { name: "two", url: `${lists.origin}/two.txt` },
    { name: "gone", url: `${lists.origin}/gone.txt` },
  ];
  await using world = await makeSourcesWorld({ extra });
  const output = await fetchOk(world, { sources: ["one", "two", "gone"] });
  assert.deepEqual(output.sources.map(({ name, ok, count }) => [name, ok, count]), [
    ["one", true, 2],
    ["two", true, 2],
    ["gone", false, 0],
  ]);
  assert.match(output.sources[2]?.error ?? "", /404/);
  const { sources, trials } = world.service.metrics.snapshot();
  assert.deepEqual([sources["alive"], sources["failing"], trials], [2, 1, { valid: 2, invalid: 1 }]);
  const { added, duplicates, fetched, message, pool_size, rejected, success } = output;
  assert.deepEqual({ added, duplicates, fetched, message, pool_size, rejected, success }, {
    added: 2,
    duplicates: 2,
    fetched: 3,
    message: "Fetched 3 proxies from 2 of 3 sources; tried 3: 2 work. Added 2",
    pool_size: 2,
    rejected: 2,
    success: true,
  });
  assert.doesNotMatch(JSON.stringify(output), /hunter2/);
  const added1 = world.rotator.findByUrl(http.url("http"));
  assert.deepEqual([added1?.status, added1?.source, added1?.tags], ["healthy", "one", ["elite", "https"]]);
  assert.ok((added1?.avgLatencyMs ?? 0) > 0);
  const again = await fetchOk(world, { sources: ["one"] });
  assert.deepEqual([again.added, again.duplicates, again.pool_size], [0, 2, 2]);
  assert.match(again.next_step ?? "", /all/);
});

test("fetch stops when it has enough, and tells progress that never falls", async () => {
  await using proxy = await FaultyProxy.start();
  const urls = ["http", "socks4", "socks4a", "socks5", "socks5h"].map((protocol) => proxy.url(protocol));
  await using lists = await ListServer.start({ "/all.txt": urls.join("\n") });
  await using world = await makeSourcesWorld();
  const told: CallProgress[] = [];
  const output = await fetchOk(
    world,
    { sources: [`${lists.origin}/all.txt`], max_proxies: 2 },
    { progress: (progress) => void told.push(progress) },
  );
  assert.deepEqual([output.added, output.pool_size, world.rotator.size], [2, 2, 2]);
  assert.ok(told.length >= 2);
  assert.deepEqual(
    told.map(({ progress }) => progress),
    told.map(({ progress }) => progress).toSorted((a, b) => a - b),
  );
  const last = told.at(-1);
  assert.deepEqual([last?.progress, last?.message], [last?.total, "Tried 2: 2 work"]);
});

test("fetch without validation adds what the lists name, unknown, and located when there is a region file", async () => {
  using folder = new TempDir();
  const file = folder.write("region.mmdb", tinyMmdb({ "203.0.113.0/24": { country_code: "DE" } }));
  await using lists = await ListServer.start({
    "/a.txt": "203.0.113.5:80\n198.51.100.1:80\n203.0.113.6:80\n",
  });
  await using world = await makeSourcesWorld({ settings: { regionFiles: file } });
  const output = await fetchOk(world, {
    sources: [`${lists.origin}/a.txt`],
    validate: false,
    max_proxies: 2,
  });
  assert.deepEqual([output.fetched, output.added, output.rejected], [3, 2, 0]);
  assert.match(output.next_step ?? "", /validate/);
  assert.deepEqual([...world.rotator.proxies()].map(({ region, status }) => [region, status]), [
    ["DE", "unknown"],
    [null, "unknown"],
  ]);
});

test("fetch remembers which lists are alive and how many of their proxies worked", async () => {
  await using proxy = await FaultyProxy.start();
  await using lists = await ListServer.start({
    "/good.txt": `${proxy.url("http")}\n${await deadProxyUrl()}`,
  });
  const notes = memoryNotes();
  const extra = [
    { name: "good", url: `${lists.origin}/good.txt` },
    { name: "gone", url: `${lists.origin}/gone.txt` },
  ];
  await using world = await makeSourcesWorld({ extra, notes });
  await fetchOk(world, { sources: ["good", "gone"] });
  await using later = await makeSourcesWorld({ extra, notes });
  const [good, gone] = await (await later.service.supply()).sources();
  assert.deepEqual([good?.record?.tried, good?.record?.worked, good?.isRecommended], [2, 1, true]);
  assert.deepEqual([gone?.record?.fetches, gone?.record?.failures], [1, 1]);
});

test("fetch keeps what it has when its time is over or its caller goes", async () => {
  await using good = await FaultyProxy.start();
  await using slow = await FaultyProxy.start({ fault: "hang" });
  await using lists = await ListServer.start({ "/a.txt": `${good.url("http")}\n${slow.url("http")}` });
  await using world = await makeSourcesWorld({ timeLimitS: 1 });
  const output = await fetchOk(world, { sources: [`${lists.origin}/a.txt`] });
  assert.equal(output.added, 1);
  assert.match(output.message, /Stopped at the time limit/);
  assert.match(output.next_step ?? "", /fetch again to try the 1 /);

  await using other = await makeSourcesWorld();
  const controller = new AbortController();
  const cancelled = await fetchOk(other, { sources: [`${lists.origin}/a.txt`] }, {
    signal: controller.signal,
    progress: ({ message }) => message?.startsWith("Tried 1") && controller.abort(),
  });
  assert.deepEqual([cancelled.added, other.rotator.size], [1, 1]);
  assert.match(cancelled.message, /caller gave up/);
});

test("fetch says what is wrong: an unknown list, no judge, no list that can be read", async () => {
  await using lists = await ListServer.start({});
  await using world = await makeSourcesWorld();
  const unknown = await world.service.handle({ action: "fetch", sources: ["monosans"] });
  assert.ok(!unknown.ok);
  assert.equal(unknown.error.code, 400);
  assert.match(unknown.error.error, /^Unknown source: monosans; use for example monosans-http/);

  const none = await fetchOk(world, { sources: [`${lists.origin}/gone.txt`] });
  assert.deepEqual([none.success, none.message], [false, "None of 1 source could be read"]);

  await using blind = await makeSourcesWorld({ judges: [await deadProxyUrl()] });
  const failed = await blind.service.handle({ action: "fetch", sources: [`${lists.origin}/gone.txt`] });
  assert.ok(!failed.ok);
  assert.equal(failed.error.code, 503);
  assert.match(failed.error.error, /no judge answers/);
  assert.match(failed.error.next_step ?? "", /validation\.judges/);
  assert.equal(lists.requests.length, 1, "lists are not asked when nothing can be tried");
});
