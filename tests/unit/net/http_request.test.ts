import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { parseProxyUrl } from "../../../src/core/mod.ts";
import { requestThrough } from "../../../src/net/http_request.ts";
import { TlsLayer } from "../../../src/net/tls_layer.ts";
import { FaultyProxy } from "../../support/faulty_proxy.ts";
import { Site } from "../../support/site.ts";

let site: Site;
let proxy: FaultyProxy;
let options: { readonly tls: TlsLayer; readonly allowPrivate: true; readonly timeoutMs: number };

before(async () => {
  site = await Site.start();
  proxy = await FaultyProxy.start();
  options = { tls: new TlsLayer({ ca: site.ca }), allowPrivate: true, timeoutMs: 5_000 };
});
after(async () => {
  await proxy[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

const text = (body: Uint8Array) => new TextDecoder().decode(body);
const through = () => parseProxyUrl(proxy.url("http"));

describe("requestThrough()", () => {
  test("sends method, header fields and body, and tells what came back when", async () => {
    for (const root of [site.http, site.https]) {
      const answer = await requestThrough(through(), `${root}/echo?a=1`, {
        ...options,
        method: "put",
        headers: { "X-One": "1", "x-many": ["a", "b"] },
        body: "søren",
      });
      const echo = JSON.parse(text(answer.body));
      assert.equal(echo.method, "PUT");
      assert.equal(echo.url.replace(root, ""), "/echo?a=1");
      assert.equal(echo.headers["x-one"], "1");
      assert.equal(echo.headers["x-many"], "a, b");
      assert.equal(echo.headers["content-length"], "6");
      assert.equal(echo.headers["host"], new URL(root).host);
      assert.equal(answer.headers.get("content-type"), "application/json");
      const { connectedMs, firstByteMs, totalMs } = answer.timings;
      assert.ok(0 < connectedMs && connectedMs <= firstByteMs && firstByteMs <= totalMs);
    }
  });

  test("cuts a body that is too long", async () => {
    const answer = await requestThrough(through(), `${site.http}/large?bytes=500000`, {
      ...options,
      maxBytes: 1000,
    });
    assert.equal(answer.body.length, 1000);
    assert.equal(answer.isTruncated, true);
    const whole = await requestThrough(through(), `${site.http}/large?bytes=500000`, options);
    assert.equal(whole.body.length, 500_000);
    assert.equal(whole.isTruncated, false);
  });

  test("reads chunks and bodies without a length", async () => {
    const answer = await requestThrough(through(), `${site.http}/chunked?count=3`, options);
    assert.equal(text(answer.body), "chunk 0\nchunk 1\nchunk 2\n");
  });

  test("rejects when the body breaks off or stalls", async () => {
    await assert.rejects(requestThrough(through(), `${site.http}/cut`, options), { phase: "body" });
    await assert.rejects(requestThrough(through(), `${site.http}/stall`, { ...options, timeoutMs: 200 }), {
      code: "TIMED_OUT",
      phase: "body",
    });
  });

  test("rejects when no answer comes in time", async () => {
    await assert.rejects(requestThrough(through(), `${site.http}/hang`, { ...options, timeoutMs: 200 }), {
      code: "TIMED_OUT",
      phase: "first_byte",
    });
  });

  test("rejects a header that is too large", async () => {
    const answer = await requestThrough(through(), `${site.http}/header?bytes=30000`, options);
    assert.equal(answer.headers.get("x-large")?.length, 30_000);
    await assert.rejects(requestThrough(through(), `${site.http}/header?bytes=300000`, options), {
      name: "NetError",
    });
  });

  test("goes without a proxy only when told so", async () => {
    const before = proxy.accepted;
    const { status } = await requestThrough(null, `${site.https}/ok`, options);
    assert.equal(status, 200);
    assert.equal(proxy.accepted, before);
  });

  test("refuses private addresses by default", async () => {
    await assert.rejects(requestThrough(null, `${site.http}/ok`), { code: "TARGET_REFUSED" });
    await assert.rejects(requestThrough(through(), `${site.http}/ok`), { code: "TARGET_REFUSED" });
  });

  test("leaves no socket behind", async () => {
    await proxy.sockets.none();
    await site.sockets.none();
  });
});
