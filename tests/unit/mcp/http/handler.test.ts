/** What stands between the network and MCP. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FakeService } from "../fake_service.ts";
import { FakeTimer } from "../fake_timer.ts";
import { ERAS } from "../wire.ts";
import { events, HttpWire, nextMessage } from "./http_wire.ts";

const HEALTH = "proxy://health";

for (const era of ERAS) {
  describe(`createMcpHttpHandler(), ${era} era`, () => {
    /** A client that has opened a session where there are sessions. */
    async function connect(wire: HttpWire) {
      return { era, ...(era === "legacy" ? { session: await wire.open() } : {}) };
    }

    test("lists and calls, and tells the service that the call came over HTTP", async () => {
      const service = new FakeService();
      const wire = new HttpWire(service);
      const options = await connect(wire);
      assert.equal((await wire.ask("tools/list", {}, options)).result.tools.length, 1);
      assert.deepEqual((await wire.call({ action: "list" }, options)).echo, { action: "list" });
      const { context } = service.calls[0]!;
      assert.deepEqual([context.origin, context.authorized], ["http", false]);
      assert.deepEqual(wire.errors, []);
    });

    test("reads resources, and says which there are not", async () => {
      const wire = new HttpWire(new FakeService());
      const options = await connect(wire);
      const { result } = await wire.ask("resources/read", { uri: HEALTH }, options);
      assert.deepEqual(JSON.parse(result.contents[0].text), { uri: HEALTH });
      assert.ok((await wire.ask("resources/read", { uri: "proxy://nope" }, options)).error.code < 0);
    });

    test("survives messages that are none", async () => {
      const wire = new HttpWire(new FakeService());
      const options = await connect(wire);
      const deep = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":${"[".repeat(100_000)}${
        "]".repeat(100_000)
      }}}`;
      const junk = [null, 7, "x", [], {}, [[]], { jsonrpc: "2.0" }, {
        jsonrpc: "1.0",
        id: 1,
        method: "ping",
      }];
      for (const body of [...junk.map((value) => JSON.stringify(value)), deep, "{", ""]) {
        const response = await wire.post(body, { session: options.session ?? null });
        const answer = `${response.status} ${await response.text()} to ${body.slice(0, 40)}`;
        assert.ok(/^4\d\d /.test(answer) || answer.includes('"error"'), answer);
      }
      assert.equal((await wire.ask("tools/list", {}, options)).result.tools.length, 1);
    });
  });
}

test("createMcpHttpHandler() tells listeners of the modern era of changes", async () => {
  const service = new FakeService();
  const wire = new HttpWire(service, { timer: new FakeTimer() });
  const notifications = { resourceSubscriptions: [HEALTH] };
  const stream = events(await wire.send("subscriptions/listen", { notifications }, { era: "modern" }));
  assert.equal((await nextMessage(stream)).method, "notifications/subscriptions/acknowledged");
  service.change(HEALTH);
  const { method, params } = await nextMessage(stream);
  assert.deepEqual([method, params.uri], ["notifications/resources/updated", HEALTH]);
  await wire.handler.close();
  assert.ok("result" in await nextMessage(stream), "the end is told");
});

test("createMcpHttpHandler() aborts a modern call whose client goes", async () => {
  const service = new FakeService();
  const wire = new HttpWire(service);
  const controller = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    service.answer = (_input, { signal }) => {
      const result = new Promise<{ ok: true; value: object }>((answer) =>
        signal!.addEventListener("abort", () => {
          answer({ ok: true, value: {} });
          resolve();
        })
      );
      controller.abort();
      return result;
    };
  });
  const params = { name: "proxywhirl", arguments: { action: "list" } };
  await wire.send("tools/call", params, { era: "modern", signal: controller.signal }).catch(() => {});
  await aborted;
});

test("createMcpHttpHandler() knows its paths and methods", async () => {
  const wire = new HttpWire(new FakeService());
  const status = async (path: string, method: string) => (await wire.fetch(path, { method })).status;
  for (const path of ["/", "/mcp/", "/MCP", "/sse", "/messages", "/metrics", "//mcp", "/mcp%2f"]) {
    assert.equal(await status(path, "POST"), 404, path);
  }
  for (const method of ["PUT", "PATCH", "OPTIONS", "HEAD"]) {
    const response = await wire.fetch("/mcp", { method });
    assert.deepEqual([response.status, response.headers.get("allow")], [405, "GET, POST, DELETE"], method);
  }
  assert.equal(await status("/healthz", "POST"), 405);
});

test("createMcpHttpHandler() answers /healthz for everybody, without a secret", async () => {
  const service = Object.assign(new FakeService(), { requiresKey: true, acceptsKey: () => false });
  const wire = new HttpWire(service);
  const response = await wire.fetch("/healthz", { headers: { host: "balancer.example" } });
  assert.deepEqual([response.status, await response.json()], [200, { status: "ok", version: "1.2.3" }]);
  await wire.handler.close();
  assert.equal((await wire.fetch("/healthz")).status, 503);
});

test("createMcpHttpHandler() checks Host and Origin before anything else", async () => {
  const wire = new HttpWire(new FakeService());
  for (const headers of [{ host: "evil.example" }, { origin: "https://evil.example" }]) {
    assert.equal((await wire.send("tools/list", {}, { era: "modern", headers })).status, 403);
    assert.equal((await wire.fetch("/nowhere", { headers })).status, 403);
  }
});

test("createMcpHttpHandler() refuses bodies that are too long, and media types that are not JSON", async () => {
  const wire = new HttpWire(new FakeService(), { maxBodyBytes: 10_000 });
  const long = { name: "proxywhirl", arguments: { action: "list", pad: "x".repeat(10_000) } };
  for (const era of ERAS) assert.equal((await wire.send("tools/call", long, { era })).status, 413);
  const headers = { "content-type": "text/plain" };
  for (const era of ERAS) assert.equal((await wire.send("tools/list", {}, { era, headers })).status, 415);
});

test("createMcpHttpHandler() limits the rate of an address, and says how long to wait", async () => {
  const timer = new FakeTimer();
  const wire = new HttpWire(new FakeService(), { timer, rateLimit: "1/s" });
  const ask = (address: string) => wire.fetch("/healthz", {}, address);
  for (let i = 0; i < 20; i++) assert.equal((await ask("192.0.2.1")).status, 200);
  const refused = await ask("192.0.2.1");
  assert.deepEqual([refused.status, refused.headers.get("retry-after")], [429, "1"]);
  assert.equal((await ask("192.0.2.2")).status, 200);
  timer.advance(1000);
  assert.equal((await ask("192.0.2.1")).status, 200);
});

test("createMcpHttpHandler() limits the rate by itself unless it listens on loopback", async () => {
  const refusals = async (hostname: string) => {
    const wire = new HttpWire(new FakeService(), { hostname, timer: new FakeTimer() });
    let count = 0;
    for (let i = 0; i < 250; i++) if ((await wire.fetch("/healthz")).status === 429) count++;
    return count;
  };
  assert.equal(await refusals("127.0.0.1"), 0);
  assert.equal(await refusals("0.0.0.0"), 50);
});

test("createMcpHttpHandler() bounds the requests that are open", async () => {
  const service = new FakeService();
  const wire = new HttpWire(service, { maxOpenRequests: 3 });
  const listen = () =>
    wire.send("subscriptions/listen", { notifications: { resourceSubscriptions: [HEALTH] } }, {
      era: "modern",
    });
  const streams = await Promise.all([listen(), listen(), listen()]);
  assert.equal((await listen()).status, 503);
  assert.equal((await wire.fetch("/healthz")).status, 200);
  await streams[0]!.body!.cancel();
  assert.equal((await listen()).status, 200);
});

test("close() waits for calls, ends streams, and refuses what comes later", async () => {
  const service = new FakeService();
  const wire = new HttpWire(service);
  const finish: (() => void)[] = [];
  let arrive: () => void;
  const arrived = new Promise<void>((resolve) => arrive = resolve);
  service.answer = () =>
    new Promise((resolve) => {
      finish.push(() => resolve({ ok: true, value: { done: true } }));
      if (finish.length === 2) arrive();
    });
  const session = await wire.open();
  const quiet = events(await wire.listen(session));
  const calls = [
    wire.call({ action: "list" }, { session }),
    wire.call({ action: "list" }, { era: "modern" }),
  ];
  await arrived;
  const closed = wire.handler.close();
  assert.equal((await wire.send("tools/list", {}, { era: "modern" })).status, 503);
  for (const answer of finish) answer();
  for (const call of calls) assert.deepEqual(await call, { done: true });
  await closed;
  assert.equal((await quiet.next()).done, true);
  assert.equal(wire.handler.openSessions, 0);
  assert.equal(service.listeners.size, 0);
});

test("close() aborts the calls that take longer than it may wait", async () => {
  const service = new FakeService();
  const wire = new HttpWire(service);
  const signals: AbortSignal[] = [];
  let arrive: () => void;
  const arrived = new Promise<void>((resolve) => arrive = resolve);
  service.answer = (_input, { signal }) => {
    signals.push(signal!);
    if (signals.length === 2) arrive();
    return new Promise(() => {});
  };
  const session = await wire.open();
  const params = { name: "proxywhirl", arguments: { action: "list" } };
  void wire.send("tools/call", params, { session });
  void wire.send("tools/call", params, { era: "modern" }).catch(() => {});
  await arrived;
  await wire.handler.close(10);
  assert.deepEqual(signals.map(({ aborted }) => aborted), [true, true]);
});
