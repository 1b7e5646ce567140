import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Attempt } from "../../../src/net/proxied_response.ts";
import { ProxyWhirl } from "../../../src/net/proxywhirl.ts";
import { PoolOfProxies } from "../../support/pool_of_proxies.ts";
import { COMPRESSED_TEXT } from "../../support/site_pages.ts";

describe("ProxyClient.fetch()", () => {
  test("answers like fetch, and says which proxy served", async () => {
    await using pool = await PoolOfProxies.start();
    for (const root of [pool.site.http, pool.site.https]) {
      const response = await pool.client.fetch(`${root}/json?a=1#top`);
      assert.ok(response instanceof Response);
      assert.equal(response.status, 200);
      assert.equal(response.ok, true);
      assert.equal(response.url, `${root}/json?a=1#top`);
      assert.equal(response.redirected, false);
      assert.equal(response.headers.get("content-type"), "application/json");
      assert.deepEqual(await response.json(), { ok: true });
      assert.equal(response.bodyUsed, true);
      assert.equal(response.proxyId, pool.ids[0]);
      assert.equal(response.proxy, pool.proxies[0]?.url("http"));
      assert.equal(response.verdict, "ok");
      assert.deepEqual(response.attempts.map(({ verdict, statusCode }) => [verdict, statusCode]), [[
        "ok",
        200,
      ]]);
    }
    assert.equal(pool.rotator.getProxy(pool.ids[0]!)?.totalSuccesses, 2);
    await pool.noSockets();
  });

  test("sends bodies of every kind", async () => {
    await using pool = await PoolOfProxies.start();
    const form = new FormData();
    form.set("a", "1");
    const stream = new ReadableStream({
      start(controller) {
        for (const part of ["str", "eam"]) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    });
    const bodies: readonly (readonly [BodyInit, string, RegExp])[] = [
      ["text", "text", /^text\/plain;charset=UTF-8$/],
      [new TextEncoder().encode("bytes"), "bytes", /^none$/],
      [new URLSearchParams({ a: "1 2" }), "a=1+2", /^application\/x-www-form-urlencoded/],
      [new Blob(["blob"], { type: "text/x" }), "blob", /^text\/x$/],
      [form, 'name="a"\r\n\r\n1', /^multipart\/form-data; *boundary=/],
      [stream, "stream", /^none$/],
    ];
    for (const root of [pool.site.http, pool.site.https]) {
      for (const [body, expected, type] of bodies) {
        if (body === stream && root === pool.site.https) continue;
        const response = await pool.client.fetch(`${root}/echo`, { method: "post", body });
        const echo = await response.json();
        assert.equal(echo.method, "POST");
        assert.ok(echo.body.includes(expected), echo.body);
        assert.match(echo.headers["content-type"] ?? "none", type);
      }
    }
    await pool.noSockets();
  });

  test("takes a Request, and lets init go before it", async () => {
    await using pool = await PoolOfProxies.start();
    const request = new Request(`${pool.site.http}/echo`, {
      method: "PUT",
      body: "1",
      headers: { "x-a": "1", "x-b": "1" },
    });
    const echo = await (await pool.client.fetch(request, { headers: { "x-a": "2" } })).json();
    assert.equal(echo.method, "PUT");
    assert.equal(echo.body, "1");
    assert.equal(echo.headers["x-a"], "2");
    assert.equal(echo.headers["x-b"], undefined);
  });

  test("never passes the proxy's credentials on, nor fields of the connection", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{ credentials: "alice:s3cret" }] });
    for (const root of [pool.site.http, pool.site.https]) {
      const headers = {
        "Proxy-Authorization": "mine",
        "Connection": "upgrade",
        "Host": "other.example",
        "TE": "x",
      };
      const response = await pool.client.fetch(`${root}/echo`, { headers });
      const echo = await response.json();
      assert.equal(echo.headers["proxy-authorization"], undefined);
      assert.equal(echo.headers["te"], undefined);
      assert.equal(echo.headers["connection"], "keep-alive");
      assert.equal(echo.headers["host"], new URL(root).host);
      assert.doesNotMatch(JSON.stringify(response.attempts) + response.proxy, /alice|s3cret/);
    }
  });

  for (const coding of ["gzip", "deflate", "deflate-raw", "br", "zstd"]) {
    test(`decodes ${coding}`, async () => {
      await using pool = await PoolOfProxies.start();
      for (const root of [pool.site.http, pool.site.https]) {
        const response = await pool.client.fetch(`${root}/compressed?coding=${coding}`);
        assert.equal(await response.text(), COMPRESSED_TEXT);
        assert.equal(response.headers.get("content-encoding"), null);
      }
      assert.match(String(pool.site.requests[0]?.headers["accept-encoding"]), /gzip, deflate, br/);
      await pool.noSockets();
    });
  }

  test("streams large bodies both ways, with back-pressure", async () => {
    await using pool = await PoolOfProxies.start();
    const bytes = 20_000_000;
    const response = await pool.client.fetch(`${pool.site.https}/large?bytes=${bytes}`);
    let read = 0;
    for await (const chunk of response.body!) read += chunk.length;
    assert.equal(read, bytes);
    let left = 100;
    const upload = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- > 0) controller.enqueue(new Uint8Array(50_000).fill(97));
        else controller.close();
      },
    });
    const echo = await (await pool.client.fetch(`${pool.site.http}/echo`, { method: "POST", body: upload }))
      .json();
    assert.equal(echo.body.length, 5_000_000);
    assert.equal(echo.headers["transfer-encoding"], "chunked");
    await pool.noSockets();
  });

  test("ends the connection when a body is cancelled", async () => {
    await using pool = await PoolOfProxies.start();
    const response = await pool.client.fetch(`${pool.site.https}/large?bytes=100000000`);
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    await pool.site.sockets.none();
  });

  test("has no body where there is none", async () => {
    await using pool = await PoolOfProxies.start();
    const { http } = pool.site;
    const head = await pool.client.fetch(`${http}/ok`, { method: "HEAD" });
    assert.deepEqual([head.status, head.body], [200, null]);
    for (const code of [204, 304]) {
      const response = await pool.client.fetch(`${http}/status?code=${code}`);
      assert.deepEqual([response.status, response.body, await response.text()], [code, null, ""]);
    }
    assert.equal(pool.client.openConnections, 1);
  });

  test("hands on a status that no Response can be made with", async () => {
    await using pool = await PoolOfProxies.start();
    const response = await pool.client.fetch(`${pool.site.http}/status?code=999`);
    assert.deepEqual([response.status, response.ok, response.verdict], [999, false, "blocked"]);
    assert.equal(await response.clone().text(), "status 999");
    assert.equal(response.clone().status, 999);
  });

  test("refuses what fetch refuses", async () => {
    await using pool = await PoolOfProxies.start();
    const { http } = pool.site;
    for (
      const [url, init] of [
        ["not a url", {}],
        ["/relative", {}],
        [http.replace("//", "//user:s3cret@"), {}],
        [http, { method: "CONNECT" }],
        [http, { method: "GE T" }],
        [http, { method: "GET", body: "x" }],
        [http, { headers: { "bad name": "x" } }],
        [http, { headers: { "x": "a\nb" } }],
      ] as const
    ) {
      await assert.rejects(pool.client.fetch(url, init as RequestInit), (error: Error) => {
        assert.ok(error instanceof TypeError, error.message);
        assert.doesNotMatch(error.message, /s3cret/);
        return true;
      });
    }
    await assert.rejects(pool.client.fetch("ftp://example.com/"), { code: "TARGET_REFUSED" });
    assert.equal(pool.proxies[0]?.accepted, 0);
  });
});

describe("ProxyClient keeps connections", () => {
  test("and uses them again for the same proxy and site", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}] });
    for (let i = 0; i < 10; i++) await (await pool.client.fetch(`${pool.site.https}/ok`)).text();
    assert.deepEqual(pool.proxies.map(({ accepted }) => accepted), [1, 1]);
    assert.equal(new Set(pool.site.requests.map(({ connection }) => connection)).size, 2);
    assert.equal(pool.client.openConnections, 2);
    await (await pool.client.fetch(`${pool.site.http}/ok`)).text();
    assert.equal(pool.client.openConnections, 3);
    await pool.noSockets();
  });

  test("no more than poolConnections at once, and poolMaxKeepalive idle", async () => {
    await using pool = await PoolOfProxies.start({ client: { poolConnections: 3, poolMaxKeepalive: 2 } });
    let most = 0;
    await Promise.all(Array.from({ length: 12 }, async () => {
      const response = await pool.client.fetch(`${pool.site.http}/large?bytes=200000`);
      most = Math.max(most, pool.client.openConnections);
      await response.arrayBuffer();
    }));
    assert.equal(most, 3);
    while (pool.client.openConnections > 2) await new Promise((resolve) => setTimeout(resolve, 1));
  });

  test("no more than poolMaxIdle in all", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}, {}], client: { poolMaxIdle: 2 } });
    for (let i = 0; i < 6; i++) await (await pool.client.fetch(`${pool.site.http}/ok`)).text();
    assert.equal(pool.client.openConnections, 2);
  });

  test("for a while", async () => {
    await using pool = await PoolOfProxies.start({ client: { poolIdleMs: 20 } });
    await (await pool.client.fetch(`${pool.site.http}/ok`)).text();
    await pool.site.sockets.none();
    assert.equal(pool.client.openConnections, 0);
  });

  test("and survives that the site closes an idle one", async () => {
    await using pool = await PoolOfProxies.start();
    for (let i = 0; i < 5; i++) {
      await (await pool.client.fetch(`${pool.site.https}/ok`)).text();
      pool.site.sockets.destroyAll();
    }
    assert.equal(pool.rotator.getProxy(pool.ids[0]!)?.totalFailures, 0);
  });
});

describe("ProxyClient can be given up", () => {
  test("before, during and after the head", async () => {
    await using pool = await PoolOfProxies.start();
    const reason = new Error("no longer wanted");
    const { client, site } = pool;
    await assert.rejects(client.fetch(`${site.http}/ok`, { signal: AbortSignal.abort(reason) }), reason);
    for (const path of ["/hang", "/stall"]) {
      const controller = new AbortController();
      const pending = client.fetch(`${site.https}${path}`, { signal: controller.signal }).then((r) =>
        r.text()
      );
      while (site.count(path) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      controller.abort(reason);
      await assert.rejects(pending, reason);
    }
    await site.sockets.none();
    const proxy = pool.rotator.getProxy(pool.ids[0]!);
    assert.deepEqual([proxy?.inFlight, proxy?.totalFailures], [0, 0]);
  });

  test("and gives up by itself at its time limit", async () => {
    await using pool = await PoolOfProxies.start();
    await assert.rejects(pool.client.fetch(`${pool.site.http}/hang`, { timeoutMs: 100 }), {
      code: "ALL_ATTEMPTS_FAILED",
    });
    await pool.site.sockets.none();
  });

  test("a body that falls silent is given up", async () => {
    await using pool = await PoolOfProxies.start({ client: { timeouts: { bodyIdleMs: 100 } } });
    const response = await pool.client.fetch(`${pool.site.http}/stall`);
    await assert.rejects(response.text());
    await pool.site.sockets.none();
    assert.equal(pool.rotator.getProxy(pool.ids[0]!)?.totalFailures, 1);
  });

  test("a body that nobody reads is given up", async () => {
    await using pool = await PoolOfProxies.start({ client: { timeouts: { unreadMs: 50 } } });
    const response = await pool.client.fetch(`${pool.site.http}/large?bytes=100000000`);
    await pool.site.sockets.none();
    await assert.rejects(response.text());
  });

  test("close() ends everything", async () => {
    await using pool = await PoolOfProxies.start();
    const pending = pool.client.fetch(`${pool.site.http}/hang`);
    while (pool.site.count("/hang") === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    pool.client.close();
    await assert.rejects(pending);
    await assert.rejects(pool.client.fetch(`${pool.site.http}/ok`), TypeError);
    await pool.site.sockets.none();
  });
});

describe("ProxyWhirl", () => {
  test("is a pool that fetches", async () => {
    await using pool = await PoolOfProxies.start();
    const proxies = new ProxyWhirl({ client: { allowPrivateTargets: true, ca: pool.site.ca } });
    const { id } = proxies.addProxy(pool.proxies[0]!.url("socks5h"));
    const response = await proxies.fetch(`${pool.site.https}/json`);
    assert.deepEqual([response.proxyId, await response.json()], [id, { ok: true }]);
    assert.equal(proxies.poolStatus().status, "healthy");
    proxies.close();
    await pool.noSockets();
  });

  test("keeps a session at one proxy", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}, {}] });
    const served = new Set<string>();
    for (let i = 0; i < 6; i++) {
      const response = await pool.client.fetch(`${pool.site.http}/ok`, { session: "cart-42" });
      served.add(response.proxyId);
    }
    assert.equal(served.size, 1);
    const response = await pool.client.fetch(`${pool.site.http}/ok`, { session: "cart-42", renew: true });
    assert.equal(served.has(response.proxyId), false);
  });

  test("waits as long as a site asks, when there is time", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}] });
    const limited = await pool.client.fetch(`${pool.site.http}/status?code=429&retry-after=1`);
    assert.equal(limited.verdict, "blocked");
    await assert.rejects(pool.client.fetch(`${pool.site.http}/ok`, { timeoutMs: 100 }), {
      code: "NO_PROXY_AVAILABLE",
    });
    assert.equal((await pool.client.fetch(`${pool.site.http}/ok`)).status, 200);
  });

  test("keeps fields that come several times apart", async () => {
    await using pool = await PoolOfProxies.start();
    const { headers } = await pool.client.fetch(`${pool.site.http}/cookies`);
    assert.deepEqual(headers.getSetCookie(), ["a=1", "b=2"]);
  });

  for (const [fault, code] of [["garbage", "protocol-error"], ["huge_header", "too-large"]] as const) {
    test(`puts ${fault} in absolute form down to the proxy`, async () => {
      await using pool = await PoolOfProxies.start({ proxies: [{ fault }] });
      const error = await pool.client.fetch(`${pool.site.http}/ok`).catch((error) => error);
      assert.deepEqual(
        error.attempts?.map((one: Attempt) => [one.verdict, one.rule]),
        [["dead", code]],
        `${error}`,
      );
      await pool.noSockets();
    });
  }
});
