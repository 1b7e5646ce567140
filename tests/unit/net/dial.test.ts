import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { parseProxyUrl, type Protocol, PROTOCOLS } from "../../../src/core/mod.ts";
import { dial } from "../../../src/net/dial.ts";
import { NetError } from "../../../src/net/errors.ts";
import { requestThrough } from "../../../src/net/http_request.ts";
import { TlsLayer } from "../../../src/net/tls_layer.ts";
import { type Fault, FaultyProxy, type FaultyProxyOptions } from "../../support/faulty_proxy.ts";
import { Site } from "../../support/site.ts";

let site: Site;
let tls: TlsLayer;

before(async () => {
  site = await Site.start();
  tls = new TlsLayer({ ca: site.ca });
});
after(() => site[Symbol.asyncDispose]());

function startProxy(protocol: Protocol, options: FaultyProxyOptions = {}): Promise<FaultyProxy> {
  return FaultyProxy.start({ ...options, isTls: protocol === "https" });
}

function get(proxyUrl: string, url: string, options: { signal?: AbortSignal; timeoutMs?: number } = {}) {
  return requestThrough(parseProxyUrl(proxyUrl), url, {
    tls,
    allowPrivate: true,
    timeoutMs: 5_000,
    ...options,
  });
}

const text = (body: Uint8Array) => new TextDecoder().decode(body);

describe("dial() reaches a site", () => {
  for (const protocol of PROTOCOLS) {
    for (const credentials of [undefined, "us%40er:p%3Aw%20%C3%A9"]) {
      test(`${protocol}, ${credentials === undefined ? "open" : "with credentials"}`, async () => {
        await using proxy = await startProxy(protocol, credentials === undefined ? {} : { credentials });
        for (const root of [site.http, site.https]) {
          const { status, body } = await get(proxy.url(protocol), `${root}/ok`);
          assert.deepEqual([status, text(body)], [200, "ok"]);
        }
        await proxy.sockets.none();
      });
    }
  }

  test("asks an HTTP proxy for plain pages in absolute form, or for a tunnel if wanted", async () => {
    await using proxy = await startProxy("http");
    const options = { tls, allowPrivate: true };
    await requestThrough(parseProxyUrl(proxy.url("http")), `${site.http}/ok`, options);
    await requestThrough(parseProxyUrl(proxy.url("http")), `${site.http}/ok`, { ...options, tunnel: true });
    assert.deepEqual(proxy.handshakes.map(({ kind }) => kind), ["absolute", "connect"]);
  });

  test("lets socks4a, socks5h and HTTP proxies look names up, and looks them up itself for socks4 and socks5", async () => {
    await using proxy = await startProxy("http");
    const port = new URL(site.http).port;
    for (const protocol of ["socks4", "socks4a", "socks5", "socks5h", "http"] as const) {
      await get(proxy.url(protocol), `http://localhost:${port}/ok`);
    }
    const hosts = proxy.handshakes.map(({ host }) => host === "localhost" ? "name" : "address");
    assert.deepEqual(hosts, ["address", "name", "address", "name", "name"]);
  });

  test("sends an IPv6 address as an address", async () => {
    await using proxy = await startProxy("http", { fault: "bad_gateway" });
    for (const protocol of ["socks5", "socks5h", "http"] as const) {
      await assert.rejects(get(proxy.url(protocol), "https://[2001:db8::1]:8443/"), {
        code: "PROXY_REFUSED",
      });
    }
    assert.deepEqual(proxy.handshakes.map(({ host, port }) => [host, port]), [
      ["2001:db8:0:0:0:0:0:1", 8443],
      ["2001:db8:0:0:0:0:0:1", 8443],
      ["2001:db8::1", 8443],
    ]);
  });

  test("socks4 and socks4a say that they cannot reach an IPv6 address", async () => {
    await using proxy = await startProxy("http");
    for (const protocol of ["socks4", "socks4a"]) {
      await assert.rejects(get(proxy.url(protocol), "https://[2001:db8::1]/"), {
        code: "NAME_NOT_FOUND",
        side: "target",
      });
    }
    assert.equal(proxy.accepted, 0);
  });
});

describe("dial() says who failed, and leaves no socket behind", () => {
  const failures: readonly (readonly [Fault, Protocol, string, string])[] = [
    ["close", "http", "CONNECTION_CLOSED", "proxy_handshake"],
    ["close", "socks4", "CONNECTION_CLOSED", "proxy_handshake"],
    ["close", "socks5", "CONNECTION_CLOSED", "proxy_handshake"],
    ["auth", "http", "PROXY_AUTH_REQUIRED", "proxy_handshake"],
    ["auth", "https", "PROXY_AUTH_REQUIRED", "proxy_handshake"],
    ["auth", "socks4", "PROXY_AUTH_REQUIRED", "proxy_handshake"],
    ["auth", "socks5", "PROXY_AUTH_REQUIRED", "proxy_handshake"],
    ["bad_gateway", "http", "PROXY_REFUSED", "proxy_handshake"],
    ["bad_gateway", "socks4", "PROXY_REFUSED", "proxy_handshake"],
    ["bad_gateway", "socks5", "PROXY_REFUSED", "proxy_handshake"],
    ["garbage", "http", "PROTOCOL_ERROR", "proxy_handshake"],
    ["garbage", "socks5", "PROTOCOL_ERROR", "proxy_handshake"],
    ["huge_header", "http", "TOO_LARGE", "proxy_handshake"],
    ["hang", "http", "TIMED_OUT", "proxy_handshake"],
    ["hang", "socks4a", "TIMED_OUT", "proxy_handshake"],
    ["hang", "socks5h", "TIMED_OUT", "proxy_handshake"],
    ["drip", "http", "TIMED_OUT", "proxy_handshake"],
    ["stall", "http", "TIMED_OUT", "target_tls"],
    ["stall", "socks5", "TIMED_OUT", "target_tls"],
  ];
  for (const [fault, protocol, code, phase] of failures) {
    test(`${fault} of ${protocol} is ${code} in ${phase}`, async () => {
      await using proxy = await startProxy(protocol, { fault });
      const timeouts = { handshakeMs: 100, tlsMs: fault === "stall" ? 100 : 5_000 };
      const target = { host: "localhost", port: Number(new URL(site.https).port), isTls: true };
      const error = await dial(parseProxyUrl(proxy.url(protocol)), target, {
        tls,
        allowPrivate: true,
        timeouts,
      })
        .then(() => undefined, (error: unknown) => error);
      assert.ok(error instanceof NetError, String(error));
      assert.deepEqual([error.code, error.phase, error.side], [code, phase, "proxy"]);
      await proxy.sockets.none();
    });
  }

  test("a reset is told from an orderly end", async () => {
    await using proxy = await startProxy("http", { fault: "reset" });
    await assert.rejects(get(proxy.url("http"), `${site.https}/ok`), (error: NetError) => {
      assert.match(error.code, /^CONNECTION_(RESET|CLOSED)$/);
      assert.equal(error.side, "proxy");
      return true;
    });
    await proxy.sockets.none();
  });

  test("a port where nobody listens refuses the connection", async () => {
    const proxy = await startProxy("http");
    await proxy.stop();
    await assert.rejects(get(proxy.url("http"), `${site.http}/ok`), {
      name: "NetError",
      code: "CONNECTION_REFUSED",
      phase: "connect",
      side: "proxy",
    });
  });

  test("a proxy whose name does not exist is told from a site whose name does not", async () => {
    const url = "https://nowhere.invalid/";
    await assert.rejects(get("http://proxy.invalid:8080", `${site.https}/ok`), {
      code: "NAME_NOT_FOUND",
      side: "proxy",
    });
    await using proxy = await startProxy("http");
    await assert.rejects(get(proxy.url("socks5"), url), { code: "NAME_NOT_FOUND", side: "target" });
  });

  test("a certificate that is not trusted is the site's or the proxy's, by phase", async () => {
    await using plain = await startProxy("http");
    await using secure = await startProxy("https");
    const options = { allowPrivate: true, timeoutMs: 5_000 };
    await assert.rejects(requestThrough(parseProxyUrl(plain.url("http")), `${site.https}/ok`, options), {
      code: "CERTIFICATE_INVALID",
      phase: "target_tls",
      side: "target",
    });
    await assert.rejects(requestThrough(parseProxyUrl(secure.url("https")), `${site.http}/ok`, options), {
      code: "CERTIFICATE_INVALID",
      phase: "proxy_tls",
      side: "proxy",
    });
    await plain.sockets.none();
    await secure.sockets.none();
  });

  test("a certificate for another name is refused, unless nothing is checked", async () => {
    await using proxy = await startProxy("http");
    const url = `https://other.example.test:${new URL(site.https).port}/ok`;
    await assert.rejects(get(proxy.url("http"), url), { code: "CERTIFICATE_INVALID", side: "target" });
    const lax = { tls: new TlsLayer({ verify: false }), allowPrivate: true };
    const { status } = await requestThrough(parseProxyUrl(proxy.url("http")), url, lax);
    assert.equal(status, 200);
  });

  test("no message holds a credential", async () => {
    await using proxy = await startProxy("http", { fault: "auth", credentials: "alice:s3cret" });
    for (const protocol of ["http", "socks5", "socks4"]) {
      const error = await get(proxy.url(protocol), `${site.https}/ok`).catch((error: unknown) => error);
      assert.ok(error instanceof NetError);
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /s3cret|YWxpY2U|alice/);
    }
  });
});

describe("dial() can be cancelled", () => {
  for (
    const [stage, fault, root] of [
      ["in the handshake", "hang", "https"],
      ["in TLS with the site", "stall", "https"],
      ["while waiting for the answer", "stall", "http"],
    ] as const
  ) {
    test(stage, async () => {
      await using proxy = await startProxy("socks5h", { fault });
      const controller = new AbortController();
      const reason = new Error("no longer wanted");
      const pending = get(proxy.url("socks5h"), `${site[root]}/ok`, { signal: controller.signal });
      const accepted = () => fault === "hang" ? proxy.accepted > 0 : proxy.handshakes.length > 0;
      while (!accepted()) await new Promise((resolve) => setTimeout(resolve, 1));
      controller.abort(reason);
      await assert.rejects(pending, reason);
      await proxy.sockets.none();
    });
  }

  test("before it begins", async () => {
    await using proxy = await startProxy("http");
    const reason = new Error("no longer wanted");
    await assert.rejects(
      get(proxy.url("http"), `${site.http}/ok`, { signal: AbortSignal.abort(reason) }),
      reason,
    );
    assert.equal(proxy.accepted, 0);
  });

  test("while the body comes", async () => {
    await using proxy = await startProxy("http");
    const controller = new AbortController();
    const pending = get(proxy.url("http"), `${site.http}/stall`, { signal: controller.signal });
    while (site.count("/stall") === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    controller.abort();
    await assert.rejects(pending, { name: "AbortError" });
    await proxy.sockets.none();
  });
});
