import assert from "node:assert/strict";
import { test } from "node:test";
import { ACTIONS } from "../../../gen/actions.ts";
import { lintWireSchema } from "../../../src/contract/wire_lint.ts";
import { instructions } from "../../../src/mcp/instructions.ts";
import { toolDefinitions } from "../../../src/mcp/tool_definitions.ts";
import { FakeService } from "./fake_service.ts";
import { WireClient } from "./wire.ts";

function serviceWith(...actions: string[]): FakeService {
  const service = new FakeService();
  service.actions = actions;
  return service;
}

const all = ACTIONS.filter((action) => action.published).map((action) => action.name);

test("toolDefinitions() publishes one tool whose schema every host takes", () => {
  const [definition, ...others] = toolDefinitions(serviceWith(...all), "unified");
  assert.equal(others.length, 0);
  const { tool } = definition!;
  assert.equal(tool.name, "proxywhirl");
  assert.deepEqual(lintWireSchema(JSON.parse(JSON.stringify(tool.inputSchema))), []);
  assert.deepEqual(tool.annotations, {
    title: "ProxyWhirl",
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  });
  assert.equal(tool.outputSchema?.type, "object");
  assert.equal(tool.outputSchema?.required, undefined);
});

test("toolDefinitions() offers only the actions of the service, and api_key only where there is a key", () => {
  const service = serviceWith("list", "health");
  const properties = () =>
    JSON.parse(JSON.stringify(toolDefinitions(service, "unified")[0]!.tool.inputSchema)).properties;
  assert.deepEqual(properties().action.enum, ["list", "health"]);
  assert.equal("api_key" in properties(), false);
  assert.equal("proxy_url" in properties(), false);
  service.requiresKey = true;
  assert.equal("api_key" in properties(), true);
});

test("toolDefinitions() splits by effect, so that reading can be approved once and for all", () => {
  const tools = toolDefinitions(serviceWith(...all), "split").map(({ tool, actions }) => ({
    name: tool.name,
    readOnly: tool.annotations?.readOnlyHint,
    destructive: tool.annotations?.destructiveHint,
    actions,
  }));
  assert.deepEqual(tools.map(({ name, readOnly, destructive }) => [name, readOnly, destructive]), [
    ["proxywhirl_read", true, false],
    ["proxywhirl_use", false, false],
    ["proxywhirl_manage", false, true],
  ]);
  assert.deepEqual(tools.flatMap(({ actions }) => actions).toSorted(), all.toSorted());
  assert.deepEqual(toolDefinitions(serviceWith("list"), "split").map(({ tool }) => tool.name), [
    "proxywhirl_read",
  ]);
});

test("A split tool refuses the actions of another one, and leaves unknown ones to the service", async () => {
  const service = serviceWith(...all);
  const client = new WireClient(service, "legacy", { tools: "split" });
  await client.open();
  const refused = await client.call({ action: "remove", proxy_id: "x" }, "proxywhirl_read");
  assert.equal(refused.isError, true);
  assert.equal(refused.structuredContent.code, 400);
  assert.match(
    refused.structuredContent.error,
    /^proxywhirl_read does not do remove\. Must be one of: list/,
  );
  assert.equal(refused.structuredContent.next_step, "Call proxywhirl_manage for it.");
  assert.equal(service.calls.length, 0);
  await client.call({ action: "remove" }, "proxywhirl_manage");
  await client.call({ action: "nope" }, "proxywhirl_read");
  assert.equal(service.calls.length, 2);
  assert.equal((await client.request("tools/call", { name: "proxywhirl" })).error.code, -32602);
  await client.close();
});

test("instructions() leave out what is not on offer, and tell of the key and of split tools", () => {
  const service = serviceWith(...all);
  assert.match(instructions(service, "unified"), /"action":"report"/);
  assert.doesNotMatch(instructions(service, "unified"), /api_key/);
  service.requiresKey = true;
  service.actions = ["list", "health"];
  const text = instructions(service, "split");
  assert.doesNotMatch(text, /"action":"report"/);
  assert.match(text, /api_key/);
  assert.match(text, /proxywhirl_read \(list, health\)/);
});
