/** The transport of 2024: a stream at /sse, posts to /messages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { McpService } from "../../../../src/mcp/mcp_service.ts";
import type { McpHttpOptions } from "../../../../src/mcp/http/handler.ts";
import { makeWorld } from "../../service/support.ts";
import { FakeService } from "../fake_service.ts";
import { FakeTimer } from "../fake_timer.ts";
import type { Wire } from "../wire.ts";
import { events, HttpWire, nextMessage, type StreamEvent } from "./http_wire.ts";

/** A client of 2024. */
class SseClient {
  readonly wire: HttpWire;
  readonly stream: AsyncGenerator<StreamEvent>;
  readonly path: string;
  readonly #headers: Record<string, string>;

  private constructor(
    wire: HttpWire,
    stream: AsyncGenerator<StreamEvent>,
    path: string,
    headers: Record<string, string>,
  ) {
    this.wire = wire;
    this.stream = stream;
    this.path = path;
    this.#headers = headers;
  }

  static async open(wire: HttpWire, headers: Record<string, string> = {}): Promise<SseClient> {
    const stream = events(await wire.fetch("/sse", { headers: { accept: "text/event-stream", ...headers } }));
    const { value } = await stream.next();
    assert.equal(value?.event, "endpoint");
    const client = new SseClient(wire, stream, value.data, headers);
    const clientInfo = { name: "old", version: "1" };
    const params = { protocolVersion: "2024-11-05", capabilities: {}, clientInfo };
    const { result } = await client.ask("initialize", params);
    assert.equal(result.protocolVersion, "2024-11-05");
    await client.post({ jsonrpc: "2.0", method: "notifications/initialized" });
    return client;
  }

  post(message: unknown): Promise<Response> {
    return this.wire.post(message, { path: this.path, headers: this.#headers });
  }

  /** Sends a request and resolves with the next message of the stream. */
  async ask(method: string, params: Record<string, unknown> = {}): Promise<Wire> {
    const response = await this.post({ jsonrpc: "2.0", id: method, method, params });
    assert.equal(response.status, 202, await response.text());
    return await nextMessage(this.stream);
  }
}

function wireFor(service: McpService, options: McpHttpOptions = {}): HttpWire {
  return new HttpWire(service, { sse: true, ...options });
}

const call = { name: "proxywhirl", arguments: { action: "list" } };

test("a client of 2024 gets its address, and its answers on the stream", async () => {
  const service = new FakeService();
  const wire = wireFor(service);
  const client = await SseClient.open(wire);
  assert.match(client.path, /^\/messages\?sessionId=[0-9a-f]{48}$/);
  assert.equal((await client.ask("tools/list")).result.tools.length, 1);
  assert.deepEqual((await client.ask("tools/call", call)).result.structuredContent, { echo: call.arguments });
  assert.equal(service.calls[0]!.context.origin, "http");
  assert.equal(wire.handler.openSessions, 1);
  await client.stream.return(undefined);
  assert.equal(wire.handler.openSessions, 0, "the session ends with its stream");
  assert.equal((await client.post({ jsonrpc: "2.0", id: 1, method: "ping" })).status, 404);
});

test("clients of 2025 and 2026 are served beside those of 2024", async () => {
  const wire = wireFor(new FakeService());
  await wire.open();
  assert.equal((await wire.send("tools/list", {}, { era: "modern" })).status, 200);
});

test("a client of 2024 hears of progress and of changes, and can cancel", async () => {
  const service = new FakeService();
  const client = await SseClient.open(wireFor(service, { timer: new FakeTimer() }));
  await client.ask("resources/subscribe", { uri: "proxy://health" });
  service.change("proxy://health");
  assert.equal((await nextMessage(client.stream)).method, "notifications/resources/updated");

  const aborted = new Promise<void>((resolve) => {
    service.answer = (_input, { signal, progress }) => {
      progress?.({ progress: 1 });
      return new Promise((answer) =>
        signal!.addEventListener("abort", () => {
          answer({ ok: true, value: {} });
          resolve();
        })
      );
    };
  });
  await client.post({
    jsonrpc: "2.0",
    id: 9,
    method: "tools/call",
    params: { ...call, _meta: { progressToken: 1 } },
  });
  assert.equal((await nextMessage(client.stream)).method, "notifications/progress");
  await client.post({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 9 } });
  await aborted;
  await client.wire.handler.close(60_000); // a cancelled call is not waited for
});

test("posts that are no message, or for nobody, are refused", async () => {
  const wire = wireFor(new FakeService());
  const client = await SseClient.open(wire);
  for (const body of ["{", "", "7", "null", "[]", "{}", '{"jsonrpc":"1.0","id":1,"method":"ping"}']) {
    assert.equal((await client.post(body)).status, 400, body);
  }
  for (const path of ["/messages", "/messages?sessionId=", "/messages?sessionId=x"]) {
    assert.equal((await wire.send("ping", {}, { path })).status, 404, path);
  }
  assert.equal((await wire.fetch("/messages")).status, 405);
  assert.equal((await wire.fetch("/sse", { method: "POST" })).status, 405);
  assert.deepEqual((await client.ask("ping")).result, {});
});

test("a stream belongs to the caller who opened it", async () => {
  const { service } = makeWorld({ settings: { apiKey: "k" } });
  const wire = wireFor(service);
  const known = await SseClient.open(wire, { "x-api-key": "k" });
  assert.equal((await known.ask("tools/call", call)).result.structuredContent.total, 0);
  assert.equal((await wire.send("ping", {}, { path: known.path })).status, 404);
  const stranger = await SseClient.open(wire);
  assert.equal((await stranger.ask("tools/call", call)).result.structuredContent.code, 401);
  assert.equal((await wire.fetch("/sse", { headers: { "x-api-key": "wrong" } })).status, 401);
});

test("too many streams are refused; a thousand opened and abandoned leave nothing", async () => {
  const service = new FakeService();
  const wire = wireFor(service, { maxSessions: 5 });
  for (let i = 0; i < 1000; i++) {
    const client = await SseClient.open(wire);
    if (i % 10 === 0) await client.ask("resources/subscribe", { uri: "proxy://health" });
    await client.stream.return(undefined);
  }
  assert.equal(wire.handler.openSessions, 0);
  assert.equal(service.listeners.size, 1, "the handler's own");
  const clients = [];
  for (let i = 0; i < 5; i++) clients.push(await SseClient.open(wire));
  assert.equal((await wire.fetch("/sse")).status, 503);
  await wire.handler.close();
  for (const { stream } of clients) assert.equal((await stream.next()).done, true);
});

test("close() waits for answers that are still to come on a stream", async () => {
  const service = new FakeService();
  const wire = wireFor(service);
  const client = await SseClient.open(wire);
  let finish: () => void;
  const arrived = new Promise<void>((resolve) => {
    service.answer = () => {
      resolve();
      return new Promise((answer) => finish = () => answer({ ok: true, value: { late: true } }));
    };
  });
  await client.post({ jsonrpc: "2.0", id: 1, method: "tools/call", params: call });
  await arrived;
  const closed = wire.handler.close();
  finish!();
  assert.deepEqual((await nextMessage(client.stream)).result.structuredContent, { late: true });
  await closed;
});
