/** Bad input over the wire: each a clear error, and the server goes on. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Child } from "../support/child.ts";
import { cleanEnvironment, CLIENTS, program, type Wire } from "./support/clients.ts";

for (const kind of CLIENTS) {
  describe(`Bad input with the ${kind.name}`, () => {
    test("every bad argument gets a 400 that says what is wrong, and nothing is lost", async () => {
      await using server = await kind.connect();
      const { proxy } = await server.ok({ action: "add", proxy_url: "http://192.0.2.1:80" });
      const megabyte = "x".repeat(1 << 20);
      const cases: [Record<string, unknown>, RegExp][] = [
        [{}, /action required/],
        [{ action: null }, /action/],
        [{ action: "nope" }, /Unknown action: nope.*list/s],
        [{ action: "LIST" }, /Unknown action: LIST/],
        [{ action: 7 }, /action/],
        [{ action: "__proto__" }, /Unknown action/],
        [{ action: megabyte }, /Unknown action: a text of 1048576 characters/],
        [{ action: "list", foreign: 1 }, /foreign/],
        [{ action: "health", proxy_id: proxy.id }, /proxy_id/],
        [{ action: "list", limit: "10" }, /limit.*10/],
        [{ action: "list", limit: -1 }, /limit.*-1/],
        [{ action: "list", limit: 0 }, /limit/],
        [{ action: "list", limit: 1.5 }, /limit.*1\.5/],
        [{ action: "list", limit: 1e308 }, /limit/],
        [{ action: "list", limit: "NaN" }, /limit.*NaN/],
        [{ action: "list", limit: [1] }, /limit/],
        [{ action: "list", cursor: "nonsense" }, /cursor/i],
        [{ action: "list", criteria: "US" }, /criteria/],
        [{ action: "recommend", criteria: { region: "USA" } }, /region.*USA/],
        [
          { action: "recommend", criteria: { performance: "best" } },
          /Invalid performance level. Must be one of: high, medium, low/,
        ],
        [{ action: "recommend", criteria: { foreign: 1 } }, /foreign/],
        [{ action: "recommend", criteria: { region: megabyte } }, /region/],
        [{ action: "status" }, /^proxy_id required for status action$/],
        [{ action: "status", proxy_id: "not-an-id" }, /Invalid proxy_id format: not-an-id/],
        [{ action: "status", proxy_id: megabyte }, /Invalid proxy_id format: a text of 1048576 characters/],
        [{ action: "status", proxy_id: 5 }, /proxy_id/],
        [{ action: "status", proxy_id: { $ne: null } }, /proxy_id/],
        [{ action: "add" }, /proxy_url/],
        [{ action: "set_strategy", strategy: "best" }, /best.*round-robin/s],
        [{ action: "report", outcome: "great", lease_id: "x" }, /outcome.*great/s],
        [
          { action: "report", outcome: "ok", proxy_id: proxy.id, target: "a.example", latency_ms: -5 },
          /latency_ms.*-5/,
        ],
      ];
      for (const [args, pattern] of cases) {
        const { error, code, ...rest } = await server.error(args);
        const name = JSON.stringify(args).slice(0, 100);
        assert.equal(code, 400, `${name}: ${error}`);
        assert.match(error, pattern, name);
        assert.ok(JSON.stringify({ error, rest }).length < 2000, `${name}: the answer repeats the input`);
      }
      assert.equal((await server.ok({ action: "list" })).proxies[0].id, proxy.id);
    });
  });
}

const hello = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
};

/** Starts the program and shakes hands. */
async function start(): Promise<Child> {
  const { command, args } = program();
  const child = new Child(command, args, { env: cleanEnvironment() });
  child.writeLine(JSON.stringify(hello));
  assert.equal(JSON.parse(await child.nextLine()).id, 0);
  child.writeLine('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  return child;
}

async function answerTo(child: Child, line: string): Promise<Wire> {
  child.writeLine(line);
  return JSON.parse(await child.nextLine());
}

const call = (id: number, args: string) =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"proxywhirl","arguments":${args}}}`;

describe("Bad lines on stdin", () => {
  test("a line that is not JSON gets an error under its id, and the server goes on", async () => {
    await using child = await start();
    const broken = await answerTo(child, "this is not JSON http://user:secret@host:1");
    assert.equal(broken.error.code, -32700);
    const nan = await answerTo(child, call(7, '{"action":"list","limit":NaN}'));
    assert.deepEqual([nan.id, nan.error.code], [7, -32700]);
    const cut = await answerTo(child, call(8, '{"action":"list"}').slice(0, -3));
    assert.equal(cut.error.code, -32700);
    child.writeLine("");
    child.writeLine("   \r");
    const fine = await answerTo(child, call(9, '{"action":"health"}'));
    assert.deepEqual([fine.id, fine.result.structuredContent.pool_status], [9, "empty"]);
    assert.doesNotMatch(child.stdout + child.stderr, /secret/);
  });

  test("JSON that is no request gets an error, and the server goes on", async () => {
    await using child = await start();
    for (const line of ["[]", "3", '"x"', "null", '{"id":1}', '{"jsonrpc":"2.0","id":1.5,"method":"ping"}']) {
      assert.equal((await answerTo(child, line)).error.code, -32600, line);
    }
    for (const line of ["{}", '{"jsonrpc":"2.0","id":1,"result":{}}', '{"jsonrpc":"2.0","method":3}']) {
      child.writeLine(line);
    }
    const ping = await answerTo(child, '{"jsonrpc":"2.0","id":"p","method":"ping"}');
    assert.deepEqual([ping.id, ping.result], ["p", {}]);
  });

  test("arguments that are no object are refused by the protocol", async () => {
    await using child = await start();
    for (const args of ["[]", '"list"', "5", "null"]) {
      const answer = await answerTo(child, call(1, args));
      assert.ok(
        answer.error?.code === -32602 || answer.result?.structuredContent?.code === 400,
        JSON.stringify(answer),
      );
    }
  });

  test("a message of more than 10 MiB is skipped and answered, and the server goes on", async () => {
    await using child = await start();
    child.write(
      '{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"proxywhirl","arguments":{"action":"',
    );
    for (let i = 0; i < 12; i++) child.write("x".repeat(1 << 20));
    const answer = await answerTo(child, '"}}}');
    assert.equal(answer.id, 5);
    assert.match(answer.error.message, /skipped: at most 10485760 bytes/);
    assert.equal((await answerTo(child, call(6, '{"action":"health"}'))).id, 6);
  });
});
