/** Every JSON example of the server guide, key for key, over stdio, with the official clients of both SDK generations. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CLIENTS, type Connected } from "./support/clients.ts";
import { assertShape, GUIDE } from "./support/guide_examples.ts";

const target = "https://shop.example.com/";

/** Two proxies with a history: one as in the guide, 95 % of 80 requests; the other 92 % of 50. */
async function fill(server: Connected): Promise<[string, string]> {
  const ids: string[] = [];
  for (
    const [url, ok, dead, latency] of [["http://proxy1.example.com:8080", 76, 4, 120.5], [
      "http://proxy2.example.com:8080",
      46,
      4,
      300,
    ]] as const
  ) {
    const { proxy } = await server.ok({ action: "add", proxy_url: url, region: "US" });
    ids.push(proxy.id);
    const report = { action: "report", proxy_id: proxy.id, target };
    for (let i = 0; i < dead; i++) {
      await server.ok({ ...report, outcome: "dead" });
      await server.ok({ ...report, outcome: "ok", latency_ms: latency });
    }
    for (let i = dead; i < ok; i++) await server.ok({ ...report, outcome: "ok", latency_ms: latency });
  }
  return [ids[0]!, ids[1]!];
}

for (const kind of CLIENTS) {
  describe(`The guide with the ${kind.name}`, () => {
    test("an empty pool says so", async () => {
      await using server = await kind.connect();
      const health = await server.ok({ action: "health" });
      assertShape(health, GUIDE.health);
      assert.equal(health.pool_status, "empty");
      assert.equal(health.total_proxies, 0);
      assert.deepEqual((await server.ok({ action: "list" })).proxies, []);
      assert.equal((await server.error({ action: "rotate" })).code, 503);
      assert.equal((await server.error({ action: "recommend" })).code, 503);
    });

    test("every action answers with the guide's keys", async () => {
      await using server = await kind.connect();
      const [first] = await fill(server);

      const list = await server.ok({ action: "list" });
      assertShape(list, GUIDE.list);
      assert.deepEqual([list.total, list.healthy, list.proxies.length], [2, 2, 2]);
      const { id: _id, ...shown } = list.proxies[0];
      assert.deepEqual({ ...shown }, {
        url: "http://proxy1.example.com:8080",
        status: "healthy",
        success_rate: 0.95,
        avg_latency_ms: 120.5,
        region: "US",
        total_requests: 80,
        total_successes: 76,
        total_failures: 4,
      });

      assertShape(await server.ok({ action: "rotate" }), GUIDE.rotate);

      const status = await server.ok({ action: "status", proxy_id: first });
      assertShape(status, GUIDE.status);
      assert.equal(status.proxy_id, first);
      assert.equal(status.health.circuit_breaker, "closed");
      assert.equal(status.metrics.ema_response_time_ms, 120.5);

      const criteria = { region: "US", performance: "high" };
      const { recommendation } = await server.ok({ action: "recommend", criteria });
      assertShape({ recommendation }, GUIDE.recommend);
      assert.equal(recommendation.id, first);
      assert.equal(recommendation.metrics.performance_tier, "high");
      assert.match(recommendation.reason, /high/);
      assert.match(recommendation.reason, /US/);

      const health = await server.ok({ action: "health" });
      assertShape(health, GUIDE.health);
      assert.equal(health.pool_status, "healthy");
      assert.deepEqual(health.rate_limit, GUIDE.health.rate_limit);

      for (let i = 0; i < 5; i++) {
        await server.ok({ action: "report", proxy_id: first, target, outcome: "dead" });
      }
      const broken = await server.ok({ action: "status", proxy_id: first });
      assert.equal(broken.health.circuit_breaker, "open");
      const reset = await server.ok({ action: "reset_cb", proxy_id: first });
      assertShape(reset, GUIDE.reset_cb);
      assert.deepEqual({ ...reset }, {
        ...GUIDE.reset_cb,
        proxy_id: first,
        message: `Circuit breaker reset successfully for proxy ${first}`,
      });
    });

    test("both resources hold the guide's keys", async () => {
      await using server = await kind.connect();
      const { resources } = await server.client.listResources();
      assert.deepEqual(
        resources.slice(0, 2).map(({ uri, mimeType }: { uri: string; mimeType: string }) => [uri, mimeType]),
        [
          ["proxy://health", "application/json"],
          ["proxy://config", "application/json"],
        ],
      );
      await fill(server);
      assertShape(await server.resource("proxy://health"), GUIDE["proxy://health"]);
      const config = await server.resource("proxy://config");
      assertShape(config, GUIDE["proxy://config"]);
      for (const [key, value] of Object.entries(GUIDE["proxy://config"])) {
        assert.deepEqual(config[key], value, key);
      }
      await assert.rejects(server.client.readResource({ uri: "proxy://nope" }), /not found/i);
    });

    test("both prompts take the guide's steps", async () => {
      await using server = await kind.connect();
      const { prompts } = await server.client.listPrompts();
      assert.deepEqual(
        prompts.slice(0, 2).map(({ name }: { name: string }) => name),
        ["proxy_selection_workflow", "troubleshooting_workflow"],
      );
      const steps = {
        proxy_selection_workflow: [/assess/i, /health/i, /recommend/i, /verify/i, /rotate/i],
        troubleshooting_workflow: [
          /health/i,
          /specific proxy/i,
          /circuit breaker/i,
          /alternative/i,
          /rotate away/i,
        ],
      };
      for (const [name, expected] of Object.entries(steps)) {
        const { messages } = await server.client.getPrompt({ name });
        const headings: string[] = messages[0].content.text.match(/^## \d.*$/gm);
        assert.equal(headings.length, 5);
        expected.forEach((pattern, index) => assert.match(headings[index]!, pattern));
      }
      const { messages } = await server.client.getPrompt({
        name: "proxy_selection_workflow",
        arguments: { region: "JP" },
      });
      assert.match(messages[0].content.text, /"region": "JP"/);
    });

    test("every error of the guide has its text and code", async () => {
      await using server = await kind.connect({
        args: ["--db", ":memory:", "--api-key", "your-secret-api-key"],
      });
      const api_key = "your-secret-api-key";
      assert.partialDeepStrictEqual(await server.error({ action: "status", api_key }), {
        error: "proxy_id required for status action",
        code: 400,
      });
      assert.partialDeepStrictEqual(await server.error({ action: "reset_cb", api_key }), {
        error: "proxy_id required for reset_cb action",
        code: 400,
      });
      for (const wrong of [{}, { api_key: "wrong" }, { api_key: "" }, { api_key: null }]) {
        assert.partialDeepStrictEqual(await server.error({ action: "list", ...wrong }), {
          error: "Authentication failed: Invalid API key",
          code: 401,
        });
      }
      const unknown = "550e8400-e29b-41d4-a716-446655440000";
      for (const action of ["status", "reset_cb"]) {
        assert.partialDeepStrictEqual(await server.error({ action, proxy_id: unknown, api_key }), {
          error: `Proxy not found: ${unknown}`,
          code: 404,
        });
      }
      assert.partialDeepStrictEqual(
        await server.error({ action: "reset_cb", proxy_id: "invalid-uuid", api_key }),
        {
          code: 404,
        },
      );
      assert.equal((await server.ok({ action: "health" })).pool_status, "empty", "health needs no key");
      assert.equal((await server.ok({ action: "list", api_key })).total, 0);
    });
  });
}
