import assert from "node:assert/strict";
import { test } from "node:test";
import { SOURCE_CATALOG } from "../../../src/sources/catalog.ts";
import { recommendedSources, selectSources } from "../../../src/sources/select_sources.ts";
import { type ProxySource, readSources, sourceFromUrl } from "../../../src/sources/source.ts";
import { SourceCache } from "../../../src/sources/source_cache.ts";
import { SourceError } from "../../../src/sources/source_error.ts";
import { InMemorySourceMemory, newSourceRecord, noteTrials } from "../../../src/sources/source_memory.ts";

test("SOURCE_CATALOG holds usable sources, each name and each URL once, and recommends a few", () => {
  const asConfigured = SOURCE_CATALOG.map(({ isEnabled, isRecommended, ...rest }) => ({
    ...rest,
    ...(isEnabled === undefined ? {} : { enabled: isEnabled }),
    ...(isRecommended === undefined ? {} : { recommended: isRecommended }),
  }));
  assert.deepEqual(readSources(asConfigured), SOURCE_CATALOG);
  assert.equal(new Set(SOURCE_CATALOG.map(({ url }) => url)).size, SOURCE_CATALOG.length);
  assert.ok(SOURCE_CATALOG.every(({ url }) => url.startsWith("https://")));
  assert.ok(SOURCE_CATALOG.length >= 70);
  const recommended = SOURCE_CATALOG.filter(({ isRecommended }) => isRecommended);
  assert.ok(recommended.length >= 3 && recommended.length <= 8);
  assert.ok(recommended.every(({ isEnabled }) => isEnabled !== false));
});

test("readSources() reads objects and bare URLs, and guesses the protocol from the URL", () => {
  assert.deepEqual(
    readSources([
      "https://lists.example/free/SOCKS5.txt",
      {
        name: "mine",
        url: "http://lists.example/x",
        protocol: "socks4",
        region: "de",
        enabled: false,
        headers: { "x-key": "k" },
      },
      {
        url: "https://api.example/list?type=socks4",
        read_https_as: "https",
        recommended: true,
        format: "json",
      },
    ]),
    [
      {
        name: "lists.example-dbec20",
        url: "https://lists.example/free/SOCKS5.txt",
        protocol: "socks5",
      },
      {
        name: "mine",
        url: "http://lists.example/x",
        protocol: "socks4",
        headers: { "x-key": "k" },
        isEnabled: false,
        region: "DE",
      },
      {
        name: "api.example-f2b0df",
        url: "https://api.example/list?type=socks4",
        protocol: "socks4",
        format: "json",
        readHttpsAs: "https",
        isRecommended: true,
      },
    ],
  );
});

test("readSources() names the entry, the key, the value and what is allowed, and shows no secret", () => {
  const url = "https://lists.example/";
  const cases: [unknown, RegExp][] = [
    [{}, /sources must be an array/],
    [[7], /sources\[0\] must be an object or a URL/],
    [[{ name: "x" }], /sources\[0\] has no url/],
    [["ftp://x/"], /must be an http or https URL, got "ftp:/],
    [[{ url: "ftp://bob:hunter2@x/" }], /sources\[0\]\.url is not one, allowed: an http or https URL/],
    [[{ url, name: "Not Good" }], /sources\[0\]\.name is "Not Good", allowed: lower-case letters/],
    [[{ url, format: "xml" }], /sources\[0\]\.format is "xml", allowed: text, urls, csv, json, html/],
    [[{ url, protocol: "ftp" }], /allowed: http, https, socks4/],
    [[{ url, region: "Germany" }], /a two-letter country code/],
    [[{ url, enabled: "yes" }], /allowed: true, false/],
    [[{ url, headers: { "x-key": "hunter2\r\nx: y" } }], /sources\[0\]\.headers is not one/],
    [[{ url, headers: { "bad name": "hunter2" } }], /sources\[0\]\.headers is not one/],
    [[url, { url, nam: "x" }], /sources\[1\] has an unknown key "nam", allowed: name, url/],
    [[url, url], /two sources have the name/],
    [Array.from({ length: 1001 }, (_, i) => `${url}${i}`), /more than 1000 sources/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => readSources(value), (error) => {
      assert.ok(error instanceof SourceError);
      assert.equal(error.code, "INVALID_SOURCE");
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  }
});

test("sourceFromUrl() names a list without what may be a key, and each list differently", () => {
  const [one, two] = ["one", "two"].map((key) =>
    sourceFromUrl(`https://vendor.example/${key}hunter2/download`).name
  );
  assert.match(one ?? "", /^vendor\.example-[0-9a-f]{6}$/);
  assert.notEqual(one, two);
  assert.match(sourceFromUrl("http://[2001:db8::1]/list").name, /^2001db81-[0-9a-f]{6}$/);
});

test("sourceFromUrl() takes no other scheme", () => {
  assert.throws(() => sourceFromUrl("file:///etc/passwd"), SourceError);
  assert.equal(sourceFromUrl("https://lists.example/socks5h.txt").protocol, "socks5h");
});

const CATALOG: readonly ProxySource[] = [
  { name: "a-http", url: "https://lists.example/a", isRecommended: true },
  { name: "b-https", url: "https://lists.example/b" },
  { name: "c-socks5", url: "https://lists.example/c", protocol: "socks5" },
  { name: "d-socks5", url: "https://lists.example/d", protocol: "socks5", isEnabled: false },
  { name: "e-http", url: "https://lists.example/e", isRecommended: true },
];

function names(given: readonly string[], options = {}): string[] {
  return selectSources(given, { catalog: CATALOG, ...options }).map(({ name }) => name);
}

test("selectSources() takes names, protocols, recommended and all, each source once", () => {
  assert.deepEqual(names([]), ["a-http", "e-http"]);
  assert.deepEqual(names(["recommended"]), ["a-http", "e-http"]);
  assert.deepEqual(names(["all"]), ["a-http", "b-https", "c-socks5", "e-http"]);
  assert.deepEqual(names(["socks5"]), ["c-socks5"]);
  assert.deepEqual(names(["https"]), ["b-https"]);
  assert.deepEqual(names(["http", "A-HTTP", " d-socks5 "]), ["a-http", "b-https", "e-http", "d-socks5"]);
  assert.deepEqual(names(["https://other.example/Socks4.txt"], { allowUrls: true }), [
    "other.example-575483",
  ]);
});

test("selectSources() says which source is unknown, and what is close to it", () => {
  assert.throws(() => names(["c-socks4"]), (error) => {
    assert.ok(error instanceof SourceError);
    assert.equal(error.code, "UNKNOWN_SOURCE");
    return /^Unknown source: c-socks4; use for example recommended, all/.test(error.message);
  });
  assert.throws(() => selectSources(["monosan-http"], { catalog: SOURCE_CATALOG }), /use for example/);
  assert.throws(
    () => selectSources(["proxifly"], { catalog: SOURCE_CATALOG }),
    /use for example proxifly-http/,
  );
  assert.throws(
    () => names(["https://bob:hunter2@lists.example/"]),
    /^SourceError: Unknown source: https:\/\/…;/,
  );
});

test("recommendedSources() follows experience, and leaves out what fails or wants rest", () => {
  const memory = new InMemorySourceMemory();
  const nowMs = 1_800_000_000_000;
  const recommended = () => recommendedSources({ catalog: CATALOG, memory, nowMs }).map(({ name }) => name);
  assert.deepEqual(recommended(), ["a-http", "e-http"]);
  noteTrials(memory, [
    ...Array.from({ length: 100 }, (_, i) => ({ sources: ["c-socks5"], isOk: i < 40 })),
    ...Array.from({ length: 100 }, () => ({ sources: ["a-http"], isOk: false })),
  ]);
  assert.deepEqual(recommended(), ["c-socks5", "e-http", "b-https", "a-http"]);
  memory.set({ ...memory.get("c-socks5")!, waitUntil: nowMs + 1000 });
  assert.deepEqual(recommended(), ["e-http", "b-https", "a-http"]);
  memory.set({ ...newSourceRecord("e-http"), failuresInRow: 3, lastFetchAt: nowMs - 1000 });
  assert.deepEqual(recommended(), ["b-https", "a-http"]);
  memory.set({ ...newSourceRecord("e-http"), failuresInRow: 3, lastFetchAt: nowMs - 25 * 3_600_000 });
  assert.deepEqual(recommended(), ["e-http", "b-https", "a-http"]);
});

test("noteTrials() credits every source of a proxy, and lets old trials fade", () => {
  const memory = new InMemorySourceMemory();
  noteTrials(memory, [{ sources: ["a", "b"], isOk: true }, { sources: ["a"], isOk: false }]);
  assert.deepEqual([memory.get("a")?.tried, memory.get("a")?.worked], [2, 1]);
  assert.deepEqual([memory.get("b")?.tried, memory.get("b")?.worked], [1, 1]);
  const round = (isOk: boolean) =>
    noteTrials(memory, Array.from({ length: 800 }, () => ({ sources: ["a"], isOk })));
  for (const isOk of [true, false, false, false]) round(isOk);
  const { recentTried, recentWorked, tried, worked } = memory.get("a")!;
  assert.deepEqual([tried, worked], [3202, 801]);
  assert.ok(recentWorked / recentTried < 0.1, "a list that went bad is not good for ever");
});

test("InMemorySourceMemory reads what it wrote, and forgets what it cannot read", () => {
  const memory = new InMemorySourceMemory();
  memory.set({ ...newSourceRecord("a"), fetches: 3, lastOkAt: 5, lastError: "x", recentWorked: 0.5 });
  const text = JSON.stringify(memory.snapshot());
  assert.deepEqual(new InMemorySourceMemory(JSON.parse(text)).snapshot(), memory.snapshot());
  const odd = [null, 7, { name: 7 }, { name: "b", fetches: "many", lastOkAt: -1, tried: NaN, lastError: 7 }];
  assert.deepEqual(new InMemorySourceMemory(odd).snapshot(), [newSourceRecord("b")]);
  assert.deepEqual(new InMemorySourceMemory("nonsense").snapshot(), []);
});

test("SourceCache keeps what has a version, of one address, and not more than it may", () => {
  const cache = new SourceCache(5);
  const parsed = (count: number) => ({
    format: "text" as const,
    proxies: Array.from({ length: count }, (_, i) => ({ url: `http://203.0.113.${i}:80` })),
    duplicates: 0,
    rejectedCount: 0,
    rejected: [],
    isCut: false,
  });
  const entry = (count: number, etag: string | null = "1") => ({
    url: "u",
    parsed: parsed(count),
    etag,
    lastModified: null,
  });
  cache.set("a", entry(2));
  cache.set("b", entry(2));
  cache.set("none", entry(2, null));
  assert.equal(cache.get("none", "u"), undefined);
  assert.equal(cache.get("a", "elsewhere"), undefined);
  assert.ok(cache.get("a", "u"));
  cache.set("c", entry(2));
  assert.equal(cache.get("b", "u"), undefined, "the one not used longest goes");
  assert.equal(cache.size, 4);
  cache.set("c", entry(1));
  assert.equal(cache.size, 3);
  cache.set("huge", entry(50));
  assert.equal(cache.size, 0);
});
