import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import {
  fetchSources,
  type FetchSourcesOptions,
  type SourceReport,
} from "../../../src/sources/fetch_sources.ts";
import { retryAfterMs } from "../../../src/sources/fetch_text.ts";
import type { ProxySource } from "../../../src/sources/source.ts";
import { SourceCache } from "../../../src/sources/source_cache.ts";
import { InMemorySourceMemory } from "../../../src/sources/source_memory.ts";
import { type Handler, ListServer } from "./list_server.ts";

const LIST = "203.0.113.7:8080\n203.0.113.8:1080\n";

async function fetchOne(
  handler: Handler | string,
  options: FetchSourcesOptions = {},
  source: Partial<ProxySource> = {},
): Promise<{ urls: string[]; report: SourceReport; requests: number }> {
  await using server = await ListServer.start({ "/list": handler });
  const sources = [{ name: "one", url: `${server.origin}/list`, ...source }];
  const { proxies, reports } = await fetchSources(sources, {
    allowPrivate: true,
    sleep: noSleep,
    ...options,
  });
  return { urls: proxies.map(({ url }) => url), report: reports[0]!, requests: server.requests.length };
}

function noSleep(): Promise<void> {
  return Promise.resolve();
}

test("fetchSources() reads sources of every format side by side, and credits every source of a proxy", async () => {
  await using server = await ListServer.start({
    "/a.txt": LIST,
    "/b.csv": "ip,port,protocol,country\n203.0.113.7,8080,http,DE\n203.0.113.9,1080,socks5,FR\n",
    "/c.json": JSON.stringify({
      data: [{ ip: "203.0.113.9", port: "1080", protocols: ["socks4", "socks5"], country: "FR" }],
    }),
    "/d.html": "<table><tr><th>IP<th>Port<tr><td>203.0.113.10<td>3128</table>",
    "/e.txt": "socks5://203.0.113.7:8080\n",
  });
  const names = ["a.txt", "b.csv", "c.json", "d.html", "e.txt", "absent"];
  const sources = names.map((name) => ({ name, url: `${server.origin}/${name}` }));
  const { proxies, reports, duplicates, rejected } = await fetchSources(sources, { allowPrivate: true });
  assert.deepEqual(proxies.map(({ url, source, sources, region }) => [url, source, sources.join(), region]), [
    ["http://203.0.113.7:8080", "a.txt", "a.txt,b.csv", "DE"],
    ["socks4://203.0.113.9:1080", "c.json", "c.json", "FR"],
    ["http://203.0.113.10:3128", "d.html", "d.html", undefined],
    ["socks5://203.0.113.7:8080", "e.txt", "e.txt", undefined],
    ["http://203.0.113.8:1080", "a.txt", "a.txt", undefined],
    ["socks5://203.0.113.9:1080", "b.csv", "b.csv,c.json", "FR"],
  ]);
  assert.deepEqual(
    reports.map(({ name, ok, count, error, format, unique }) => ({ name, ok, count, error, format, unique })),
    [
      { name: "a.txt", ok: true, count: 2, error: null, format: "text", unique: 1 },
      { name: "b.csv", ok: true, count: 2, error: null, format: "csv", unique: 0 },
      { name: "c.json", ok: true, count: 2, error: null, format: "json", unique: 1 },
      { name: "d.html", ok: true, count: 1, error: null, format: "html", unique: 1 },
      { name: "e.txt", ok: true, count: 1, error: null, format: "text", unique: 1 },
      { name: "absent", ok: false, count: 0, error: "The source answered 404", format: null, unique: 0 },
    ],
  );
  assert.equal(duplicates, 2);
  assert.equal(rejected, 0);
});

test("fetchSources() unpacks gzip, deflate and br, and a .gz file that is served without a word", async () => {
  const packings: [string | undefined, Uint8Array][] = [
    ["gzip", gzipSync(LIST)],
    ["deflate", deflateSync(LIST)],
    ["br", brotliCompressSync(LIST)],
    [undefined, gzipSync(LIST)],
  ];
  for (const [encoding, body] of packings) {
    const { urls } = await fetchOne((_request, response) => {
      if (encoding !== undefined) response.setHeader("content-encoding", encoding);
      response.end(body);
    });
    assert.equal(urls.length, 2, encoding ?? "none");
  }
  const damaged = await fetchOne((_request, response) => {
    response.setHeader("content-encoding", "gzip");
    response.end(gzipSync(LIST.repeat(1000)).subarray(0, 40));
  });
  assert.equal(damaged.report.error, "Cannot unpack the answer: it is damaged");
  const strange = await fetchOne((_request, response) => {
    response.setHeader("content-encoding", "aes128gcm");
    response.end("x");
  });
  assert.equal(strange.report.error, 'Cannot read the encoding "aes128gcm"');
});

test("fetchSources() cuts what is too long, packed or not, and says so", async () => {
  const long = Array.from({ length: 10_000 }, (_, i) => `203.0.113.${i % 256}:${1000 + i}`).join("\n");
  const plain = await fetchOne(long, { maxBytes: 10_000 });
  assert.ok(plain.urls.length > 400 && plain.urls.length < 700, `${plain.urls.length}`);
  assert.ok(plain.urls.every((url) => long.includes(`${url.slice("http://".length)}\n`)), "no half address");
  assert.equal(plain.report.error, "The source is too long; the rest was left out");
  assert.ok(plain.report.ok);
  const bomb = await fetchOne((_request, response) => {
    response.setHeader("content-encoding", "gzip");
    response.end(gzipSync(LIST + "#".repeat(50_000_000)));
  }, { maxBytes: 100_000 });
  assert.equal(bomb.urls.length, 2);
  assert.equal(bomb.report.error, "The source is too long; the rest was left out");
  const many = await fetchOne(long, { maxProxiesPerSource: 100 });
  assert.equal(many.urls.length, 100);
});

test("fetchSources() ends a list that never ends, at the limit or at the deadline", async () => {
  const endless = await fetchOne((_request, response) => {
    let i = 0;
    const more = () => {
      while (response.write(`203.0.113.${i % 256}:${1000 + i++ % 60_000}\n`));
    };
    response.on("drain", more);
    more();
  }, { maxBytes: 200_000 });
  assert.ok(endless.report.ok);
  assert.ok(endless.urls.length > 5_000);
  for (const begin of [LIST, ""]) {
    const silent = await fetchOne((_request, response) => {
      if (begin !== "") response.write(begin);
    }, { timeoutMs: 100 });
    assert.equal(silent.report.ok, false);
    assert.match(silent.report.error ?? "", /^Timed out/);
  }
});

test("fetchSources() ends a list that drips, while the others are read", async () => {
  const timers: ReturnType<typeof setInterval>[] = [];
  await using server = await ListServer.start({
    "/drip": (_request, response) => void timers.push(setInterval(() => response.write("2"), 20)),
    "/fine": LIST,
  });
  const sources = ["drip", "fine"].map((name) => ({ name, url: `${server.origin}/${name}` }));
  const { proxies, reports } = await fetchSources(sources, { allowPrivate: true, timeoutMs: 300 });
  for (const timer of timers) clearInterval(timer);
  assert.equal(proxies.length, 2);
  assert.match(reports[0]?.error ?? "", /^Timed out/);
});

test("fetchSources() follows redirects, up to a number, and never to another scheme", async () => {
  await using server = await ListServer.start({
    "/start": (_request, response) => response.writeHead(302, { location: "/middle" }).end(),
    "/middle": (_request, response) => response.writeHead(308, { location: `${server.origin}/end` }).end(),
    "/end": LIST,
    "/circle": (_request, response) => response.writeHead(301, { location: "/circle" }).end(),
    "/file": (_request, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
    "/nowhere": (_request, response) => response.writeHead(302, { location: "http://[" }).end(),
    "/silent": (_request, response) => response.writeHead(302).end(),
  });
  const names = ["start", "circle", "file", "nowhere", "silent"];
  const sources = names.map((name) => ({ name, url: `${server.origin}/${name}` }));
  const { reports } = await fetchSources(sources, { allowPrivate: true });
  assert.deepEqual(reports.map(({ error, count }) => [count, error]), [
    [2, null],
    [0, "Redirected more than 5 times"],
    [0, 'Cannot fetch scheme "file:": use http or https'],
    [0, 'Cannot read "http://[": it is not a URL'],
    [0, "The source answered 302"],
  ]);
});

test("fetchSources() refuses private addresses in every spelling", async () => {
  const urls = [
    "http://127.0.0.1/list",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://localhost/",
    "http://169.254.169.254/latest/meta-data",
    "http://10.0.0.1/",
    "http://127。0。0。1/",
  ];
  const sources = urls.map((url, index) => ({ name: `s${index}`, url }));
  const { reports } = await fetchSources(sources);
  for (const { error, name } of reports) assert.match(error ?? "", /private address/, name);
});

test("fetchSources() leaves out proxies with private addresses, unless they are allowed", async () => {
  const list =
    "203.0.113.7:80\n127.0.0.1:22\n10.0.0.1:80\nlocalhost:80\n[::1]:80\nhttp://u:p@192.168.0.1:80\n";
  const { report, urls } = await fetchOne(list, { allowPrivateProxies: false });
  assert.deepEqual(urls, ["http://203.0.113.7:80"]);
  assert.deepEqual([report.count, report.rejected], [1, 5]);
  assert.equal((await fetchOne(list)).urls.length, 6);
});

test("fetchSources() sends the version of a list it has, and takes 304 for its own copy", async () => {
  const etags: (string | undefined)[] = [];
  await using server = await ListServer.start({
    "/list": (request, response) => {
      etags.push(request.headers["if-none-match"]);
      response.setHeader("etag", '"v1"');
      if (request.headers["if-none-match"] === '"v1"') response.writeHead(304).end();
      else response.end(LIST);
    },
    "/dated": (request, response) => {
      const date = "Sun, 22 Nov 2026 10:00:00 GMT";
      response.setHeader("last-modified", date);
      if (request.headers["if-modified-since"] === date) response.writeHead(304).end();
      else response.end(LIST);
    },
  });
  const sources = ["list", "dated"].map((name) => ({ name, url: `${server.origin}/${name}` }));
  const options = { allowPrivate: true, cache: new SourceCache() };
  const first = await fetchSources(sources, options);
  const second = await fetchSources(sources, options);
  assert.deepEqual(first.reports.map(({ notModified }) => notModified), [false, false]);
  assert.deepEqual(second.reports.map(({ notModified, ok, count }) => [notModified, ok, count]), [[
    true,
    true,
    2,
  ], [true, true, 2]]);
  assert.deepEqual(second.proxies, first.proxies);
  assert.deepEqual(etags, [undefined, '"v1"']);
});

test("fetchSources() leaves a source alone for as long as it asks", async () => {
  let now = 1_000_000;
  const memory = new InMemorySourceMemory();
  await using server = await ListServer.start({
    "/busy": (_request, response) => response.writeHead(429, { "retry-after": "120" }).end(),
  });
  const sources = [{ name: "busy", url: `${server.origin}/busy` }];
  const fetch = async () =>
    (await fetchSources(sources, { allowPrivate: true, memory, wallClock: { now: () => now } })).reports[0];
  assert.equal((await fetch())?.error, "The source answered 429");
  assert.equal((await fetch())?.error, "The source asked to be left alone for another 120 s");
  now += 119_000;
  assert.equal((await fetch())?.error, "The source asked to be left alone for another 1 s");
  assert.equal(server.requests.length, 1);
  now += 1_000;
  assert.equal((await fetch())?.error, "The source answered 429");
  assert.equal(server.requests.length, 2);
  assert.equal(memory.get("busy")?.failures, 2);
});

test("fetchSources() asks once more after a short pause, and after a broken connection, and not for a 404", async () => {
  const pauses: number[] = [];
  const sleep = (ms: number) => {
    pauses.push(ms);
    return Promise.resolve();
  };
  let asked = 0;
  const busy = await fetchOne((_request, response) => {
    if (asked++ === 0) response.writeHead(429, { "retry-after": "2" }).end();
    else response.end(LIST);
  }, { sleep });
  assert.equal(busy.urls.length, 2);
  asked = 0;
  const broken = await fetchOne((request, response) => {
    if (asked++ === 0) request.socket.destroy();
    else response.end(LIST);
  }, { sleep });
  assert.equal(broken.urls.length, 2);
  assert.deepEqual(pauses, [2000, 500]);
  const absent = await fetchOne((_request, response) => void response.writeHead(404).end(), { sleep });
  assert.equal(absent.requests, 1);
});

test("fetchSources() calls a source without proxies a failure, and remembers what it did", async () => {
  const memory = new InMemorySourceMemory();
  const empty = await fetchOne("<html><h1>Please log in</h1></html>", { memory });
  assert.equal(empty.report.error, "The source holds no proxy (read as html)");
  assert.equal(memory.get("one")?.failuresInRow, 1);
  await fetchOne(LIST, { memory, wallClock: { now: () => 7 } });
  const { failures, failuresInRow, fetches, lastCount, lastOkAt } = memory.get("one")!;
  assert.deepEqual({ failures, failuresInRow, fetches, lastCount, lastOkAt }, {
    failures: 1,
    failuresInRow: 0,
    fetches: 2,
    lastCount: 2,
    lastOkAt: 7,
  });
});

test("fetchSources() gives proxies the region and protocol of their source", async () => {
  await using server = await ListServer.start({ "/list": "203.0.113.7:1080\nhttps://203.0.113.8:443\n" });
  const url = `${server.origin}/list`;
  const { proxies } = await fetchSources([{ name: "de", url, protocol: "socks5", region: "DE" }], {
    allowPrivate: true,
  });
  assert.deepEqual(proxies.map(({ url, region }) => [url, region]), [
    ["socks5://203.0.113.7:1080", "DE"],
    ["http://203.0.113.8:443", "DE"],
  ]);
});

test("fetchSources() sends its own header fields to the source alone", async () => {
  const seen: (string | undefined)[] = [];
  await using other = await ListServer.start({
    "/list": (request, response) => {
      seen.push(request.headers["x-key"] as string | undefined);
      response.end(LIST);
    },
  });
  const { urls } = await fetchOne(
    (request, response) => {
      seen.push(request.headers["x-key"] as string | undefined);
      response.writeHead(302, { location: `${other.origin}/list` }).end();
    },
    {},
    { headers: { "x-key": "secret" } },
  );
  assert.equal(urls.length, 2);
  assert.deepEqual(seen, ["secret", undefined]);
});

test("fetchSources() gives up when its caller does", async () => {
  await using server = await ListServer.start({ "/list": () => {} });
  const controller = new AbortController();
  const sources = [{ name: "one", url: `${server.origin}/list` }];
  const memory = new InMemorySourceMemory();
  const fetching = fetchSources(sources, { allowPrivate: true, signal: controller.signal, memory });
  controller.abort(new Error("enough"));
  await assert.rejects(fetching, /enough/);
  assert.equal(memory.get("one"), undefined);
});

test("retryAfterMs() reads seconds and dates, and nothing beyond a day", () => {
  assert.equal(retryAfterMs("3"), 3000);
  assert.equal(retryAfterMs(" 0 "), 0);
  assert.equal(retryAfterMs("Sun, 22 Nov 2026 10:00:05 GMT", Date.UTC(2026, 10, 22, 10)), 5000);
  assert.equal(retryAfterMs("Sun, 22 Nov 2026 09:00:05 GMT", Date.UTC(2026, 10, 22, 10)), 0);
  assert.equal(retryAfterMs("999999999"), 86_400_000);
  for (const text of [null, "", "soon", "-1"]) {
    assert.equal(retryAfterMs(text), text === "-1" ? retryAfterMs("-1") : undefined);
  }
});
