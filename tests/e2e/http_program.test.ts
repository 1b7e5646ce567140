/** The program over HTTP: how it starts, what it lets in, and how it ends. */

import { Client, SSEClientTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, test } from "node:test";
import { Child, run } from "../support/child.ts";
import { repoRoot, runtimesMissing } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";
import { cleanEnvironment, program } from "./support/clients.ts";
import { callTool, HttpProgram, resultOf } from "./support/http_program.ts";
import { Issuer } from "../support/issuer.ts";

const ADD = { action: "add", proxy_url: "http://bob:hunter2@192.0.2.1:80" };
const SECRET = "k-3f9a2c51d0";

/** Asks a site that never answers: a call that takes as long as it may. */
const SLOW = { action: "request", url: "http://192.0.2.7/", timeout_s: 60 };

for (const runtime of ["deno", "node", "bun"] as const) {
  describe(`The program over HTTP, on ${runtime}`, skipIf(runtimesMissing(runtime)), () => {
    test("serves official clients of both eras, and of 2024", async () => {
      await using server = await HttpProgram.start({ transport: "sse", runtime });
      const url = new URL(server.url);
      const info = { name: "test", version: "1" };
      const clients: [Client, StreamableHTTPClientTransport | SSEClientTransport][] = [
        [
          new Client(info, { versionNegotiation: { mode: "legacy" } }),
          new StreamableHTTPClientTransport(url),
        ],
        [
          new Client(info, { versionNegotiation: { mode: { pin: "2026-07-28" } } }),
          new StreamableHTTPClientTransport(url),
        ],
        [
          new Client(info, { versionNegotiation: { mode: "legacy" } }),
          new SSEClientTransport(new URL(server.at("/sse"))),
        ],
      ];
      for (const [client, transport] of clients) {
        await client.connect(transport);
        await client.listTools();
        const { structuredContent } = await client.callTool({
          name: "proxywhirl",
          arguments: { action: "health" },
        });
        assert.ok((structuredContent as { total_proxies: number }).total_proxies === 0);
        await client.close();
      }
    });

    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      test(`writes the pool to disk and exits with 0 on ${signal}, though a client listens`, async () => {
        using folder = new TempDir();
        const args = ["--db", folder.join("pool.db")];
        await using server = await HttpProgram.start({ args, runtime });
        assert.equal((await resultOf(callTool(server.url, ADD))).added, 1);
        const client = new Client({ name: "t", version: "1" }, { versionNegotiation: { mode: "legacy" } });
        await client.connect(new StreamableHTTPClientTransport(new URL(server.url))); // its stream stays open
        assert.deepEqual(await server.child.kill(signal), { code: 0, signal: null });
        assert.doesNotMatch(server.child.stdout, /Uncaught|hunter2/);
        await using again = await HttpProgram.start({ args, runtime });
        assert.equal((await resultOf(callTool(again.url, { action: "list" }))).total, 1);
      });
    }

    test("lets nobody reach it from outside without a key, and says what to do", async () => {
      const { command, args } = program(["--transport", "http", "--host", "0.0.0.0", "--port", "0"], runtime);
      const { code, stderr } = await run(command, args, { env: cleanEnvironment() });
      assert.equal(code, 2);
      assert.match(stderr, /Cannot serve on "0\.0\.0\.0" without a key.*--api-key/);
    });

    test("serves all addresses with a key, by address but not by a name that may be rebound", async () => {
      await using server = await HttpProgram.start({
        args: ["--db", ":memory:", "--host", "0.0.0.0", "--log-level", "debug"],
        env: { PROXYWHIRL_API_KEY: SECRET },
        runtime,
      });
      const key = { headers: { "x-api-key": SECRET } };
      assert.equal((await resultOf(callTool(server.url, { action: "list" }, key))).total, 0);
      assert.equal((await resultOf(callTool(server.url, { action: "list" }))).code, 401);
      assert.equal(
        (await callTool(server.url, { action: "list" }, { headers: { "x-api-key": "no" } })).status,
        401,
      );
      assert.equal((await fetch(server.at("/metrics"))).status, 401);
      assert.equal((await fetch(server.at("/healthz"))).status, 200);
      const answer = await raw(
        server.url,
        "GET /mcp HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
      );
      assert.match(answer, /^HTTP\/1\.1 403 /);
      await server.child.kill();
      assert.ok(!server.child.stdout.includes(SECRET));
    });

    test("answers 413 to bodies of 10 MB, and goes on", async () => {
      await using server = await HttpProgram.start({ runtime });
      const body = JSON.stringify({ pad: "x".repeat(10_000_000) });
      const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
      for (let i = 0; i < 5; i++) {
        const response = await fetch(server.url, { method: "POST", headers, body });
        assert.equal(response.status, 413);
        await response.text();
      }
      assert.equal((await resultOf(callTool(server.url, { action: "list" }))).total, 0);
    });
  });
}

test("the program cuts off, where others reach it, who sends the headers of a request too slowly", async () => {
  await using server = await HttpProgram.start({
    args: ["--db", ":memory:", "--host", "0.0.0.0", "--api-key", SECRET],
  });
  const started = performance.now();
  const answer = await raw(server.url, "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", "a");
  assert.doesNotMatch(answer, / 200 /);
  assert.ok(performance.now() - started < 30_000);
});

test("the program waits for calls that are being done when it ends, but not for long", async () => {
  // A proxy that takes connections and never answers.
  let asked: () => void;
  const isAsked = new Promise<void>((resolve) => asked = resolve);
  const proxy = createServer(() => asked()).on("connect", () => asked());
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  try {
    await using server = await HttpProgram.start({ args: ["--db", ":memory:", "--allow-private-targets"] });
    await resultOf(callTool(server.url, { action: "add", proxy_url: `http://127.0.0.1:${port}` }));
    const slow = callTool(server.url, SLOW).then((response) => response.text()).catch(() => "cut");
    await isAsked;
    const started = performance.now();
    assert.deepEqual(await server.child.kill(), { code: 0, signal: null });
    assert.ok(performance.now() - started < 20_000);
    await slow;
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});

test("the program says why it cannot listen", async () => {
  await using server = await HttpProgram.start();
  const port = new URL(server.url).port;
  const { command, args } = program(["--db", ":memory:", "--transport", "http", "--port", port]);
  const { code, stderr } = await run(command, args, { env: cleanEnvironment() });
  assert.equal(code, 1);
  assert.match(
    stderr,
    new RegExp(`Cannot listen on 127\\.0\\.0\\.1 port ${port}: another program listens there`),
  );
});

test("the program names HTTP settings that cannot be used, with exit code 2", async () => {
  for (
    const bad of [["--rate-limit", "fast"], ["--oauth-issuer", "http://issuer.example"], ["--port", "70000"]]
  ) {
    const { command, args } = program(["--db", ":memory:", "--transport", "http", ...bad]);
    const { code, stderr } = await run(command, args, { env: cleanEnvironment() });
    assert.equal(code, 2, stderr);
    assert.ok(stderr.includes(bad[1]!), stderr);
  }
});

test("the program limits the rate when it is told to", async () => {
  await using server = await HttpProgram.start({ args: ["--db", ":memory:", "--rate-limit", "1/min"] });
  const statuses: number[] = [];
  for (let i = 0; i < 25; i++) {
    const response = await fetch(server.at("/healthz"));
    statuses.push(response.status);
    if (response.status === 429) assert.match(response.headers.get("retry-after") ?? "", /^\d+$/);
    await response.text();
  }
  assert.deepEqual(statuses, [...Array(20).fill(200), ...Array(5).fill(429)]);
});

test("the server class of the guide serves over HTTP as well", async () => {
  using folder = new TempDir();
  const script = folder.write(
    "serve.ts",
    `import { ProxyWhirlMCPServer } from ${JSON.stringify(new URL("../../mod.ts", import.meta.url).href)};
const onListening = (url: string) => console.log(url);
await new ProxyWhirlMCPServer().run({ transport: "http", port: 0, onListening });`,
  );
  const { command } = program();
  await using child = new Child(command, [
    "run",
    "-A",
    "--no-prompt",
    "--config",
    `${repoRoot}deno.json`,
    script,
  ], {
    cwd: folder.path,
    env: cleanEnvironment(),
  });
  const url = await child.nextLine();
  assert.equal((await resultOf(callTool(url, { action: "list" }))).total, 0);
  assert.deepEqual(await child.kill(), { code: 0, signal: null });
});

test("the program takes tokens of the issuer that it is told, for its own address or another name", async () => {
  await using issuer = await Issuer.start();
  const db = ["--db", ":memory:", "--log-level", "debug", "--oauth-issuer", issuer.url];
  await using own = await HttpProgram.start({ args: db });
  const resource = "https://proxies.example/mcp";
  await using named = await HttpProgram.start({ args: [...db, "--oauth-resource", resource] });
  await using other = await HttpProgram.start({ args: [...db, "--oauth-audience", "proxies"] });
  const tokens = await Promise.all(
    [own.url, resource, "proxies"].map((aud) => issuer.token({ claims: { aud } })),
  );
  for (const [i, { url }] of [own, named, other].entries()) {
    for (const [j, token] of tokens.entries()) {
      const response = await callTool(url, { action: "list" }, {
        headers: { authorization: `Bearer ${token}` },
      });
      assert.equal(response.status, i === j ? 200 : 401, `server ${i}, token ${j}`);
      await response.text();
    }
  }
  const { headers } = await callTool(named.url, { action: "list" });
  const metadata = /resource_metadata="([^"]+)"/.exec(headers.get("www-authenticate") ?? "")?.[1];
  assert.equal(metadata, "https://proxies.example/.well-known/oauth-protected-resource/mcp");
  const document = await fetch(named.at("/.well-known/oauth-protected-resource/mcp"));
  assert.equal((await document.json()).resource, resource);
  for (const { child } of [own, named, other]) {
    await child.kill();
    for (const token of tokens) {
      for (const part of token.split(".")) assert.ok(!child.stdout.includes(part));
    }
  }
});

/** Sends raw text, and drops of it until the server closes the connection; resolves with all that came back. */
function raw(url: string, text: string, drip?: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(text));
    const timer = drip === undefined ? undefined : setInterval(() => socket.write(drip), 500);
    socket.setEncoding("utf8").on("data", (chunk: string) => answer += chunk);
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(timer);
      resolve(answer);
    });
  });
}
