import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeService } from "./fake_service.ts";
import { type Era, ERAS, WireClient } from "./wire.ts";
import type { StdioOptions } from "../../../src/mcp/mod.ts";

async function connect(era: Era, options: StdioOptions = {}, service = new FakeService()) {
  const client = new WireClient(service, era, options);
  const hello = await client.open();
  return { client, service, hello };
}

for (const era of ERAS) {
  test(`createMcpServer() introduces itself (${era})`, async () => {
    const { client, hello } = await connect(era);
    const serverInfo = hello.serverInfo ?? hello._meta["io.modelcontextprotocol/serverInfo"];
    assert.equal(serverInfo.name, "proxywhirl");
    assert.equal(serverInfo.version, "1.2.3");
    assert.equal(hello.capabilities.resources.subscribe, true);
    assert.ok(hello.capabilities.tools && hello.capabilities.prompts && hello.capabilities.completions);
    assert.match(hello.instructions, /"action":"health"/);
    await client.close();
  });

  test(`createMcpServer() hands arguments over unchecked, and gives results as structure and as text (${era})`, async () => {
    const { client, service } = await connect(era);
    for (const args of [{ action: "nope" }, { limit: -1 }, { action: 3, foreign: [null] }, undefined]) {
      const result = await client.call(args);
      assert.deepEqual(service.calls.at(-1)?.input, args ?? {});
      assert.deepEqual(result.structuredContent, { echo: args ?? {} });
      assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
      assert.equal("isError" in result && result.isError, false);
    }
    await client.close();
  });

  test(`createMcpServer() gives errors as structure, marked with isError (${era})`, async () => {
    const { client, service } = await connect(era);
    const error = {
      error: "proxy_id required for status action",
      code: 400,
      retry_after_s: 2,
      next_step: "x",
    };
    service.answer = () => ({ ok: false, error });
    const result = await client.call({ action: "status" });
    assert.equal(result.isError, true);
    assert.deepEqual(result.structuredContent, error);
    assert.deepEqual(JSON.parse(result.content[0].text), error);
    await client.close();
  });

  test(`createMcpServer() keeps what a broken service throws to itself (${era})`, async () => {
    const { client, service } = await connect(era);
    service.answer = () => Promise.reject(new Error("http://user:secret@host:1 exploded"));
    const result = await client.call({ action: "list" });
    assert.deepEqual(result.structuredContent, { error: "Internal error", code: 500 });
    assert.doesNotMatch(JSON.stringify(result), /secret/);
    assert.match(client.errors[0]!.message, /service failed/);
    await client.close();
  });

  test(`createMcpServer() names what it has when asked for something else (${era})`, async () => {
    const { client } = await connect(era);
    const secret = "http://user:secret@host:1/";
    for (
      const [method, params, pattern] of [
        ["tools/call", { name: secret, arguments: {} }, /Unknown tool: .*Must be one of: proxywhirl/],
        [
          "prompts/get",
          { name: secret },
          /Unknown prompt: .*proxy_selection_workflow, troubleshooting_workflow/,
        ],
        ["resources/read", { uri: secret }, /Resource not found/],
      ] as const
    ) {
      const { error } = await client.request(method, params);
      assert.equal(error.code, -32602, method);
      assert.match(error.message, pattern);
      assert.doesNotMatch(JSON.stringify(error), /secret/);
    }
    assert.equal((await client.request("no/such/method")).error.code, -32601);
    await client.close();
  });

  test(`createMcpServer() tells the service where a call comes from (${era})`, async () => {
    const { client, service } = await connect(era);
    await client.call({ action: "list" });
    const { context } = service.calls[0]!;
    assert.equal(context.origin, "local");
    assert.equal(context.authorized, false);
    assert.equal(context.signal?.aborted, false);
    assert.equal(context.progress, undefined);
    await client.close();
  });

  test(`createMcpServer() aborts a call that the client cancels (${era})`, async () => {
    const { client, service } = await connect(era);
    const aborted = new Promise<void>((resolve) => {
      service.answer = (_input, { signal }) =>
        new Promise((answer) => {
          signal?.addEventListener("abort", () => {
            resolve();
            answer({ ok: true, value: {} });
          });
          client.notify("notifications/cancelled", { requestId: "slow" });
        });
    });
    void client.send("slow", "tools/call", { name: "proxywhirl", arguments: { action: "list" } });
    await aborted;
    await client.close();
  });

  test(`createMcpServer() passes progress on to a client that asked for it (${era})`, async () => {
    const { client, service } = await connect(era);
    service.answer = (_input, { progress }) => {
      progress?.({ progress: 3, total: 10, message: "three" });
      return { ok: true, value: {} };
    };
    const done = client.request("tools/call", {
      name: "proxywhirl",
      arguments: { action: "list" },
      _meta: { progressToken: "p" },
    });
    const { method, params } = await client.nextNotification();
    assert.equal(method, "notifications/progress");
    assert.deepEqual([params.progressToken, params.progress, params.total, params.message], [
      "p",
      3,
      10,
      "three",
    ]);
    await done;
    await client.close();
  });

  test(`createMcpServer() reads both resources as JSON (${era})`, async () => {
    const { client, service } = await connect(era);
    const { result } = await client.request("resources/list");
    assert.deepEqual(result.resources.map(({ uri }: { uri: string }) => uri), [
      "proxy://health",
      "proxy://config",
    ]);
    for (
      const [uri, content] of [["proxy://health", service.healthResource()], [
        "proxy://config",
        service.configResource(),
      ]]
    ) {
      const { contents } = (await client.request("resources/read", { uri })).result;
      assert.equal(contents[0].uri, uri);
      assert.equal(contents[0].mimeType, "application/json");
      assert.deepEqual(JSON.parse(contents[0].text), content);
    }
    assert.deepEqual((await client.request("resources/templates/list")).result.resourceTemplates, []);
    await client.close();
  });

  test(`createMcpServer() gives both prompts, with and without arguments, and completes them (${era})`, async () => {
    const { client } = await connect(era);
    const { prompts } = (await client.request("prompts/list")).result;
    assert.deepEqual(prompts.map(({ name }: { name: string }) => name), [
      "proxy_selection_workflow",
      "troubleshooting_workflow",
    ]);
    const name = "proxy_selection_workflow";
    const text = async (args?: object) =>
      (await client.request("prompts/get", { name, ...(args === undefined ? {} : { arguments: args }) }))
        .result.messages[0].content.text;
    assert.match(await text(), /"region": "US"/);
    assert.match(await text({ region: "JP" }), /"region": "JP"/);
    assert.doesNotMatch(await text({ region: "http://user:secret@h:1" }), /secret/);
    const complete = async (prompt: string, argument: string, value: string) =>
      (await client.request("completion/complete", {
        ref: { type: "ref/prompt", name: prompt },
        argument: { name: argument, value },
      })).result.completion;
    assert.deepEqual((await complete(name, "region", "d")).values, ["DE", "DK"]);
    assert.deepEqual((await complete(name, "no_such", "d")).values, []);
    const ids = await complete("troubleshooting_workflow", "proxy_id", "");
    assert.deepEqual([ids.values.length, ids.total, ids.hasMore], [100, 150, true]);
    await client.close();
  });
}
