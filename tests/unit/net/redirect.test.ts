import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PoolOfProxies } from "../../support/pool_of_proxies.ts";
import { Site } from "../../support/site.ts";

/** A URL of the site that redirects to another. */
function redirect(root: string, to: string, code = 302): string {
  return `${root}/redirect?code=${code}&to=${encodeURIComponent(to)}`;
}

describe("ProxyClient follows redirects", () => {
  test("within a site through the same proxy", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}] });
    const response = await pool.client.fetch(`${redirect(pool.site.http, "/json?b=2")}#part`);
    assert.equal(response.url, `${pool.site.http}/json?b=2#part`);
    assert.equal(response.redirected, true);
    assert.equal(response.attempts.length, 1);
    assert.deepEqual(pool.proxies.map(({ accepted }) => accepted), [1, 0]);
    await pool.noSockets();
  });

  test("to another site through whatever proxy suits that one", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}] });
    const response = await pool.client.fetch(redirect(pool.site.http, `${pool.site.https}/ok`));
    assert.equal(response.url, `${pool.site.https}/ok`);
    assert.deepEqual(response.attempts.map(({ statusCode }) => statusCode), [302, 200]);
    assert.deepEqual(pool.proxies.map(({ accepted }) => accepted), [1, 1]);
  });

  test("to another site through the same proxy when the target was named", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}] });
    const url = redirect(pool.site.http, `${pool.site.https}/ok`);
    const response = await pool.client.fetch(url, { target: "shop.example" });
    assert.equal(response.attempts.length, 1);
    assert.deepEqual(pool.proxies.map(({ accepted }) => accepted), [2, 0]);
  });

  for (
    const [code, method, then, body] of [
      [301, "POST", "GET", ""],
      [302, "POST", "GET", ""],
      [303, "POST", "GET", ""],
      [303, "PUT", "GET", ""],
      [301, "PUT", "PUT", "x"],
      [302, "PUT", "PUT", "x"],
      [307, "POST", "POST", "x"],
      [308, "POST", "POST", "x"],
      [308, "DELETE", "DELETE", "x"],
    ] as const
  ) {
    test(`${code} turns ${method} into ${then}`, async () => {
      await using pool = await PoolOfProxies.start();
      const response = await pool.client.fetch(redirect(pool.site.http, "/echo", code), {
        method,
        body: "x",
      });
      const echo = await response.json();
      assert.deepEqual([echo.method, echo.body], [then, body]);
      assert.equal(echo.headers["content-type"] === undefined, body === "");
    });
  }

  test("303 leaves HEAD alone", async () => {
    await using pool = await PoolOfProxies.start();
    await pool.client.fetch(redirect(pool.site.http, "/ok", 303), { method: "HEAD" });
    assert.deepEqual(pool.site.requests.map(({ method }) => method), ["HEAD", "HEAD"]);
  });

  test("and tells credentials to the first origin only", async () => {
    await using pool = await PoolOfProxies.start();
    await using other = await Site.start();
    const headers = { authorization: "Bearer t", cookie: "a=1", "x-own": "1" };
    const same = await (await pool.client.fetch(redirect(pool.site.http, "/echo"), { headers })).json();
    assert.deepEqual([same.headers.authorization, same.headers.cookie], ["Bearer t", "a=1"]);
    const url = redirect(pool.site.http, `${other.http}/echo`);
    const { headers: seen } = await (await pool.client.fetch(url, { headers })).json();
    assert.deepEqual([seen.authorization, seen.cookie, seen["x-own"]], [undefined, undefined, "1"]);
  });

  test("not at all, or as an error, when told so", async () => {
    await using pool = await PoolOfProxies.start();
    const url = redirect(pool.site.http, "/ok");
    const manual = await pool.client.fetch(url, { redirect: "manual" });
    assert.deepEqual([manual.status, manual.headers.get("location"), manual.redirected], [302, "/ok", false]);
    await assert.rejects(pool.client.fetch(url, { redirect: "error" }), TypeError);
    assert.equal(pool.site.count("/ok"), 0);
    await using never = await PoolOfProxies.start({ client: { followRedirects: false } });
    assert.equal((await never.client.fetch(redirect(never.site.http, "/ok"))).status, 302);
  });

  test("as often as allowed, and no more", async () => {
    await using pool = await PoolOfProxies.start({ client: { maxRedirects: 3 } });
    const nested = (depth: number): string =>
      depth === 0 ? "/ok" : `/redirect?to=${encodeURIComponent(nested(depth - 1))}`;
    assert.equal((await pool.client.fetch(pool.site.http + nested(3))).status, 200);
    await assert.rejects(pool.client.fetch(pool.site.http + nested(4)), { message: "Too many redirects" });
    await pool.noSockets();
  });

  test("never to a private address, in no spelling", async () => {
    // Documentation addresses are public; the proxy leads every site to loopback.
    for (
      const to of [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::ffff:7f00:1]/",
        "http://127。0。0。1/",
        "//localhost/",
        "file:///etc/passwd",
      ]
    ) {
      await using pool = await PoolOfProxies.start({
        client: { allowPrivateTargets: false },
        proxies: [{ route: true }],
      });
      const url = redirect(`http://203.0.113.9:${new URL(pool.site.http).port}`, to);
      await assert.rejects(pool.client.fetch(url), { code: "TARGET_REFUSED" });
      assert.equal(pool.site.requests.length, 1);
      assert.equal(pool.rotator.getProxy(pool.ids[0]!)?.inFlight, 0);
    }
  });

  test("goes on with another proxy where the first one fails on the way", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}] });
    // The first loss is put down to an idle connection, and the same proxy tried again.
    let visits = 0;
    pool.site.refuse = (_exit, request) => {
      if (request.url?.includes("/json") && visits++ < 2) pool.proxies[0]?.sockets.destroyAll();
      return undefined;
    };
    const response = await pool.client.fetch(redirect(pool.site.http, "/json"));
    assert.equal(response.status, 200);
    assert.deepEqual(response.attempts.map(({ verdict }) => verdict), ["dead", "ok"]);
    assert.equal(pool.site.count("/redirect"), 1);
  });

  test("takes a redirect to a captcha for a refusal", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}] });
    const response = await pool.client.fetch(redirect(pool.site.http, "/captcha?from=shop"));
    assert.deepEqual([response.status, response.verdict, response.verdictRule], [
      302,
      "blocked",
      "captcha-redirect",
    ]);
    assert.equal(pool.site.count("/captcha"), 0);
  });
});
