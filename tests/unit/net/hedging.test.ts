import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DEFAULT_SETTINGS } from "../../../gen/settings.ts";
import { clientOptionsFrom, RequestFailedError } from "../../../src/net/mod.ts";
import { PoolOfProxies } from "../../support/pool_of_proxies.ts";

const hedged = clientOptionsFrom({
  ...DEFAULT_SETTINGS,
  retryPolicy: { ...DEFAULT_SETTINGS.retryPolicy, hedgeAfterS: 0.03 },
});
const client = { hedgeAfterMs: hedged.hedgeAfterMs ?? NaN };

describe("Hedging", () => {
  test("is off unless the settings or the request want it", async () => {
    assert.equal(clientOptionsFrom(DEFAULT_SETTINGS).hedgeAfterMs, undefined);
    assert.equal(hedged.hedgeAfterMs, 30);
    await using pool = await PoolOfProxies.start({
      proxies: [{ fault: "stall" }, {}],
      client: { timeouts: { firstByteMs: 1000 } }, // a busy machine may need some hundred
    });
    const response = await pool.client.fetch(`${pool.site.http}/ok`, { tunnel: true });
    assert.deepEqual(
      response.attempts.map(({ rule }) => rule),
      ["timed-out", "status"],
      "one after the other",
    );
  });

  test("is switched on by the settings, ends the slower attempt at once and leaves no socket", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{ fault: "stall" }, {}], client });
    const response = await pool.client.fetch(`${pool.site.https}/ok`);
    assert.equal(await response.text(), "ok");
    assert.equal(response.proxyId, pool.ids[1]);
    await pool.proxies[0]?.sockets.none();
    const [first, second] = pool.ids.map((id) => pool.rotator.getProxy(id));
    assert.deepEqual([first?.inFlight, first?.totalFailures, second?.inFlight], [0, 0, 0]);
    assert.equal(pool.client.openConnections, 1, "only the one that answered is kept");
    await pool.noSockets();
  });

  test("names the attempt that was given up, and holds it against nobody", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{ fault: "stall" }, {}], client });
    const response = await pool.client.fetch(`${pool.site.https}/ok`);
    assert.deepEqual(response.attempts.map(({ proxyId, rule, verdict }) => [proxyId, verdict, rule]), [
      [pool.ids[1], "ok", "status"],
      [pool.ids[0], "aborted", "hedged"],
    ]);
    assert.equal(pool.rotator.getProxy(pool.ids[0]!)?.status, "unknown");
  });

  test("asks only one more, however slow both are", async () => {
    await using pool = await PoolOfProxies.start({
      proxies: [{ fault: "stall" }, { fault: "stall" }, {}],
      client: { ...client, retry: { maxAttempts: 1 } },
    });
    await assert.rejects(
      pool.client.fetch(`${pool.site.http}/ok`, { tunnel: true, timeoutMs: 300 }),
      RequestFailedError,
    );
    assert.deepEqual(pool.proxies.map(({ accepted }) => accepted), [1, 1, 0]);
    await Promise.all(pool.proxies.map(({ sockets }) => sockets.none()));
  });

  test("never sends a POST, or a stream, twice", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}], client });
    const { site } = pool;
    const url = `${site.http}/slow?ms=120`;
    const bodies = [
      { method: "POST", body: "x" },
      { method: "PATCH", body: "x" },
      { method: "PUT", body: new Blob(["y"]).stream() },
    ];
    for (const init of bodies) {
      const response = await pool.client.fetch(url, { ...init, tunnel: true });
      assert.equal(await response.text(), "ok");
      assert.equal(response.attempts.length, 1);
      assert.equal(site.count("/slow", init.method), 1, init.method);
    }
    await (await pool.client.fetch(url, { tunnel: true })).text();
    assert.equal(site.count("/slow", "GET"), 2, "what may be sent twice is");
  });

  test("ends both attempts when the caller gives up", async () => {
    await using pool = await PoolOfProxies.start({
      proxies: [{ fault: "stall" }, { fault: "stall" }],
      client,
    });
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const pending = pool.client.fetch(`${pool.site.http}/ok`, { tunnel: true, signal: controller.signal });
    while (pool.proxies.some(({ handshakes }) => handshakes.length === 0)) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    controller.abort(reason);
    await assert.rejects(pending, reason);
    await Promise.all(pool.proxies.map(({ sockets }) => sockets.none()));
    for (const proxy of pool.rotator.proxies()) {
      assert.deepEqual([proxy.inFlight, proxy.totalFailures], [0, 0]);
    }
  });
});
