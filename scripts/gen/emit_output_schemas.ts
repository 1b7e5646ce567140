/** `gen/output_schemas.ts`: JSON Schemas of the outputs. */
import { unifiedOutputSchema } from "../../src/contract/output_schema.ts";
import type { Json, JsonObject } from "../../src/contract/spec.ts";
import type { ContractModel } from "./model.ts";
import type { Field, Node } from "./node.ts";
import { header, literal } from "./text.ts";

/** Writes the file. */
export function emitOutputSchemas(contract: ContractModel): string {
  const schemas = Object.fromEntries(
    contract.actions.map((action) => [action.name, objectSchema(action.outputFields)]),
  );
  const published = contract.actions.filter((action) => action.published);
  const unified = unifiedOutputSchema(published.map((action) => objectSchema(action.outputFields)));
  let out = header(
    "JSON Schemas of the outputs. A key that can be null has no type, since unions are refused by hosts.",
  );
  out +=
    `import type { JsonObject } from "../src/contract/spec.ts";\nimport type { ActionName } from "./models.ts";\n`;
  out +=
    `\nexport type { ActionName } from "./models.ts";\nexport type { Json, JsonObject } from "../src/contract/spec.ts";\n`;
  out += `\n/** Output of each action. */\n`;
  out += `export const OUTPUT_SCHEMAS: Readonly<Record<ActionName, JsonObject>> = ${
    literal(schemas, "", 60)
  };\n`;
  out += `\n/** Output of the tool that does every published action: flat and open, errors included. */\n`;
  out += `export const UNIFIED_OUTPUT_SCHEMA: JsonObject = ${literal(unified, "", 45)};\n`;
  return out;
}

/** Fields as the JSON Schema of an object that may have more keys. */
export function objectSchema(fields: readonly Field[]): JsonObject {
  const required = fields.filter((field) => field.required).map((field) => field.key);
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.key, outputSchemaOf(field.node)])),
    ...(required.length === 0 ? {} : { required }),
  };
}

function outputSchemaOf(node: Node): JsonObject {
  const description = node.description === "" ? {} : { description: node.description };
  if (node.nullable) return description;
  switch (node.kind) {
    case "string":
      return { type: "string", ...optional({ enum: node.values, format: node.format }), ...description };
    case "number":
      return {
        type: node.integer ? "integer" : "number",
        ...optional({ minimum: node.minimum, maximum: node.maximum }),
        ...description,
      };
    case "boolean":
      return { type: "boolean", ...description };
    case "array":
      return { type: "array", items: outputSchemaOf(node.items), ...description };
    case "record":
      return { type: "object", additionalProperties: outputSchemaOf(node.items), ...description };
    case "object":
      return { ...objectSchema(node.fields), ...description };
  }
}

function optional(values: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => value === undefined ? [] : [[key, value]]),
  );
}
