import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NoProxyAvailableError } from "../../../src/core/mod.ts";
import { RequestFailedError } from "../../../src/net/request_failed.ts";
import type { Fault } from "../../support/faulty_proxy.ts";
import { PoolOfProxies } from "../../support/pool_of_proxies.ts";

const verdicts = ({ attempts }: { readonly attempts: readonly { verdict: string }[] }) =>
  attempts.map(({ verdict }) => verdict);

/** Waits between attempts are drawn from 0 on. */
const client = { retry: { baseDelayMs: 1 }, timeouts: { handshakeMs: 150, firstByteMs: 150 } };

describe("ProxyClient tries another proxy", () => {
  const before: readonly Fault[] = ["hang", "close", "reset", "auth", "bad_gateway", "garbage"];
  for (const fault of before) {
    test(`when one has the fault ${fault}, whatever the method, since nothing was sent`, async () => {
      await using pool = await PoolOfProxies.start({ proxies: [{ fault }, {}], client });
      const response = await pool.client.fetch(`${pool.site.https}/echo`, { method: "POST", body: "x" });
      assert.equal((await response.json()).body, "x");
      assert.deepEqual(verdicts(response), ["dead", "ok"]);
      assert.deepEqual(response.attempts.map(({ proxyId }) => proxyId), pool.ids);
      assert.deepEqual(response.attempts.map(({ isCommitted }) => isCommitted), [false, true]);
      assert.equal(pool.site.count("/echo"), 1);
      assert.equal(pool.rotator.getProxy(pool.ids[0]!)?.consecutiveFailures, 1);
    });
  }

  test("when nobody listens", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}] });
    await pool.proxies[0]?.stop();
    const response = await pool.client.fetch(`${pool.site.http}/ok`);
    assert.deepEqual(response.attempts.map(({ rule }) => rule), ["connection-refused", "status"]);
  });

  for (const fault of ["stall", "reset_after_request", "truncate"] as const) {
    test(`after ${fault}, when the request may be sent twice`, async () => {
      await using pool = await PoolOfProxies.start({
        proxies: [{ fault, truncateAfter: 5 }, {}],
        client,
      });
      const response = await pool.client.fetch(`${pool.site.http}/ok`, { tunnel: true });
      assert.equal(await response.text(), "ok");
      assert.deepEqual(verdicts(response), ["dead", "ok"]);
    });

    test(`after ${fault}, but never with a POST`, async () => {
      await using pool = await PoolOfProxies.start({
        proxies: [{ fault, truncateAfter: 5 }, {}],
        client,
      });
      const url = `${pool.site.http}/echo`;
      const error = await pool.client.fetch(url, { method: "POST", body: "x", tunnel: true }).catch((e) => e);
      assert.ok(error instanceof RequestFailedError, String(error));
      assert.deepEqual(error.attempts.map(({ isCommitted, verdict }) => [isCommitted, verdict]), [[
        true,
        "dead",
      ]]);
      assert.ok(pool.site.count("/echo") <= 1);
      assert.equal(pool.proxies[1]?.accepted, 0);
    });
  }

  test("unless a POST is said to be idempotent", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{ fault: "reset_after_request" }, {}], client });
    const response = await pool.client.fetch(`${pool.site.http}/echo`, {
      method: "POST",
      body: "x",
      tunnel: true,
      idempotent: true,
    });
    assert.deepEqual(verdicts(response), ["dead", "ok"]);
  });

  test("but not with a stream that was begun to be sent", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{ fault: "reset_after_request" }, {}], client });
    const body = new Blob(["x"]).stream();
    await assert.rejects(
      pool.client.fetch(`${pool.site.http}/echo`, { method: "PUT", body, tunnel: true }),
      RequestFailedError,
    );
    assert.equal(pool.proxies[1]?.accepted, 0);
  });

  test("and sends a stream whole when the first proxy never took it", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{ fault: "bad_gateway" }, {}], client });
    const body = new Blob(["whole"]).stream();
    const response = await pool.client.fetch(`${pool.site.https}/echo`, { method: "POST", body });
    assert.equal((await response.json()).body, "whole");
  });

  test("when the site refuses the exit, and hands the refusal on when all are refused", async () => {
    await using pool = await PoolOfProxies.start({
      proxies: [{ exit: "127.0.1.1" }, { exit: "127.0.1.2" }],
      client,
    });
    pool.site.refuse = (exit) => exit === "127.0.1.1" ? 403 : undefined;
    const response = await pool.client.fetch(`${pool.site.https}/ok`);
    assert.deepEqual(verdicts(response), ["blocked", "ok"]);
    const first = pool.rotator.getProxy(pool.ids[0]!);
    assert.deepEqual([first?.totalFailures, first?.status], [0, "unknown"]);
    pool.site.refuse = () => 403;
    const refused = await pool.client.fetch(`${pool.site.https}/ok`);
    assert.equal(refused.status, 403);
    assert.equal(await refused.text(), "refused");
    assert.equal(refused.verdict, "blocked");
    assert.equal(refused.verdictRule, "forbidden");
  });

  test("when the site refuses, but a POST only once", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}], client });
    pool.site.refuse = () => 429;
    const response = await pool.client.fetch(`${pool.site.https}/echo`, { method: "POST", body: "x" });
    assert.deepEqual([response.status, pool.site.count("/echo")], [429, 1]);
  });

  test("when the site breaks down for a moment, after a wait", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}], client });
    let times = 0;
    pool.site.refuse = () => times++ === 0 ? 503 : undefined;
    const response = await pool.client.fetch(`${pool.site.https}/ok`);
    assert.deepEqual(verdicts(response), ["target_error", "ok"]);
    pool.site.refuse = () => 500;
    const broken = await pool.client.fetch(`${pool.site.https}/ok`);
    assert.deepEqual([broken.status, ...verdicts(broken)], [500, "target_error"]);
  });

  test("each proxy once at most, within both budgets", async () => {
    const dead = { fault: "bad_gateway" } as const;
    await using pool = await PoolOfProxies.start({ proxies: [dead, dead, dead, dead, {}], client });
    const error = await pool.client.fetch(`${pool.site.https}/ok`).catch((e) => e);
    assert.ok(error instanceof RequestFailedError);
    assert.equal(error.code, "ALL_ATTEMPTS_FAILED");
    assert.match(error.message, /Every one of 3 attempts failed; the last one: Proxy refused the tunnel/);
    assert.equal(new Set(error.attempts.map(({ proxyId }) => proxyId)).size, 3);
    const response = await pool.client.fetch(`${pool.site.https}/ok`, { retry: { maxAttempts: 5 } });
    assert.equal(response.status, 200);
  });

  test("keeps the budgets for dead proxies and for refusals apart", async () => {
    const dead = { fault: "bad_gateway" } as const;
    const proxies = [dead, { exit: "127.0.1.1" }, dead, { exit: "127.0.1.2" }, {}];
    await using pool = await PoolOfProxies.start({ proxies, client });
    pool.site.refuse = (exit) => exit === "127.0.0.1" ? undefined : 403;
    const response = await pool.client.fetch(`${pool.site.https}/ok`);
    assert.deepEqual(verdicts(response), ["dead", "blocked", "dead", "blocked", "ok"]);
  });

  test("and hands a refusal on rather than the error that came after it", async () => {
    const dead = { fault: "bad_gateway" } as const;
    await using pool = await PoolOfProxies.start({
      proxies: [{ exit: "127.0.1.1" }, dead, dead, dead],
      client,
    });
    pool.site.refuse = () => 403;
    const response = await pool.client.fetch(`${pool.site.https}/ok`);
    assert.deepEqual([response.status, await response.text()], [403, "refused"]);
    assert.equal(response.proxyId, pool.ids[0]);
    assert.equal(response.attempts.length, 4);
  });

  test("says when there is none", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [] });
    await assert.rejects(pool.client.fetch(`${pool.site.http}/ok`), NoProxyAvailableError);
    await using one = await PoolOfProxies.start({ proxies: [{ fault: "close" }], client });
    await assert.rejects(one.client.fetch(`${one.site.http}/ok`), RequestFailedError);
    await assert.rejects(one.client.fetch(`${one.site.http}/ok`, { region: "DE" }), NoProxyAvailableError);
  });

  test("leaves nothing open and nothing in flight, whatever happens", async () => {
    const faults: readonly Fault[] = [
      "none",
      "hang",
      "close",
      "auth",
      "garbage",
      "stall",
      "truncate",
      "reset_after_request",
    ];
    await using pool = await PoolOfProxies.start({ proxies: faults.map((fault) => ({ fault })), client });
    const paths = [
      "/ok",
      "/html",
      "/large?bytes=100000",
      "/compressed",
      "/cut",
      "/reset",
      "/status?code=403",
      "/redirect",
    ];
    await Promise.all(Array.from({ length: 64 }, async (_, i) => {
      const root = i % 2 === 0 ? pool.site.http : pool.site.https;
      const url = root + paths[i % paths.length];
      const response = await pool.client.fetch(url, { timeoutMs: 1_000 }).catch(() => undefined);
      await response?.arrayBuffer().catch(() => undefined);
    }));
    await pool.noSockets();
    for (const proxy of pool.rotator.proxies()) assert.equal(proxy.inFlight, 0);
  });
});

describe("ProxyClient and certificates", () => {
  test("charges nobody when all proxies are shown a bad one", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{}, {}], client: { ...client, ca: [] } });
    const error = await pool.client.fetch(`${pool.site.https}/ok`).catch((e) => e);
    assert.ok(error instanceof RequestFailedError);
    assert.deepEqual(error.attempts.map(({ rule, verdict }) => [rule, verdict]), [
      ["certificate-invalid", "target_error"],
      ["certificate-invalid", "target_error"],
    ]);
    for (const proxy of pool.rotator.proxies()) assert.equal(proxy.totalFailures, 0);
  });

  test("charges the proxy that alone is shown a bad one", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{ fault: "intercept" }, {}], client });
    const response = await pool.client.fetch(`${pool.site.https}/ok`);
    assert.deepEqual(verdicts(response), ["target_error", "ok"]);
    const [first, second] = pool.ids.map((id) => pool.rotator.getProxy(id));
    assert.deepEqual([first?.totalFailures, second?.totalFailures], [1, 0]);
  });
});

describe("ProxyClient hedges", () => {
  test("and takes the answer that comes first", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{ fault: "hang" }, {}] });
    const response = await pool.client.fetch(`${pool.site.https}/ok`, { hedgeAfterMs: 30 });
    assert.equal(await response.text(), "ok");
    assert.equal(response.proxyId, pool.ids[1]);
    await pool.proxies[0]?.sockets.none();
    const first = pool.rotator.getProxy(pool.ids[0]!);
    assert.deepEqual([first?.inFlight, first?.totalFailures], [0, 0]);
  });

  test("only what may be sent twice", async () => {
    await using pool = await PoolOfProxies.start({ proxies: [{ fault: "stall" }, {}], client });
    const init = { method: "POST", body: "x", hedgeAfterMs: 10, tunnel: true };
    await assert.rejects(pool.client.fetch(`${pool.site.http}/echo`, init), RequestFailedError);
    assert.equal(pool.proxies[1]?.accepted, 0);
  });
});

describe("ProxyClient.check()", () => {
  test("tries the one proxy that was named", async () => {
    await using pool = await PoolOfProxies.start({
      proxies: [{ exit: "127.0.1.1" }, { fault: "close" }, {}],
    });
    pool.site.refuse = (exit) => exit === "127.0.1.1" ? 403 : undefined;
    const checks = await Promise.all(pool.ids.map((id) => pool.client.check(id, `${pool.site.https}/ok`)));
    assert.deepEqual(checks.map(({ verdict, statusCode }) => [verdict, statusCode]), [
      ["blocked", 403],
      ["dead", null],
      ["ok", 200],
    ]);
    assert.deepEqual(pool.ids.map((id) => pool.rotator.getProxy(id)?.status), [
      "unknown",
      "degraded",
      "healthy",
    ]);
    await assert.rejects(pool.client.check("nobody", `${pool.site.https}/ok`), { code: "PROXY_NOT_FOUND" });
    await pool.noSockets();
  });
});
