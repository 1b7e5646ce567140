/** Nodes as JSON Schema: the wire-safe form of inputs, and the form of outputs. */
import type { Json, JsonObject } from "../../src/contract/spec.ts";
import { IN_WORDS, PLAIN } from "../../src/contract/wire_schema.ts";
import type { Field, Node } from "./node.ts";

/** A node as JSON Schema in the part of the language that every host takes. */
export function wireSchemaOf(node: Node): JsonObject {
  const out: Record<string, Json> = {};
  switch (node.kind) {
    case "string":
      out["type"] = "string";
      if (node.values !== undefined) out["enum"] = node.values;
      if (node.pattern !== undefined) out["pattern"] = node.pattern;
      if (node.format !== undefined) out["format"] = node.format;
      if (node.maxLength !== undefined) out["maxLength"] = node.maxLength;
      break;
    case "number":
      out["type"] = node.integer ? "integer" : "number";
      if (node.minimum !== undefined) out["minimum"] = node.minimum;
      if (node.maximum !== undefined) out["maximum"] = node.maximum;
      break;
    case "boolean":
      out["type"] = "boolean";
      break;
    case "array":
      out["type"] = "array";
      out["items"] = wireSchemaOf(node.items);
      if (node.maxItems !== undefined) out["maxItems"] = node.maxItems;
      break;
    case "record":
      // No schema for the values: hosts of the OpenAPI dialect refuse `additionalProperties`.
      out["type"] = "object";
      break;
    case "object":
      out["type"] = "object";
      out["properties"] = propertiesOf(node.fields);
      break;
  }
  if (node.description !== "") out["description"] = node.description;
  if (node.words === true) out[IN_WORDS] = true;
  if (node.plain === true) out[PLAIN] = true;
  return out;
}

/** Fields as `properties` of a JSON Schema. */
export function propertiesOf(fields: readonly Field[]): Record<string, JsonObject> {
  return Object.fromEntries(fields.map((field) => [field.key, wireSchemaOf(field.node)]));
}
