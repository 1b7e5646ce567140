/**
 * The output schema of a tool that does several actions: flat, without unions, with `type: "object"` at the
 * root. Clients of the older protocol revisions lose every tool of a server that publishes anything else.
 *
 * @module
 */
import type { Json, JsonObject } from "./spec.ts";

/** Keys of an error result. Results and errors have one schema. */
const ERROR_KEYS: Readonly<Record<string, JsonObject>> = {
  error: { type: "string" },
  code: { type: "integer" },
  retry_after_s: { type: "number" },
  next_step: { type: "string" },
};

/**
 * One shallow schema that every output of the given schemas, and every error, satisfies. A key that can be null
 * or has different types in different actions is left out; what is inside objects and lists is left open.
 */
export function unifiedOutputSchema(outputs: readonly JsonObject[]): JsonObject {
  const properties: Record<string, JsonObject> = {};
  for (const output of outputs) {
    for (const [key, property] of Object.entries(propertiesOf(output))) {
      const shallow = shallowOf(property);
      const known = properties[key];
      properties[key] = known === undefined ? shallow : widest(known, shallow);
    }
  }
  for (const [key, property] of Object.entries(ERROR_KEYS)) {
    const known = properties[key];
    properties[key] = known === undefined ? property : widest(known, property);
  }
  // An untyped property says nothing that its absence does not, and validators of schemas complain about it.
  const typed = Object.entries(properties).filter(([, property]) => "type" in property);
  return { type: "object", properties: Object.fromEntries(typed) };
}

function propertiesOf(schema: JsonObject): JsonObject {
  const properties = schema["properties"];
  return isObject(properties) ? properties : {};
}

function shallowOf(property: Json): JsonObject {
  const type = isObject(property) ? property["type"] : undefined;
  if (typeof type !== "string") return {};
  if (type !== "array" || !isObject(property)) return { type };
  return { type, items: shallowOf(property["items"] ?? {}) };
}

function widest(a: JsonObject, b: JsonObject): JsonObject {
  if (JSON.stringify(a) === JSON.stringify(b)) return a;
  const types = [a["type"], b["type"]];
  return types.every((type) => type === "integer" || type === "number") ? { type: "number" } : {};
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
