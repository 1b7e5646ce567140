/** What the settings of the server change for a client, and what surrounds the results. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lintWireSchema } from "../../src/contract/wire_lint.ts";
import { run } from "../support/child.ts";
import { FaultyProxy } from "../support/faulty_proxy.ts";
import { Site } from "../support/site.ts";
import { cleanEnvironment, CLIENTS, program, type Wire } from "./support/clients.ts";

const memory = ["--db", ":memory:"];

for (const kind of CLIENTS) {
  describe(`Features with the ${kind.name}`, () => {
    test("--tools split offers one tool each to look, to use and to manage, by what they can do", async () => {
      await using server = await kind.connect({ args: [...memory, "--tools", "split"] });
      const { tools } = await server.client.listTools();
      assert.deepEqual(
        tools.map((
          { annotations, name }: Wire,
        ) => [name, annotations.readOnlyHint, annotations.destructiveHint]),
        [
          ["proxywhirl_read", true, false],
          ["proxywhirl_use", false, false],
          ["proxywhirl_manage", false, true],
        ],
      );
      for (const { inputSchema: { $schema: _dialect, ...schema }, name } of tools) {
        assert.deepEqual(lintWireSchema(schema), [], name);
      }
      assert.match(server.client.getInstructions() ?? "", /proxywhirl_read \(list, status/);
      const added = await server.call({ action: "add", proxy_url: "http://192.0.2.1:80" }, {
        tool: "proxywhirl_manage",
      });
      assert.equal(added.structuredContent.added, 1);
      const wrong = await server.call({ action: "add", proxy_url: "http://192.0.2.2:80" }, {
        tool: "proxywhirl_read",
      });
      assert.equal(wrong.isError, true);
      assert.match(wrong.structuredContent.error, /proxywhirl_read does not do add\. Must be one of: list/);
      const health = await server.call({ action: "health" }, { tool: "proxywhirl_read" });
      assert.equal(health.structuredContent.total_proxies, 1);
    });

    test("--allow-actions publishes the named actions and does no others", async () => {
      await using server = await kind.connect({
        args: [...memory, "--allow-actions", "rotate,report,health"],
      });
      const { tools: [tool] } = await server.client.listTools();
      assert.deepEqual(tool.inputSchema.properties.action.enum, ["rotate", "health", "report"]);
      assert.equal("proxy_url" in tool.inputSchema.properties, false);
      const error = await server.error({ action: "add", proxy_url: "http://192.0.2.1:80" });
      assert.deepEqual([error.code, error.error], [
        403,
        "add is not allowed. Must be one of: rotate, health, report",
      ]);
      assert.equal((await server.ok({ action: "health" })).total_proxies, 0);
      assert.deepEqual((await server.client.listResourceTemplates()).resourceTemplates, []);
      assert.doesNotMatch(server.client.getInstructions() ?? "", /"action":"status"/);
    });

    test("a long list comes with links to its first proxies, which lead to what status says", async () => {
      await using server = await kind.connect();
      const proxy_urls = Array.from({ length: 12 }, (_, i) => `http://192.0.2.${i + 1}:80`);
      await server.ok({ action: "add", proxy_urls });
      const { content, structuredContent: { proxies } } = await server.call({ action: "list" });
      assert.equal(proxies.length, 12, "the text is whole");
      assert.deepEqual(
        content.slice(1).map(({ type, uri }: Wire) => [type, uri]),
        proxies.slice(0, 10).map(({ id }: Wire) => ["resource_link", `proxy://proxies/${id}`]),
      );
      const read = await server.resource(content[1].uri);
      assert.deepEqual(read, await server.ok({ action: "status", proxy_id: proxies[0].id }));
    });

    test("--confirm never removes without asking; otherwise the user is asked", async () => {
      for (const [args, asked] of [[["--confirm", "never"], 0], [[], 1]] as const) {
        let forms = 0;
        const elicit = () => {
          forms++;
          return { action: "decline" };
        };
        await using server = await kind.connect({ args: [...memory, ...args], elicit });
        const { proxy } = await server.ok({ action: "add", proxy_url: "http://192.0.2.1:80" });
        const result = await server.ok({ action: "remove", proxy_id: proxy.id });
        assert.deepEqual([forms, result.success, result.pool_size], [asked, asked === 0, asked]);
      }
    });

    test("proxy://sources and proxy://metrics tell of lists and of what was done", async () => {
      await using server = await kind.connect();
      const sources = await server.resource("proxy://sources");
      assert.ok(sources.total > 10 && sources.alive === 0);
      assert.doesNotMatch(JSON.stringify(sources), /https?:\/\//);
      await server.ok({ action: "list" });
      await server.error({ action: "status" });
      const { actions } = await server.resource("proxy://metrics");
      assert.deepEqual([actions.list.count, actions.status.errors], [1, { 400: 1 }]);
    });

    test("a subscriber to one proxy hears when its health changes, and not of others", async () => {
      await using server = await kind.connect();
      const ids: string[] = [];
      for (const proxy_url of ["http://192.0.2.1:80", "http://192.0.2.2:80"]) {
        ids.push((await server.ok({ action: "add", proxy_url })).proxy.id);
      }
      const [mine = "", other = ""] = ids;
      const report = (proxy_id: string) =>
        server.ok({ action: "report", proxy_id, target: "shop.example", outcome: "dead" });
      let heard = 0;
      let tell: () => void = () => {};
      const told = new Promise<void>((resolve) => tell = resolve);
      await server.subscribe(`proxy://proxies/${mine}`, () => {
        heard++;
        tell();
      });
      await report(other);
      await report(mine);
      await told;
      assert.equal((await server.resource(`proxy://proxies/${mine}`)).status, "degraded");
      assert.equal(heard, 1);
    });

    test("check_target tells how far it is, links to the site, and can be cancelled", async () => {
      await using site = await Site.start();
      await using good = await FaultyProxy.start();
      await using hanging = await FaultyProxy.start({ fault: "hang" });
      await using server = await kind.connect({ args: [...memory, "--allow-private-targets"] });
      await server.ok({ action: "add", proxy_urls: [good.url("http")] });
      const steps: Wire[] = [];
      const url = `${site.http}/ok`;
      const { content, structuredContent } = await server.call({ action: "check_target", url }, {
        onprogress: (step) => steps.push(step),
      });
      assert.equal(structuredContent.clean_ratio, 1);
      assert.deepEqual(content[1].uri, "proxy://targets/127.0.0.1");
      assert.match(server.received, /"progress":1,"total":1/);
      const target = await server.resource(content[1].uri);
      assert.deepEqual([target.seen, target.successes], [1, 1]);
      await server.ok({ action: "add", proxy_urls: [hanging.url("http")] });
      const controller = new AbortController();
      const checking = server.call({ action: "check_target", url }, {
        onprogress: () => controller.abort(),
        signal: controller.signal,
      });
      await assert.rejects(checking);
      await hanging.sockets.none();
      assert.equal((await server.ok({ action: "health" })).total_proxies, 2);
    });
  });
}

test("a server does not start with an action that there is not, and says which there are", async () => {
  const { command, args } = program([...memory, "--allow-actions", "list,rotat"]);
  const { code, stderr, stdout } = await run(command, args, { env: cleanEnvironment() });
  assert.equal(code, 2);
  assert.match(stderr, /holds "rotat" \(did you mean "rotate"\?\), allowed: list, rotate, status/);
  assert.equal(stdout, "");
});
