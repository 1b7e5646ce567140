import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { describe, test } from "node:test";
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from "node:zlib";
import { readBody } from "../../../src/net/mod.ts";
import { PoolOfProxies } from "../../support/pool_of_proxies.ts";
import { type RawAnswer, RawSite } from "../../support/raw_site.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const EVIL = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const LENGTH = "Content-Length: 2\r\n\r\nok";

const ending = (text: string) => (socket: Socket) => void socket.end(text, "latin1");
const packed = (bytes: Uint8Array, coding = "gzip") =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n\r\n`),
    bytes,
  ]);

const quickBrotli = (bytes: Uint8Array) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });

function clientOptions() {
  return { timeouts: { firstByteMs: 2_000, bodyIdleMs: 2_000 }, retry: { maxAttempts: 1 } };
}

/** Status and body, or how it failed. */
async function get(pool: PoolOfProxies, url: string, init: RequestInit = {}): Promise<string> {
  try {
    const response = await pool.client.fetch(url, { ...init, tunnel: true });
    const text = await response.text().then(
      (text) => text,
      (error) => `broken body: ${error.code ?? error.cause?.code}`,
    );
    return `${response.status} ${text}`;
  } catch (error) {
    const { attempts, code } = error as { attempts?: readonly { rule: string }[]; code?: string };
    return `failed: ${attempts?.at(-1)?.rule ?? code}`;
  }
}

const PROTOCOL = "failed: protocol-error";
const BODY = "200 broken body: PROTOCOL_ERROR";
const CLOSED = "200 broken body: CONNECTION_CLOSED";

/** What a site sends to the first request, and what comes of it. */
const ANSWERS: readonly (readonly [string, string | Uint8Array | RawAnswer, string | RegExp])[] = [
  ["a second answer with the first", OK + EVIL, "200 ok"],
  ["early hints", `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${OK}`, "200 ok"],
  ["100 that was not asked for", `HTTP/1.1 100 Continue\r\n\r\n${OK}`, "200 ok"],
  ["interim answers by the thousand", "HTTP/1.1 102 Processing\r\n\r\n".repeat(5_000) + OK, "200 ok"],
  ["another protocol", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", PROTOCOL],
  ["101 without another protocol", `HTTP/1.1 101 Switching Protocols\r\n\r\n${OK}`, PROTOCOL],
  ["status 99", `HTTP/1.1 099 What\r\n${LENGTH}`, PROTOCOL],
  ["a body with 204", "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nevil", "204 "],
  ["a body with 304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil", "304 "],
  ["too short a body", ending("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok"), CLOSED],
  ["two lengths", `HTTP/1.1 200 OK\r\nContent-Length: 3\r\n${LENGTH}`, PROTOCOL],
  ["a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok", PROTOCOL],
  ["a length and chunks", `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n${LENGTH}`, PROTOCOL],
  ["a chunk size that is none", `${CHUNKED}zz\r\nok\r\n0\r\n\r\n`, BODY],
  ["a chunk size beyond all numbers", `${CHUNKED}fffffffffffffffff\r\nok\r\n0\r\n\r\n`, BODY],
  ["a chunk longer than it says", `${CHUNKED}2\r\nokXX0\r\n\r\n`, BODY],
  ["a cut chunk", ending(`${CHUNKED}5\r\nok`), CLOSED],
  ["chunks without an end", ending(`${CHUNKED}2\r\nok\r\n`), CLOSED],
  ["trailers", `${CHUNKED}2\r\nok\r\n0\r\nX-Trailer: 1\r\n\r\n`, "200 ok"],
  ["trailers by the ton", `${CHUNKED}2\r\nok\r\n0\r\n${"X-T: 1\r\n".repeat(40_000)}\r\n`, /^200 broken body/],
  ["a folded field", `HTTP/1.1 200 OK\r\nX-F: a\r\n b\r\n${LENGTH}`, PROTOCOL],
  ["a space before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok", PROTOCOL],
  ["a field without a name", `HTTP/1.1 200 OK\r\n: 1\r\n${LENGTH}`, PROTOCOL],
  ["NUL in a field", `HTTP/1.1 200 OK\r\nX-F: a\0b\r\n${LENGTH}`, PROTOCOL],
  ["a field beyond ASCII", `HTTP/1.1 200 OK\r\nX-F: a\xe9b\r\n${LENGTH}`, "200 ok"],
  ["fields by the ton", `HTTP/1.1 200 OK\r\n${"X-A: 1\r\n".repeat(30_000)}${LENGTH}`, "failed: too-large"],
  ["no words after the status", `HTTP/1.1 200\r\n${LENGTH}`, "200 ok"],
  ["a status of four digits", `HTTP/1.1 2000 OK\r\n${LENGTH}`, PROTOCOL],
  ["HTTP/1.0 without a length", ending("HTTP/1.0 200 OK\r\n\r\nok"), "200 ok"],
  ["a page without a head", ending("<html>ok"), PROTOCOL],
  ["carriage returns alone", "HTTP/1.1 200 OK\rContent-Length: 2\r\rok", PROTOCOL],
  ["gzip that is cut", packed(gzipSync("hello".repeat(100)).subarray(0, 20)), BODY],
  ["gzip that is none", packed(Buffer.from("junk")), BODY],
  ["gzip of nothing", packed(Buffer.alloc(0)), "200 "],
  ["gzip in two parts", packed(Buffer.concat([gzipSync("o"), gzipSync("k")])), "200 ok"],
  [
    "br that is cut",
    packed(brotliCompressSync("hello".repeat(100)).subarray(0, 8), "br"),
    /^200 (?:broken body: PROTOCOL_ERROR)?$/,
  ],
  ["br of nothing", packed(Buffer.alloc(0), "br"), "200 "],
  ["deflate of nothing", packed(Buffer.alloc(0), "deflate"), "200 "],
  ["deflate that is cut", packed(Buffer.from([0x78, 0x9c, 0x4b]), "deflate"), BODY],
  ["gzip within gzip within gzip", packed(gzipSync(gzipSync(gzipSync("ok"))), "gzip, gzip, gzip"), "200 ok"],
  ["a coding that nobody knows", "HTTP/1.1 200 OK\r\nContent-Encoding: compress\r\n" + LENGTH, "200 ok"],
];

describe("ProxyClient takes from a site", () => {
  for (const [name, answer, expected] of ANSWERS) {
    test(`${name}, and the next request is none the worse`, async () => {
      await using site = await RawSite.start(
        typeof answer === "string" ? Buffer.from(answer, "latin1") : answer,
        OK,
      );
      await using pool = await PoolOfProxies.start({ client: clientOptions() });
      const got = await get(pool, site.url);
      if (typeof expected === "string") assert.equal(got, expected);
      else assert.match(got, expected);
      assert.equal(await get(pool, site.url), "200 ok");
      await pool.noSockets();
      await site.sockets.none();
    });
  }

  test("no answer that was sent before it was asked for", async () => {
    let later: (() => void) | undefined;
    await using site = await RawSite.start((socket) => {
      socket.write(OK);
      later = () => void socket.write(EVIL);
    }, OK);
    await using pool = await PoolOfProxies.start({ client: clientOptions() });
    assert.equal(await get(pool, site.url), "200 ok");
    assert.equal(pool.client.openConnections, 1);
    const proxy = pool.proxies[0];
    const before = proxy?.accepted;
    later?.();
    // The bytes have passed the proxy when another connection through it has been answered after them.
    await using other = await RawSite.start(OK);
    for (let i = 0; i < 5; i++) assert.equal(await get(pool, other.url), "200 ok");
    assert.equal(await get(pool, site.url), "200 ok");
    assert.equal(proxy?.accepted, (before ?? 0) + 2, "the connection with the answer on it was given up");
  });

  for (
    const [coding, pack] of Object.entries({ gzip: gzipSync, br: quickBrotli, zstd: zstdCompressSync })
  ) {
    test(`the beginning of a ${coding} bomb, and no more of it than was wanted`, async () => {
      // 100 MB in some kB; packed twice, in less than one.
      const bomb = packed(pack(pack(new Uint8Array(100_000_000))), `${coding}, ${coding}`);
      await using site = await RawSite.start(bomb, OK);
      await using pool = await PoolOfProxies.start({ client: clientOptions() });
      const response = await pool.client.fetch(site.url, { tunnel: true });
      const { bytes, isTruncated } = await readBody(response, {
        format: "raw",
        maxBytes: 1_000,
        readLimitBytes: 1_000_000,
      });
      assert.deepEqual([bytes, isTruncated], [1_000_000, true]);
      assert.equal(await get(pool, site.url), "200 ok");
      await pool.noSockets();
    });
  }

  test("the head of HEAD, and no body with it", async () => {
    await using site = await RawSite.start(EVIL, OK);
    await using pool = await PoolOfProxies.start({ client: clientOptions() });
    assert.equal(await get(pool, site.url, { method: "HEAD" }), "200 ");
    assert.equal(await get(pool, site.url), "200 ok");
  });

  test("an answer that comes before the request is sent, and keeps no connection on which half of it is left", async () => {
    await using site = await RawSite.start(
      (socket) => void socket.write(`HTTP/1.1 413 Too Large\r\n${LENGTH}`),
      OK,
    );
    await using pool = await PoolOfProxies.start({ client: clientOptions() });
    const cancelled = Promise.withResolvers<void>();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(1000)),
      cancel: () => cancelled.resolve(),
    });
    const response = await pool.client.fetch(site.url, { method: "POST", body, tunnel: true });
    assert.deepEqual([response.status, await response.text()], [413, "ok"]);
    assert.equal(await get(pool, site.url), "200 ok");
    assert.equal(site.accepted, 2, "the rest of the body would be taken for a request");
    await cancelled.promise;
    assert.equal(pool.client.openConnections, 1);
    await pool.noSockets();
  });

  test("an answer of a site that never reads the request, and lets go of the connection", async () => {
    await using site = await RawSite.start((socket) => {
      socket.pause();
      socket.write(`HTTP/1.1 413 Too Large\r\n${LENGTH}`);
    });
    await using pool = await PoolOfProxies.start({ client: clientOptions() });
    const body = new Uint8Array(20_000_000);
    const response = await pool.client.fetch(site.url, { method: "POST", body, tunnel: true });
    assert.deepEqual([response.status, await response.text()], [413, "ok"]);
    while (pool.client.openConnections > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    site.sockets.destroyAll();
    await pool.noSockets();
  });

  test("a hundred answers to POST on one connection", async () => {
    await using pool = await PoolOfProxies.start();
    const body = new Uint8Array(50_000);
    for (let i = 0; i < 100; i++) {
      await (await pool.client.fetch(`${pool.site.http}/echo`, { method: "POST", body })).text();
    }
    assert.equal(pool.proxies[0]?.accepted, 1);
  });
});
