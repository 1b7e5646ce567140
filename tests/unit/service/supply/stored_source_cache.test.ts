import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryNotes } from "../../../../src/service/supply/notes.ts";
import { StoredSourceCache } from "../../../../src/service/supply/stored_source_cache.ts";
import type { CachedSource, ProxySource } from "../../../../src/sources/mod.ts";
import { ListServer } from "../../sources/list_server.ts";
import { makeSourcesWorld } from "../actions/sources_world.ts";

const unexpected = (error: unknown) => assert.fail(String(error));
const SOURCE: ProxySource = { name: "a", url: "https://lists.example/a.txt", protocol: "socks5" };

function list(url: string, proxies: readonly string[], etag: string | null = '"1"'): CachedSource {
  return {
    url,
    etag,
    lastModified: null,
    parsed: {
      format: "text",
      proxies: proxies.map((url) => ({ url, region: "DE" })),
      duplicates: 1,
      rejectedCount: 2,
      rejected: [{ line: 1, input: "x", reason: "y" }],
      isCut: false,
    },
  };
}

test("StoredSourceCache keeps lists over a restart, with what is known of their proxies", async () => {
  const notes = memoryNotes();
  const before = new StoredSourceCache(notes, unexpected);
  await before.load([SOURCE]);
  before.set("a", list(SOURCE.url, ["socks5://203.0.113.1:1080", "http://u:p@203.0.113.2:80"]));
  before.set("once", list("https://elsewhere.example/", ["http://203.0.113.3:80"]));
  await before.save([SOURCE]);
  assert.deepEqual([...(await notes.loadNotes("")).keys()], ["list:a|"], "only those that were named");

  const after = new StoredSourceCache(notes, unexpected);
  assert.equal(after.get("a", SOURCE.url), undefined);
  await after.load([SOURCE, { ...SOURCE, name: "ab" }]);
  const { etag, parsed } = after.get("a", SOURCE.url) ?? assert.fail();
  assert.equal(etag, '"1"');
  assert.deepEqual(parsed.proxies.map(({ region, url }) => [url, region]), [
    ["socks5://203.0.113.1:1080", "DE"],
    ["http://u:p@203.0.113.2:80", "DE"],
  ]);
  assert.deepEqual([parsed.duplicates, parsed.rejectedCount, parsed.rejected], [1, 2, []]);
});

test("StoredSourceCache takes nothing that was read from elsewhere or by other rules, or that is damaged", async () => {
  const notes = memoryNotes();
  const before = new StoredSourceCache(notes, unexpected);
  before.set("a", list(SOURCE.url, ["http://203.0.113.1:80"]));
  await before.save([SOURCE]);
  for (
    const change of [{ url: "https://other.example/" }, { protocol: "http" }, { format: "csv" }] as const
  ) {
    const changed: ProxySource = { ...SOURCE, ...change };
    const after = new StoredSourceCache(notes, unexpected);
    await after.load([changed]);
    assert.equal(after.get("a", changed.url), undefined, JSON.stringify(change));
  }
  for (const damaged of ["", "nonsense", btoa("nonsense"), "H4sIAAAAAAAAAwMAAAAAAAAAAAA="]) {
    await notes.saveNotes(new Map([["list:a|", damaged]]));
    const after = new StoredSourceCache(notes, unexpected);
    await after.load([SOURCE]);
    assert.equal(after.get("a", SOURCE.url), undefined, damaged);
  }
});

test("StoredSourceCache forgets a list that lost its version or grew too long, and goes on when its place fails", async () => {
  const notes = memoryNotes();
  const cache = new StoredSourceCache(notes, unexpected);
  const noted = async () => (await notes.loadNotes("list:a|")).get("list:a|") ?? "";
  cache.set("a", list(SOURCE.url, ["http://203.0.113.1:80"]));
  await cache.save([SOURCE]);
  assert.notEqual(await noted(), "");
  cache.set("a", list(SOURCE.url, ["http://203.0.113.1:80"], null));
  await cache.save([SOURCE]);
  assert.equal(await noted(), "");
  const many = Array.from({ length: 100_000 }, (_, i) => `http://${Math.sin(i)}.example:80`);
  cache.set("a", list(SOURCE.url, many));
  await cache.save([SOURCE]);
  assert.equal(await noted(), "", "too long");

  let failures = 0;
  const broken = {
    loadNotes: () => Promise.reject(new Error("x")),
    saveNotes: () => Promise.reject(new Error("x")),
  };
  const failing = new StoredSourceCache(broken, () => void failures++);
  await failing.load([SOURCE]);
  failing.set("a", list(SOURCE.url, ["http://203.0.113.1:80"]));
  await failing.save([SOURCE]);
  assert.deepEqual([failures, failing.get("a", SOURCE.url)?.etag], [2, '"1"']);
});

test("fetch asks a list that has not changed for nothing, also after a restart", async () => {
  let sent = 0;
  await using lists = await ListServer.start({
    "/a.txt": (request, response) => {
      response.setHeader("etag", '"v1"');
      if (request.headers["if-none-match"] === '"v1"') return void response.writeHead(304).end();
      sent++;
      response.end("203.0.113.1:80\n203.0.113.2:80\n");
    },
  });
  const notes = memoryNotes();
  const extra = [{ name: "mine", url: `${lists.origin}/a.txt` }];
  for (const round of [1, 2, 3]) {
    await using world = await makeSourcesWorld({ extra, notes });
    const result = await world.service.handle({ action: "fetch", sources: ["mine"], validate: false });
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(world.rotator.size, 2, `round ${round}`);
  }
  assert.deepEqual([lists.requests.length, sent], [3, 1]);
});
