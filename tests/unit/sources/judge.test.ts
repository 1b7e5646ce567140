import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { requestThrough, TlsLayer } from "../../../src/net/mod.ts";
import { anonymityOf } from "../../../src/sources/anonymity.ts";
import { type Judge, startJudge } from "../../../src/sources/judge.ts";
import { readEcho } from "../../../src/sources/judge_echo.ts";
import { siteCertificate } from "../../support/site_certificate.ts";

async function ask(judge: Judge, path = "", options = {}): Promise<{ status: number; text: string }> {
  const url = new URL(path, judge.url);
  const { body, status } = await requestThrough(null, url, { allowPrivate: true, ...options });
  return { status, text: new TextDecoder().decode(body) };
}

test("startJudge() answers with what it sees, and nothing else", async () => {
  const seen: string[] = [];
  const judge = await startJudge({ port: 0, onRequest: (address) => void seen.push(address) });
  const { status, text } = await ask(judge, "/?n=abc", { headers: { "x-one": "1", "via": "1.1 squid" } });
  const echo = JSON.parse(text);
  assert.equal(status, 200);
  assert.deepEqual(
    { ...echo, headers: { ...echo.headers, host: "" } },
    {
      remote_address: "127.0.0.1",
      method: "GET",
      url: "/?n=abc",
      http_version: "1.1",
      headers: { "host": "", "x-one": "1", "via": "1.1 squid", "connection": "close" },
    },
  );
  assert.deepEqual(await ask(judge, "/204"), { status: 204, text: "" });
  assert.equal((await ask(judge, "/else")).status, 404);
  assert.equal((await ask(judge, "/", { method: "POST", body: "x".repeat(100_000) })).status, 405);
  assert.deepEqual(await ask(judge, "/", { method: "HEAD" }), { status: 200, text: "" });
  assert.deepEqual(new Set(seen), new Set(["127.0.0.1"]));
  await judge.close();
});

test("startJudge() listens on IPv6, speaks TLS with a certificate, and says when it cannot listen", async () => {
  const first = await startJudge({ port: 0 });
  await assert.rejects(startJudge({ port: first.port }), /EADDRINUSE|in use/);
  const { ca, cert, key } = await siteCertificate();
  const secure = await startJudge({ port: 0, cert, key });
  assert.match(secure.url, /^https:\/\/127\.0\.0\.1:\d+\/$/);
  assert.equal((await ask(secure, "/", { tls: new TlsLayer({ ca }) })).status, 200);
  await Promise.all([first.close(), secure.close()]);
});

test("Judge.close() ends connections that are kept open", async () => {
  const judge = await startJudge({ port: 0 });
  const socket = connect(judge.port, "127.0.0.1");
  socket.on("error", () => {});
  const closed = new Promise<void>((done) => socket.once("close", () => done()));
  const answered = new Promise<void>((done) => socket.once("data", () => done()));
  socket.write("GET /204 HTTP/1.1\r\nhost: judge\r\n\r\n");
  await answered;
  await judge.close();
  await closed;
});

test("readEcho() reads the answers of judges in use", () => {
  const headers = { "user-agent": "x", "via": "1.1 squid" };
  const cases: [string, ReturnType<typeof readEcho>][] = [
    ['{"remote_address":"203.0.113.7","headers":{"User-Agent":"x","Via":["1.1 squid"]}}', {
      remoteAddress: "203.0.113.7",
      headers,
    }],
    ['{"args":{},"headers":{"User-Agent":"x","Via":"1.1 squid"},"origin":"198.51.100.1, 203.0.113.7"}', {
      remoteAddress: "203.0.113.7",
      headers,
    }],
    ["<pre>\nREMOTE_ADDR = 203.0.113.7\nHTTP_USER_AGENT = x\nHTTP_VIA = 1.1 squid\n</pre>", {
      remoteAddress: "203.0.113.7",
      headers,
    }],
    ["fl=1\nip=203.0.113.7\nuag=x\n", { remoteAddress: "203.0.113.7", headers: null }],
    ['{"ip":"2001:db8::7"}', { remoteAddress: "2001:db8::7", headers: null }],
    ["203.0.113.7\n", { remoteAddress: "203.0.113.7", headers: null }],
    ["::ffff:203.0.113.7", { remoteAddress: "203.0.113.7", headers: null }],
    ["<html>Welcome</html>", undefined],
    ["{}", undefined],
    ["{nonsense", undefined],
    ["null", undefined],
    ['{"ip":"none"}', undefined],
    ["", undefined],
  ];
  for (const [body, expected] of cases) assert.deepEqual(readEcho(200, body), expected, body);
  assert.equal(readEcho(503, '{"ip":"203.0.113.7"}'), undefined);
  assert.deepEqual(readEcho(204, ""), { remoteAddress: null, headers: null });
});

test("anonymityOf() says nothing where a judge says too little", () => {
  const baseline = { ownAddresses: new Set(["198.51.100.1", "2001:db8::1"]), headerNames: new Set<string>() };
  assert.equal(anonymityOf({ remoteAddress: "203.0.113.7", headers: null }, baseline), undefined);
  assert.equal(anonymityOf({ remoteAddress: null, headers: null }, baseline), undefined);
  assert.equal(anonymityOf({ remoteAddress: "198.51.100.1", headers: null }, baseline), "transparent");
  const with_ = (headers: Record<string, string>) => anonymityOf({ remoteAddress: null, headers }, baseline);
  assert.equal(with_({ forwarded: 'for="[2001:db8::1]:4711"' }), "transparent");
  assert.equal(with_({ forwarded: 'for="[2001:db8::12]"' }), "anonymous");
  assert.equal(with_({ "accept": "*/*", "host": "198.51.100.1", "connection": "close" }), "elite");
  for (const name of ["via", "x-real-ip", "client-ip", "x-proxy-id", "proxy-connection", "true-client-ip"]) {
    assert.equal(with_({ [name]: "x" }), "anonymous", name);
  }
});
