import assert from "node:assert/strict";
import { test } from "node:test";
import process from "node:process";
import { runMcpHttp, serveMcpHttp } from "../../../../src/mcp/mod.ts";
import { FakeService } from "../fake_service.ts";

const SECRET = Object.assign(new FakeService(), {
  requiresKey: true,
  acceptsKey: (key: string) => key === "k",
});

test("serveMcpHttp() listens on a free port of loopback until it is closed", async () => {
  const server = await serveMcpHttp(new FakeService(), { port: 0 });
  const { origin, hostname, pathname } = new URL(server.url);
  assert.deepEqual([hostname, pathname], ["127.0.0.1", "/mcp"]);
  assert.equal((await (await fetch(`${origin}/healthz`)).json()).status, "ok");
  await server.close();
  await assert.rejects(fetch(`${origin}/healthz`));
});

test("serveMcpHttp() takes every name of this machine, and tells an address that clients can use", async () => {
  for (
    const [hostname, service, shown] of [
      ["localhost", new FakeService(), "localhost"],
      ["0.0.0.0", SECRET, "127.0.0.1"],
    ] as const
  ) {
    const server = await serveMcpHttp(service, { hostname, port: 0 });
    assert.equal(new URL(server.url).hostname, shown);
    assert.equal((await fetch(new URL("/healthz", server.url))).status, 200);
    await server.close();
  }
});

test("serveMcpHttp() lets others in only with a key or tokens", async () => {
  for (const hostname of ["0.0.0.0", "::", "192.0.2.1", "example.com"]) {
    await assert.rejects(serveMcpHttp(new FakeService(), { hostname, port: 0 }), {
      name: "RangeError",
      message: /without a key.*--api-key.*--oauth-issuer/,
    });
  }
  const oauth = { issuer: "https://issuer.example" };
  await assert.rejects(
    serveMcpHttp(new FakeService(), { hostname: "0.0.0.0", port: 0, oauth }),
    /--oauth-resource/,
  );
});

test("serveMcpHttp() gives the port back when an option cannot be used", async () => {
  const server = await serveMcpHttp(new FakeService(), { port: 0 });
  const port = Number(new URL(server.url).port);
  await server.close();
  await assert.rejects(serveMcpHttp(new FakeService(), { port, rateLimit: "fast" }), /rate limit "fast"/);
  await (await serveMcpHttp(new FakeService(), { port })).close();
});

test("close() cuts a client that does not go by itself", async () => {
  const service = new FakeService();
  const server = await serveMcpHttp(service, { port: 0, stallMs: 60_000 });
  let arrive: () => void;
  const arrived = new Promise<void>((resolve) => arrive = resolve);
  service.answer = () => {
    arrive();
    return new Promise(() => {});
  };
  const answer = fetch(server.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "accept": "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "proxywhirl",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: {
        name: "proxywhirl",
        arguments: { action: "list" },
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    }),
  }).then((response) => response.status, () => "cut");
  await arrived;
  await server.close(10);
  assert.notEqual(await answer, 200);
});

test("runMcpHttp() ends in order on a signal, and says so when that fails", async () => {
  for (
    const [onClose, expected] of [
      [() => {}, 0],
      [() => Promise.reject(new Error("disk full")), 1],
    ] as const
  ) {
    const errors: Error[] = [];
    let url = "";
    const code = await new Promise<number>((resolve, reject) => {
      runMcpHttp(new FakeService(), {
        port: 0,
        onListening: (address) => {
          url = address;
          process.emit("SIGTERM", "SIGTERM"); // what the system would do, to the whole test run
        },
        onClose,
        onError: (error) => errors.push(error),
        exit: resolve,
      }).catch(reject);
    });
    assert.equal(code, expected);
    assert.equal(errors.length, expected);
    await assert.rejects(fetch(url));
  }
});
