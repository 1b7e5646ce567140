import assert from "node:assert/strict";
import { test } from "node:test";
import { ACTIONS, type ActionSpec, TOOL } from "../../../gen/actions.ts";
import { lintWireSchema } from "../../../src/contract/wire_lint.ts";
import { wireSchema } from "../../../src/contract/wire_schema.ts";

const published = ACTIONS.filter((action) => action.published);

function spec(name: string, more: Partial<ActionSpec>): ActionSpec {
  return {
    name,
    title: name,
    summary: `does ${name}`,
    description: name,
    effect: "read",
    idempotent: true,
    openWorld: false,
    published: true,
    requiresKey: true,
    properties: {},
    required: [],
    rules: [],
    errors: [],
    example: { request: { action: name }, response: {} },
    ...more,
  };
}

test("wireSchema names each action and what it needs", () => {
  const schema = wireSchema([
    spec("a", { required: ["x"], properties: { x: { type: "string", description: "Ex" } } }),
    spec("b", {
      properties: { y: { type: "string", description: "Why" }, z: { type: "string", description: "Zed" } },
      rules: [{ anyOf: [["y"], ["z"]] }, { atMostOne: ["y", "z"] }],
    }),
  ]);
  assert.deepEqual(schema, {
    type: "object",
    properties: {
      action: {
        type: "string",
        enum: ["a", "b"],
        description: "a (needs x): does a; b (needs y or z): does b",
      },
      x: { type: "string", description: "[a] Ex" },
      y: { type: "string", description: "[b] Why" },
      z: { type: "string", description: "[b] Zed" },
    },
    required: ["action"],
    additionalProperties: false,
  });
});

test("wireSchema takes the loosest limits of a key that several actions share", () => {
  const limit = (minimum: number, maximum: number) => ({
    type: "integer",
    minimum,
    maximum,
    description: "Limit",
  });
  const id = { type: "string", description: "Id" };
  const schema = wireSchema([
    spec("a", { properties: { limit: limit(1, 10), id: { ...id, pattern: "^x$" } } }),
    spec("b", { properties: { limit: limit(0, 5), id } }),
  ]);
  assert.deepEqual(Reflect.get(Object(schema["properties"]), "limit"), {
    type: "integer",
    minimum: 0,
    maximum: 10,
    description: "[a, b] Limit",
  });
  assert.deepEqual(Reflect.get(Object(schema["properties"]), "id"), {
    type: "string",
    description: "[a, b] Id",
  });
});

test("wireSchema refuses a key of two types", () => {
  const actions = [
    spec("a", { properties: { x: { type: "string", description: "Ex" } } }),
    spec("b", { properties: { x: { type: "integer", description: "Ex" } } }),
  ];
  assert.throws(() => wireSchema(actions), /Cannot merge "x": a, b differ in its type/);
});

test("wireSchema offers api_key only when asked to", () => {
  assert.ok(!JSON.stringify(wireSchema(published)).includes("api_key"));
  assert.ok(JSON.stringify(wireSchema(published, { apiKey: true })).includes("api_key"));
});

test("wireSchema leaves out keys of actions that are not offered", () => {
  const read = published.filter((action) => action.effect === "read");
  const text = JSON.stringify(wireSchema(read));
  assert.ok(!text.includes("proxy_urls") && !text.includes("lease_id"), text);
  assert.deepEqual(lintWireSchema(wireSchema(read)), []);
});

test("the published tool costs a prompt less than 6 300 characters", () => {
  const size = TOOL.description.length + JSON.stringify(wireSchema(published, { apiKey: true })).length;
  assert.ok(size < 6300, `${size} characters`);
});
