import assert from "node:assert/strict";
import { test } from "node:test";
import { ACTIONS, type ActionSpec, TOOL } from "../../../gen/actions.ts";
import { lintWireSchema } from "../../../src/contract/wire_lint.ts";
import { IN_WORDS, PLAIN, wireSchema } from "../../../src/contract/wire_schema.ts";

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
        description: "a(x): does a; b(y or z): does b",
      },
      x: { type: "string", description: "[a] Ex" },
      y: { type: "string", description: "[b] Why" },
      z: { type: "string", description: "[b] Zed" },
    },
    required: ["action"],
    additionalProperties: false,
  });
});

test("wireSchema leaves limits to validation, also inside objects and lists", () => {
  const bounds = { minimum: 1, maximum: 10 };
  const text = { maxLength: 9, pattern: "^x$" };
  const schema = wireSchema([
    spec("a", {
      properties: {
        limit: { type: "integer", ...bounds, description: "Limit" },
        labels: { type: "array", maxItems: 3, items: { type: "string", ...text }, description: "Labels" },
        wish: {
          type: "object",
          properties: { maximum: { type: "string", ...text, description: "Most" } },
          description: "Wish",
        },
      },
    }),
    spec("b", { properties: { limit: { type: "integer", description: "Limit" } } }),
  ]);
  const { action: _action, ...properties } = Object(schema["properties"]);
  assert.deepEqual(properties, {
    limit: { type: "integer", description: "[a, b] Limit" },
    labels: { type: "array", items: { type: "string" }, description: "[a] Labels" },
    wish: {
      type: "object",
      properties: { maximum: { type: "string", description: "Most" } },
      description: "[a] Wish",
    },
  });
});

test("wireSchema publishes an object in words without its keys, and a plain key without its description", () => {
  const schema = wireSchema([
    spec("a", {
      properties: {
        options: {
          type: "object",
          properties: { x: { type: "string", description: "Ex" } },
          description: "x: a text",
          [IN_WORDS]: true,
        },
        wish: {
          type: "object",
          properties: { tag: { type: "string", description: "Tag", [PLAIN]: true } },
          description: "Wish",
        },
      },
    }),
  ]);
  const { action: _action, ...properties } = Object(schema["properties"]);
  assert.deepEqual(properties, {
    options: { type: "object", description: "[a] x: a text" },
    wish: { type: "object", properties: { tag: { type: "string" } }, description: "[a] Wish" },
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
