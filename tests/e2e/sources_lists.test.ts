/** Lists of every kind from a web server on loopback, the real ones among them, and what no list should be. */

import assert from "node:assert/strict";
import { createReadStream, readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { createGzip } from "node:zlib";
import { type PoolProxy, ProxyRotator } from "../../src/core/mod.ts";
import {
  type FetchedSources,
  fetchSources,
  type FetchSourcesOptions,
  InMemorySourceMemory,
  noteTrials,
  selectSources,
  startJudge,
  validateProxies,
} from "../../src/sources/mod.ts";
import { FaultyProxy } from "../support/faulty_proxy.ts";
import { sharedData, sharedDataMissing } from "../support/shared_data.ts";
import { skipIf } from "../support/skip.ts";
import { type Handler, ListServer } from "../unit/sources/list_server.ts";

const MB = 1_000_000;

async function fetchAll(
  routes: Readonly<Record<string, Handler | string>>,
  options: FetchSourcesOptions = {},
): Promise<FetchedSources & { readonly server: ListServer }> {
  await using server = await ListServer.start(routes);
  const sources = Object.keys(routes).map((path) => ({ name: path.slice(1), url: server.origin + path }));
  return { ...await fetchSources(sources, { allowPrivate: true, ...options }), server };
}

const REAL = ["http.txt", "https.txt", "socks4.txt", "socks5.txt", "proxies-rich.json"];

test(
  "fetchSources() reads the real lists, packed and not, and keeps protocols apart",
  skipIf(sharedDataMissing(...REAL)),
  async () => {
    await using server = await ListServer.start(
      Object.fromEntries(REAL.map((name) => [`/${name}`, (request, response) => {
        const isPacked = (request.headers["accept-encoding"] ?? "").includes("gzip") &&
          name.endsWith(".json");
        if (isPacked) response.setHeader("content-encoding", "gzip");
        const file = createReadStream(sharedData(name)!);
        (isPacked ? file.pipe(createGzip()) : file).pipe(response);
      }])),
    );
    const protocols = ["http", "http", "socks4", "socks5"] as const;
    const sources = REAL.map((name, index) => ({
      name,
      url: `${server.origin}/${name}`,
      ...(protocols[index] === undefined ? {} : { protocol: protocols[index] }),
    }));
    const { duplicates, proxies, rejected, reports } = await fetchSources(sources, {
      allowPrivate: true,
      allowPrivateProxies: false,
    });
    assert.deepEqual(reports.map(({ count, error, format, ok }) => ({ count, error, format, ok })), [
      { count: 6642, error: null, format: "text", ok: true },
      { count: 56, error: null, format: "text", ok: true },
      { count: 28, error: null, format: "text", ok: true },
      { count: 28, error: null, format: "text", ok: true },
      { count: reports[4]?.count, error: null, format: "json", ok: true },
    ]);
    const lines = protocols.flatMap((protocol, index) =>
      readFileSync(sharedData(REAL[index]!)!, "utf8").trim().split(/\s+/).map((line) =>
        `${protocol}://${line}`
      )
    );
    const entries = JSON.parse(readFileSync(sharedData("proxies-rich.json")!, "utf8")).proxies as Record<
      string,
      string
    >[];
    const listed = entries.map(({ ip, port, protocol }) =>
      `${protocol === "https" ? "http" : protocol}://${ip}:${port}`
    );
    assert.deepEqual(new Set(proxies.map(({ url }) => url)), new Set([...lines, ...listed]));
    assert.equal(proxies.length + duplicates, lines.length + listed.length);
    assert.equal(rejected, 0);
    const located = proxies.filter(({ region }) => region !== undefined);
    assert.ok(located.length > 2000, "the JSON list tells countries of proxies that the text lists name too");
  },
);

test("fetchSources() takes the beginning of a list of 100 MB, and of one that never ends, and little memory", async () => {
  const line = (i: number) =>
    `${i % 223 + 1}.${i >> 16 & 255}.${i >> 8 & 255}.${i & 255}:${1024 + i % 60_000}\n`;
  const block = Array.from({ length: 50_000 }, (_, i) => line(i)).join("");
  const send = (size: number): Handler => (_request, response) => {
    let sent = 0;
    const more = () => {
      while (sent < size) {
        sent += block.length;
        if (!response.write(block)) return;
      }
      response.end();
    };
    response.on("drain", more);
    more();
  };
  const before = process.memoryUsage().rss;
  const { proxies, reports } = await fetchAll({
    "/huge": send(100 * MB),
    "/endless": send(Infinity),
    "/packed": (_request, response) => {
      response.setHeader("content-encoding", "gzip");
      const packed = createGzip();
      packed.pipe(response);
      for (let i = 0; i < 80; i++) packed.write(block);
      packed.end();
    },
    "/json": (_request, response) => {
      response.write("[");
      const entries = `"203.0.113.7:80",`.repeat(1_000_000);
      for (let i = 0; i < 6; i++) response.write(entries);
      response.end();
    },
    "/line": (_request, response) => void response.end("x".repeat(40 * MB)),
    "/small": "203.0.113.99:8080\n",
  }, { maxBytes: 4 * MB, maxProxiesPerSource: 30_000, concurrency: 6 });
  const note = "The source is too long; the rest was left out";
  assert.deepEqual(reports.map(({ count, error, name, ok }) => [name, ok, count, error]), [
    ["huge", true, 30_000, note],
    ["endless", true, 30_000, note],
    ["packed", true, 30_000, note],
    ["json", true, 1, note],
    ["line", false, 0, "The source holds no proxy (read as text)"],
    ["small", true, 1, null],
  ]);
  assert.ok(proxies.some(({ url }) => url === "http://203.0.113.99:8080"));
  const grownMb = (process.memoryUsage().rss - before) / MB;
  assert.ok(grownMb < 500, `${Math.round(grownMb)} MB more than before`);
});

test("fetchSources() survives broken lists of every kind", async () => {
  const { proxies, reports } = await fetchAll({
    "/binary": (_request, response) =>
      void response.end(Uint8Array.from({ length: 100_000 }, (_, i) => i * 7919 % 256)),
    "/empty": "",
    "/zeros": "\0".repeat(10_000),
    "/cut.json": '{"data":[{"ip":"203.0.113.7","port":80},{"ip":"203.0.113.8"',
    "/cut.html": "<table><tr><th>IP<th>Port<tr><td>203.0.113.9<td>80<tr><td>203",
    "/odd.csv": 'ip,port\n203.0.113.10,80\n"203.0.113.11,80\n,,,,\n',
    "/login": "<html><form>Password</form></html>",
    "/short": (_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("203.0.113.12:80\n");
      setImmediate(() => response.destroy());
    },
  }, { sleep: () => Promise.resolve() });
  assert.deepEqual(proxies.map(({ url }) => url).sort(), [
    "http://203.0.113.10:80",
    "http://203.0.113.7:80",
    "http://203.0.113.9:80",
  ]);
  assert.deepEqual(reports.filter(({ ok }) => ok).map(({ name }) => name), [
    "cut.json",
    "cut.html",
    "odd.csv",
  ]);
});

test("a pool is filled from lists with proxies that work, and experience decides which list is recommended", async () => {
  await using good = await FaultyProxy.start({ exit: "127.0.0.2" });
  await using bad = await FaultyProxy.start({ fault: "close" });
  const named = (proxy: FaultyProxy, count: number) =>
    Array.from({ length: count }, (_, i) => proxy.url("http").replace("//", `//u${i}@`)).join("\n");
  await using server = await ListServer.start({
    "/good": named(good, 30),
    "/bad": `${named(bad, 30)}\n${named(good, 3)}`,
  });
  const catalog = ["bad", "good"].map((name) => ({
    name,
    url: `${server.origin}/${name}`,
    isRecommended: name === "bad",
  }));
  const memory = new InMemorySourceMemory();
  const judge = await startJudge({ port: 0 });
  const rotator = new ProxyRotator();

  assert.deepEqual(selectSources([], { catalog, memory }).map(({ name }) => name), ["bad"]);
  const { proxies } = await fetchSources(catalog, { allowPrivate: true, memory });
  const trials: { sources: readonly string[]; isOk: boolean }[] = [];
  for await (
    const { candidate, isValid, outcome } of validateProxies(proxies, {
      judges: [judge.url],
      allowPrivate: true,
    })
  ) {
    trials.push({ sources: candidate.sources, isOk: isValid });
    if (isValid) rotator.report(rotator.addProxy(candidate.url, candidate).id, outcome);
  }
  noteTrials(memory, trials);
  assert.equal(rotator.size, 30);
  assert.ok(
    [...rotator.proxies()].every((proxy: PoolProxy) => proxy.status === "healthy" && proxy.source !== null),
  );
  assert.deepEqual([memory.get("bad")?.worked, memory.get("good")?.worked], [3, 30]);
  assert.deepEqual(selectSources([], { catalog, memory }).map(({ name }) => name), ["good", "bad"]);
  await judge.close();
});
