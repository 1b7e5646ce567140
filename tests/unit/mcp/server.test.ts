import assert from "node:assert/strict";
import { test } from "node:test";
import { PROMPTS } from "../../../gen/prompts.ts";
import { FakeService } from "./fake_service.ts";
import { type Era, ERAS, type Wire, WireClient } from "./wire.ts";
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
    assert.equal(hello.ttlMs, era === "modern" ? 300_000 : undefined);
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

  test(`createMcpServer() reads resources as JSON, and those that a template addresses (${era})`, async () => {
    const { client } = await connect(era);
    const { result } = await client.request("resources/list");
    assert.deepEqual(result.resources.map(({ uri }: Wire) => uri), [
      "proxy://health",
      "proxy://config",
      "proxy://sources",
      "proxy://metrics",
    ]);
    const { resourceTemplates } = (await client.request("resources/templates/list")).result;
    assert.deepEqual(resourceTemplates.map(({ uriTemplate }: Wire) => uriTemplate), [
      "proxy://proxies/{id}",
      "proxy://targets/{target}",
    ]);
    for (
      const [uri, content] of [
        ["proxy://health", { uri: "proxy://health" }],
        ["proxy://config", { uri: "proxy://config" }],
        ["proxy://proxies/some-id", { proxy_id: "some-id" }],
        ["proxy://targets/b%C3%BCcher.example", { target: "bücher.example" }],
        ["proxy://targets/%5B2001%3Adb8%3A%3A1%5D", { target: "[2001:db8::1]" }],
      ] as const
    ) {
      const answer = (await client.request("resources/read", { uri })).result;
      const [{ mimeType, text, uri: read }] = answer.contents;
      assert.deepEqual([read, mimeType, JSON.parse(text)], [uri, "application/json", content]);
      assert.equal(typeof answer.ttlMs, era === "modern" ? "number" : "undefined", "a cache hint");
      assert.equal(answer.cacheScope, era === "modern" ? "private" : undefined);
    }
    await client.close();
  });

  test(`createMcpServer() names a resource by its own address, not by what was asked (${era})`, async () => {
    const { client, service } = await connect(era);
    service.readResource = () => Promise.resolve({ target: "shop.example" });
    const uri = `proxy://targets/${encodeURIComponent("https://www.shop.example/?key=s3cret")}`;
    const { contents } = (await client.request("resources/read", { uri })).result;
    assert.equal(contents[0].uri, "proxy://targets/shop.example");
    await client.close();
  });

  test(`createMcpServer() shows no credential of an address that it refuses (${era})`, async () => {
    const { client } = await connect(era);
    const secret = encodeURIComponent("http://user:s3cret@nobody");
    for (
      const uri of [
        `proxy://nope/${secret}`,
        `proxy://proxies/${secret}/x`,
        `proxy://nope/${encodeURIComponent(secret)}`,
        `proxy://nope/${encodeURIComponent(encodeURIComponent(encodeURIComponent(secret)))}`,
        `proxy://nope/${secret}%`,
      ]
    ) {
      const { error } = await client.request("resources/read", { uri });
      assert.equal(error.code, -32602);
      assert.doesNotMatch(JSON.stringify(error), /s3cret/, uri);
    }
    await client.close();
  });

  test(`createMcpServer() finds no resource behind odd addresses, nor one that is not offered (${era})`, async () => {
    const { client, service } = await connect(era);
    const odd = [
      "proxy://proxies/",
      "proxy://proxies",
      "proxy://proxies/nobody",
      "proxy://proxies/a/b",
      "proxy://proxies/a?b",
      "proxy://proxies/%",
      "proxy://proxies/%ff",
      "proxy://proxies/{id}/x",
      `proxy://proxies/${"x".repeat(3000)}`,
      "PROXY://HEALTH",
      "proxy://health/",
      "proxy://__proto__",
      "",
    ];
    for (const uri of odd) {
      const { error } = await client.request("resources/read", { uri });
      assert.equal(error?.code, -32602, uri);
    }
    service.resources = ["proxy://health"];
    assert.equal((await client.request("resources/read", { uri: "proxy://config" })).error.code, -32602);
    assert.equal((await client.request("resources/list")).result.resources.length, 1);
    assert.deepEqual((await client.request("resources/templates/list")).result.resourceTemplates, []);
    await client.close();
  });

  test(`createMcpServer() gives every prompt, with and without arguments (${era})`, async () => {
    const { client } = await connect(era);
    const { prompts } = (await client.request("prompts/list")).result;
    assert.deepEqual(prompts.map(({ name }: Wire) => name), PROMPTS.map(({ name }) => name));
    const name = "proxy_selection_workflow";
    const text = async (args?: object) =>
      (await client.request("prompts/get", { name, ...(args === undefined ? {} : { arguments: args }) }))
        .result.messages[0].content.text;
    assert.match(await text(), /"region": "US"/);
    assert.match(await text({ region: "JP" }), /"region": "JP"/);
    assert.doesNotMatch(await text({ region: "http://user:secret@h:1" }), /secret/);
    await client.close();
  });

  test(`createMcpServer() completes arguments of prompts and variables of templates (${era})`, async () => {
    const { client, service } = await connect(era);
    const complete = async (ref: object, name: string, value: string) =>
      (await client.request("completion/complete", { ref, argument: { name, value } })).result.completion;
    const prompt = (name: string) => ({ type: "ref/prompt", name });
    const template = (uri: string) => ({ type: "ref/resource", uri });
    assert.deepEqual((await complete(prompt("proxy_selection_workflow"), "region", "d")).values, [
      "DE",
      "DK",
    ]);
    assert.deepEqual((await complete(prompt("proxy_selection_workflow"), "no_such", "d")).values, []);
    for (const kind of ["target", "tag", "strategy"]) {
      assert.deepEqual((await complete(prompt("polite_scraping_workflow"), kind, "a ")).values, [
        `a ${kind}`,
      ]);
    }
    assert.deepEqual((await complete(template("proxy://targets/{target}"), "target", "a")).values, [
      "a target",
    ]);
    assert.deepEqual((await complete(template("proxy://targets/{target}"), "id", "")).values, []);
    for (
      const ids of [
        await complete(prompt("troubleshooting_workflow"), "proxy_id", ""),
        await complete(template("proxy://proxies/{id}"), "id", ""),
      ]
    ) assert.deepEqual([ids.values.length, ids.total, ids.hasMore], [100, 150, true]);
    service.resources = ["proxy://health"];
    for (const ref of [template("proxy://proxies/{id}"), template("nope"), prompt("nope")]) {
      const argument = { name: "id", value: "" };
      assert.equal((await client.request("completion/complete", { ref, argument })).error.code, -32602);
    }
    await client.close();
  });

  test(`createMcpServer() has lists of one page, and refuses a cursor for another (${era})`, async () => {
    const { client } = await connect(era);
    for (const method of ["tools/list", "resources/list", "resources/templates/list", "prompts/list"]) {
      const { result } = await client.request(method);
      assert.equal("nextCursor" in result, false, method);
      const hint = era === "modern" ? [300_000, "public"] : [undefined, undefined];
      assert.deepEqual([result.ttlMs, result.cacheScope], hint, method);
      const { error } = await client.request(method, { cursor: "abc" });
      assert.deepEqual([error.code, error.message], [-32602, "Invalid cursor: abc. This list has one page"]);
    }
    await client.close();
  });

  test(`createMcpServer() shows a picture and a title with everything that it lists (${era})`, async () => {
    const { client, hello } = await connect(era);
    const serverInfo = hello.serverInfo ?? hello._meta["io.modelcontextprotocol/serverInfo"];
    const lists = await Promise.all(
      [["tools", "tools/list"], ["resources", "resources/list"], [
        "resourceTemplates",
        "resources/templates/list",
      ], ["prompts", "prompts/list"]]
        .map(async ([key, method]) => (await client.request(method!)).result[key!]),
    );
    for (const listed of [serverInfo, ...lists.flat()]) {
      assert.equal(typeof listed.title, "string", listed.name);
      assert.match(listed.icons[0].src, /^data:image\/svg\+xml,%3Csvg/, listed.name);
      assert.equal(listed.icons[0].mimeType, "image/svg+xml");
    }
    await client.close();
  });
}
