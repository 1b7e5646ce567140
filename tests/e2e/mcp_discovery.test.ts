/** What a client learns about the server, and how it hears of changes. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lintWireSchema } from "../../src/contract/wire_lint.ts";
import { CLIENTS, type Connected } from "./support/clients.ts";

const published = [
  "list",
  "rotate",
  "status",
  "recommend",
  "health",
  "reset_cb",
  "add",
  "remove",
  "fetch",
  "validate",
  "set_strategy",
  "report",
  "explain",
];

async function theTool(server: Connected) {
  const { tools } = await server.client.listTools();
  assert.equal(tools.length, 1);
  return tools[0];
}

for (const kind of CLIENTS) {
  describe(`Discovery with the ${kind.name}`, () => {
    test("the server introduces itself and tells an assistant how to begin", async () => {
      await using server = await kind.connect();
      const { name, title, version } = server.client.getServerVersion();
      assert.deepEqual([name, title], ["proxywhirl", "ProxyWhirl"]);
      assert.match(version, /^\d+\.\d+\.\d+/);
      const { tools, resources, prompts } = server.client.getServerCapabilities();
      assert.ok(tools && prompts);
      assert.equal(resources.subscribe, true);
      assert.match(server.client.getInstructions() ?? "", /"action":"health"/);
    });

    test("one tool is published, with a schema that every host takes", async () => {
      await using server = await kind.connect();
      const tool = await theTool(server);
      assert.equal(tool.name, "proxywhirl");
      for (const action of published) {
        assert.ok(tool.inputSchema.properties.action.enum.includes(action), action);
      }
      const { $schema: _dialect, ...schema } = tool.inputSchema;
      assert.deepEqual(lintWireSchema(schema), []);
      assert.equal("api_key" in tool.inputSchema.properties, false);
      assert.equal(tool.annotations.readOnlyHint, false);
    });

    test("a read-only server offers no writing, and refuses it", async () => {
      await using server = await kind.connect({ args: ["--db", ":memory:", "--read-only"] });
      const tool = await theTool(server);
      const { enum: actions } = tool.inputSchema.properties.action;
      assert.deepEqual(actions.includes("health") && actions.includes("rotate"), true);
      for (const action of ["add", "remove", "set_strategy", "report", "reset_cb"]) {
        assert.equal(actions.includes(action), false, action);
      }
      assert.equal(tool.annotations.destructiveHint, false);
      const { error, code } = await server.error({ action: "add", proxy_url: "http://192.0.2.1:80" });
      assert.deepEqual([error, code], ["add is not allowed: the server is read-only", 403]);
      assert.equal((await server.ok({ action: "list" })).total, 0);
    });

    test("a server with a key publishes api_key and says who needs it", async () => {
      await using server = await kind.connect({ env: { PROXYWHIRL_MCP_API_KEY: "from-the-environment" } });
      const tool = await theTool(server);
      assert.equal(tool.inputSchema.properties.api_key.type, "string");
      assert.match(server.client.getInstructions() ?? "", /api_key/);
      assert.equal((await server.error({ action: "list" })).code, 401);
      assert.equal((await server.ok({ action: "list", api_key: "from-the-environment" })).total, 0);
      await server.resource("proxy://config"); // readable over stdio: it holds no secret
    });

    test("prompts are completed from the pool, and a change of strategy is an update of the configuration", async () => {
      await using server = await kind.connect();
      const { proxy } = await server.ok({ action: "add", proxy_url: "http://192.0.2.1:80", region: "JP" });
      const complete = async (name: string, argument: { name: string; value: string }) =>
        (await server.client.complete({ ref: { type: "ref/prompt", name }, argument })).completion.values;
      assert.deepEqual(await complete("proxy_selection_workflow", { name: "region", value: "j" }), ["JP"]);
      const id = { name: "proxy_id", value: proxy.id.slice(0, 4) };
      assert.deepEqual(await complete("troubleshooting_workflow", id), [proxy.id]);
      const heard = new Promise<void>((resolve) =>
        void server.subscribe("proxy://config", resolve).then(() => {
          return server.ok({ action: "set_strategy", strategy: "random" });
        })
      );
      await heard;
      assert.equal((await server.resource("proxy://config")).rotation_strategy, "RandomStrategy");
    });

    test("a subscriber hears of a change of the pool's health, at most once a second, and of the last", async () => {
      await using server = await kind.connect();
      const heardAt: number[] = [];
      let heard: () => void = () => {};
      const unsubscribe = await server.subscribe("proxy://health", () => {
        heardAt.push(performance.now());
        heard();
      });
      let lastChange = 0;
      for (let i = 1; i < 60; i++) {
        lastChange = performance.now();
        await server.ok({ action: "add", proxy_url: `http://192.0.2.${i}:80` });
      }
      while ((heardAt.at(-1) ?? 0) < lastChange) await new Promise<void>((resolve) => heard = resolve);
      assert.equal((await server.resource("proxy://health")).total_proxies, 59);
      assert.ok(heardAt.length >= 2);
      heardAt.forEach((at, index) => {
        // The client may be slower to hear of the one before than of this one.
        assert.ok(index === 0 || at - heardAt[index - 1]! > 800, `heard at ${heardAt.join(", ")} ms`);
      });
      await unsubscribe();
      const count = heardAt.length;
      await server.ok({ action: "add", proxy_url: "http://192.0.2.60:80" });
      await server.ok({ action: "list" });
      assert.equal(heardAt.length, count);
    });
  });
}
