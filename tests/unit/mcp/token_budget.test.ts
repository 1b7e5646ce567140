/**
 * What the tools cost in a model's prompt.
 *
 * Counted is what hosts hand on to a model: the name, the description and the input schema, with the descriptions of
 * all its properties, as one JSON text a tool, in the tokens of o200k_base (GPT-4o and later; other models' tokens
 * are of much the same size). Titles, annotations, icons and output schemas stay with the host.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { ACTIONS } from "../../../gen/actions.ts";
import type { ToolLayout } from "../../../src/mcp/mod.ts";
import { toolDefinitions } from "../../../src/mcp/tool_definitions.ts";
import { FakeService } from "./fake_service.ts";

const BUDGET = 1500;

function tokensOf(layout: ToolLayout, change: (service: FakeService) => void = () => {}): number {
  const service = new FakeService();
  service.actions = ACTIONS.filter(({ published }) => published).map(({ name }) => name);
  change(service);
  return toolDefinitions(service, layout).reduce((sum, { tool: { description, inputSchema, name } }) => {
    return sum + encode(JSON.stringify({ name, description, inputSchema })).length;
  }, 0);
}

for (const layout of ["unified", "split"] as const) {
  test(
    `The tools take less than ${BUDGET} tokens of a prompt, all together (${layout})`,
    { timeout: 30_000 },
    () => {
      for (const requiresKey of [false, true]) {
        const tokens = tokensOf(layout, (service) => service.requiresKey = requiresKey);
        assert.ok(tokens < BUDGET, `${tokens} tokens${requiresKey ? " with api_key" : ""}`);
        assert.ok(tokens > 500, "the tools were counted");
      }
    },
  );
}

test("The tool takes little when few actions are allowed", () => {
  assert.ok(tokensOf("unified", (service) => service.actions = ["rotate", "report", "health"]) < 500);
});
