import assert from "node:assert/strict";
import { test } from "node:test";
import { ACTIONS } from "../../../gen/actions.ts";
import type { Json, JsonObject } from "../../../src/contract/spec.ts";
import { lintWireSchema } from "../../../src/contract/wire_lint.ts";
import { wireSchema } from "../../../src/contract/wire_schema.ts";

/** A sound schema with one property of the test's choice. */
function withProperty(property: JsonObject, key = "x"): JsonObject {
  const action = { type: "string", enum: ["a"], description: "a: does it" };
  const described = { description: "[a] Something", ...property };
  return {
    type: "object",
    properties: { action, [key]: described },
    required: ["action"],
    additionalProperties: false,
  };
}

function withRoot(more: JsonObject): JsonObject {
  return { ...withProperty({ type: "string" }), ...more };
}

test("lintWireSchema has nothing to say about a sound schema", () => {
  assert.deepEqual(lintWireSchema(withProperty({ type: "array", items: { type: "string" } })), []);
  assert.deepEqual(lintWireSchema(withProperty({ type: "string", format: "uuid" })), []);
});

for (const apiKey of [false, true]) {
  test(`the published tool passes the lint, ${apiKey ? "with" : "without"} api_key`, () => {
    assert.deepEqual(lintWireSchema(wireSchema(ACTIONS, { apiKey })), []);
    assert.deepEqual(
      lintWireSchema(wireSchema(ACTIONS.filter((action) => action.published), { apiKey })),
      [],
    );
  });
}

const some: Json = [{ type: "string" }];

const ROOT: readonly (readonly [JsonObject, RegExp])[] = [
  [{ oneOf: some }, /^root: "oneOf" is refused$/],
  [{ anyOf: some }, /^root: "anyOf" is refused$/],
  [{ allOf: some }, /^root: "allOf" is refused$/],
  [{ not: {} }, /^root: "not" is refused$/],
  [{ enum: ["x"] }, /^root: "enum" is refused$/],
  [{ $defs: {} }, /^root: "\$defs" is refused$/],
  [{ type: "array", items: {} }, /^root: "type" must be "object"$/],
  [{ additionalProperties: true }, /^root: "additionalProperties" must be false$/],
  [{ required: ["action", "x"] }, /^root: "required" must be \["action"\]$/],
];

for (const [more, message] of ROOT) {
  test(`lintWireSchema finds ${Object.keys(more)[0]} at the root`, () => {
    const found = lintWireSchema(withRoot(more));
    assert.ok(found.some((line) => message.test(line)), found.join("\n"));
  });
}

const NESTED: readonly (readonly [string, JsonObject, RegExp])[] = [
  ["oneOf", { type: "string", oneOf: some }, /^root\.x: "oneOf" is refused$/],
  ["anyOf", { type: "string", anyOf: some }, /^root\.x: "anyOf" is refused$/],
  ["allOf", { type: "string", allOf: some }, /^root\.x: "allOf" is refused$/],
  ["not", { type: "string", not: {} }, /^root\.x: "not" is refused$/],
  ["a list of types", { type: ["string", "null"] }, /^root\.x: a list of types is refused$/],
  ["no type", {}, /^root\.x: a plain type is missing$/],
  ["$ref", { type: "string", $ref: "#/x" }, /^root\.x: "\$ref" is refused$/],
  ["const", { type: "string", const: "x" }, /^root\.x: "const" is refused$/],
  ["default", { type: "string", default: "x" }, /^root\.x: "default" is refused$/],
  ["propertyNames", { type: "object", propertyNames: {} }, /^root\.x: "propertyNames" is refused$/],
  ["exclusiveMinimum", { type: "number", exclusiveMinimum: 0 }, /^root\.x: "exclusiveMinimum" is refused$/],
  [
    "additionalProperties",
    { type: "object", additionalProperties: {} },
    /^root\.x: "additionalProperties" is refused$/,
  ],
  ["an array without items", { type: "array" }, /^root\.x: an array needs items$/],
  [
    "a construct inside items",
    { type: "array", items: { type: "string", const: "a" } },
    /^root\.x\[\]: "const" is refused$/,
  ],
  [
    "a construct inside properties",
    { type: "object", properties: { y: { type: "string", anyOf: some } } },
    /^root\.x\.y: "anyOf" is refused$/,
  ],
  ["format uri", { type: "string", format: "uri" }, /^root\.x: format "uri" is not one of date-time, /],
  ["an enum of numbers", { type: "integer", enum: [1, 2] }, /^root\.x: "enum" must be a list of text$/],
  [
    "an enum as long as a list of countries",
    { type: "string", enum: Array.from({ length: 249 }, (_, index) => `C${index}`) },
    /^root\.x: "enum" of 249 is too long/,
  ],
  ["no description", { type: "string", description: "" }, /^root\.x: a description is missing$/],
  [
    "a description without brackets",
    { type: "string", description: "Text" },
    /^root\.x: the description must begin/,
  ],
];

for (const [what, property, message] of NESTED) {
  test(`lintWireSchema finds ${what} in a property`, () => {
    const found = lintWireSchema(withProperty(property));
    assert.ok(found.some((line) => message.test(line)), found.join("\n"));
  });
}

test("lintWireSchema finds a key that model APIs refuse", () => {
  assert.match(
    lintWireSchema(withProperty({ type: "string" }, "a b")).join("\n"),
    /root: key "a b" must match/,
  );
});

test("lintWireSchema takes a property named like a keyword for a property", () => {
  assert.deepEqual(lintWireSchema(withProperty({ type: "string" }, "default")), []);
});
