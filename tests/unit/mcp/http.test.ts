/** The server in an HTTP mount: a server lives for one request there. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { createMcpServer } from "../../../src/mcp/server.ts";
import { FakeService } from "./fake_service.ts";
import { MODERN_META, type Wire } from "./wire.ts";

/** What a request shows: nothing, a key, or a token that grants some effects. */
type Caller = boolean | readonly string[];

function authOf(caller: Caller) {
  if (caller === false) return {};
  const extra = caller === true ? {} : { extra: { isScoped: true } };
  const scopes = caller === true ? [] : caller.map((effect) => `proxywhirl:${effect}`);
  return { authInfo: { token: "t", clientId: "c", scopes, ...extra } };
}

function mount(service: FakeService) {
  const handler = createMcpHandler(({ era }) => createMcpServer(service, { era, pushesUpdates: false }));
  return async (method: string, params: Record<string, unknown>, caller: Caller): Promise<Wire> => {
    const name = params["name"] ?? params["uri"];
    const response = await handler.fetch(
      new Request("http://127.0.0.1/mcp", {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "accept": "application/json, text/event-stream",
          "mcp-protocol-version": "2026-07-28",
          "mcp-method": method,
          ...(typeof name === "string" ? { "mcp-name": name } : {}),
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: MODERN_META } }),
      }),
      authOf(caller),
    );
    return await response.json();
  };
}

test("createMcpServer() tells the service that a call came over HTTP, and whether a header showed the key", async () => {
  const service = new FakeService();
  const send = mount(service);
  for (const isKnown of [true, false]) {
    await send("tools/call", { name: "proxywhirl", arguments: { action: "list" } }, isKnown);
    const { context } = service.calls.at(-1)!;
    assert.deepEqual([context.origin, context.authorized], ["http", isKnown]);
  }
});

test("createMcpServer() shows anybody the health over HTTP, but the configuration only with the key", async () => {
  const service = new FakeService();
  const send = mount(service);
  const read = async (uri: string, isKnown: boolean) =>
    "result" in await send("resources/read", { uri }, isKnown);
  assert.equal(await read("proxy://config", false), true, "no key configured");
  service.requiresKey = true;
  assert.equal(await read("proxy://health", false), true);
  assert.equal(await read("proxy://config", false), false);
  assert.equal(await read("proxy://config", true), true);
  assert.match(
    (await send("resources/read", { uri: "proxy://config" }, false)).error.message,
    /Invalid API key/,
  );
  assert.equal(service.listeners.size, 0, "nothing is held between requests");
});

test("createMcpServer() shows a token that does not grant reading neither resources nor the pool's values", async () => {
  const service = new FakeService();
  const send = mount(service);
  const uri = "proxy://proxies/some-id";
  const complete = async (name: string, argument: string, caller: Caller) => {
    const params = { ref: { type: "ref/prompt", name }, argument: { name: argument, value: "" } };
    return (await send("completion/complete", params, caller)).result.completion.total;
  };
  for (
    const [caller, mayRead] of [
      [["read"], true],
      [["use", "write"], false],
      [[], false],
      [true, true],
      [false, true],
    ] as const
  ) {
    const shown = JSON.stringify(caller);
    const { error, result } = await send("resources/read", { uri }, caller);
    assert.equal(result !== undefined, mayRead, shown);
    if (!mayRead) assert.match(error.message, /token does not grant read/);
    assert.equal("result" in await send("resources/read", { uri: "proxy://health" }, caller), true, shown);
    assert.equal(await complete("troubleshooting_workflow", "proxy_id", caller) > 0, mayRead, shown);
    assert.equal(await complete("proxy_selection_workflow", "performance", caller), 1, "no secret");
  }
  service.requiresKey = true;
  assert.equal(await complete("troubleshooting_workflow", "proxy_id", false), 0);
});
