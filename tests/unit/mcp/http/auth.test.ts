/** Keys over HTTP. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeWorld } from "../../service/support.ts";
import { ERAS } from "../wire.ts";
import { HttpWire } from "./http_wire.ts";

const KEY = "correct-horse-battery-staple";

function keyed() {
  const { service } = makeWorld({ settings: { apiKey: KEY } });
  return { service, wire: new HttpWire(service) };
}

for (const era of ERAS) {
  describe(`with a key configured, ${era} era`, () => {
    async function connect(wire: HttpWire, headers: Record<string, string> = {}) {
      return { era, headers, ...(era === "legacy" ? { session: await wire.open({ headers }) } : {}) };
    }

    test("a header opens everything", async () => {
      const { wire } = keyed();
      for (
        const headers of [{ "x-api-key": KEY }, { authorization: `Bearer ${KEY}` }, {
          authorization: `bearer  ${KEY}`,
        }]
      ) {
        const options = await connect(wire, headers as Record<string, string>);

        assert.equal((await wire.call({ action: "list" }, options)).total, 0);
        const { result } = await wire.ask("resources/read", { uri: "proxy://config" }, options);
        assert.ok(!JSON.stringify(result).includes(KEY));
      }
    });

    test("strangers see lists and health, and may show the key as an argument", async () => {
      const { wire } = keyed();
      const options = await connect(wire);
      assert.equal((await wire.ask("tools/list", {}, options)).result.tools.length, 1);
      assert.equal((await wire.call({ action: "health" }, options)).pool_status, "empty");
      const refused = await wire.call({ action: "list" }, options);
      assert.deepEqual([refused.code, refused.error], [401, "Authentication failed: Invalid API key"]);
      assert.equal((await wire.call({ action: "list", api_key: "wrong" }, options)).code, 401);
      assert.equal((await wire.call({ action: "list", api_key: KEY }, options)).total, 0);
      const read = (uri: string) => wire.ask("resources/read", { uri }, options);
      assert.ok("result" in await read("proxy://health"));
      assert.equal((await read("proxy://config")).error.data.code, 401);
    });
  });
}

test("a wrong key is refused at once, whatever is asked for", async () => {
  const { wire } = keyed();
  const wrong = ["x", KEY.slice(0, -1), `${KEY}x`, KEY.toUpperCase(), "é".repeat(100), "x".repeat(8000)];
  for (const key of wrong) {
    const headers = { "x-api-key": key.replace(/[^\x20-\x7e]/g, "?") };
    const response = await wire.send("tools/list", {}, { era: "modern", headers });
    assert.equal(response.status, 401);
    assert.match(response.headers.get("www-authenticate") ?? "", /^Bearer error="invalid_token"/);
    assert.ok(!(await response.text()).includes(headers["x-api-key"].slice(0, 30)) || key.length < 3);
  }
  const basic = { authorization: "Basic dXNlcjpwYXNz" };
  assert.equal((await wire.initialize({ headers: basic })).status, 401);
  assert.equal(wire.handler.openSessions, 0);
});

test("without a key configured any header is as good as none", async () => {
  const wire = new HttpWire(makeWorld().service);
  for (const headers of [{ "x-api-key": "any" }, { authorization: "Bearer any" }]) {
    const options = { era: "modern", headers: headers as Record<string, string> } as const;
    assert.equal((await wire.call({ action: "list" }, options)).total, 0);
  }
});

test("figures for monitoring need the key", async () => {
  const { wire } = keyed();
  const response = await wire.fetch("/metrics");
  assert.deepEqual([response.status, response.headers.get("www-authenticate")], [
    401,
    'Bearer realm="proxywhirl"',
  ]);
  const known = await wire.fetch("/metrics", { headers: { "x-api-key": KEY } });
  assert.equal(known.status, 200);
  assert.match(known.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  assert.match(await known.text(), /^# HELP proxywhirl_/);
  const open = new HttpWire(makeWorld().service);
  assert.equal((await open.fetch("/metrics")).status, 200);
});

test("strangers may listen to nothing but the pool's health", async () => {
  const { wire } = keyed();
  const listen = async (...uris: string[]) => {
    const params = { notifications: { resourceSubscriptions: uris } };
    const response = await wire.send("subscriptions/listen", params, { era: "modern" });
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await listen("proxy://health"), 200);
  assert.equal(await listen("proxy://health", "proxy://config"), 401);
  const session = await wire.open();
  assert.ok("error" in await wire.ask("resources/subscribe", { uri: "proxy://config" }, { session }));
  assert.ok("result" in await wire.ask("resources/subscribe", { uri: "proxy://health" }, { session }));
});

test("strangers leave room for those who have the key", async () => {
  const { service } = makeWorld({ settings: { apiKey: KEY } });
  const wire = new HttpWire(service, { maxOpenRequests: 4 });
  const listen = async (headers: Record<string, string> = {}) => {
    const params = { notifications: { resourceSubscriptions: ["proxy://health"] } };
    return (await wire.send("subscriptions/listen", params, { era: "modern", headers })).status;
  };
  assert.deepEqual([await listen(), await listen(), await listen()], [200, 200, 503]);
  const known = { "x-api-key": KEY };
  assert.deepEqual([await listen(known), await listen(known), await listen(known)], [200, 200, 503]);
  await wire.handler.close();
});

test("a key that is taken away while the server runs no longer opens anything", async () => {
  const { service, wire } = keyed();
  const { MCPAuth } = await import("../../../../src/service/mod.ts");
  const known = { era: "modern", headers: { "x-api-key": KEY } } as const;
  assert.equal((await wire.send("tools/list", {}, known)).status, 200);
  service.setAuth(new MCPAuth({ apiKey: "another" }));
  assert.equal((await wire.send("tools/list", {}, known)).status, 401);
});
