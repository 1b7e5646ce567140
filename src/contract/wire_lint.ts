/**
 * What a published input schema must not contain, because some host or model API refuses it. One refusal
 * usually costs the whole tool list, so the generator stops on any finding.
 *
 * @module
 */
import type { Json, JsonObject } from "./spec.ts";

const COMPOSITION = ["oneOf", "anyOf", "allOf", "not", "if", "then", "else"];
const FORBIDDEN = [
  "$ref",
  "$defs",
  "definitions",
  "const",
  "default",
  "propertyNames",
  "patternProperties",
  "prefixItems",
  "exclusiveMinimum",
  "exclusiveMaximum",
];
const TYPES = ["object", "array", "string", "number", "integer", "boolean"];
const FORMATS = ["date-time", "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"];
const KEY = /^[a-zA-Z0-9_.-]{1,64}$/;
/** More choices than this are a list of data, which belongs in words or in a pattern. */
const MOST_CHOICES = 64;

/** Every breach of the rules, as a sentence with its place; empty for a schema that every host takes. */
export function lintWireSchema(schema: JsonObject): readonly string[] {
  const found: string[] = [];
  if (schema["type"] !== "object") found.push('root: "type" must be "object"');
  if ("enum" in schema) found.push('root: "enum" is refused');
  if (schema["additionalProperties"] !== false) found.push('root: "additionalProperties" must be false');
  if (JSON.stringify(schema["required"]) !== '["action"]') found.push('root: "required" must be ["action"]');
  lintNode(schema, "root", found);
  for (const [key, property] of Object.entries(asObject(schema["properties"]))) {
    const text = asObject(property)["description"];
    if (typeof text !== "string" || text === "") found.push(`root.${key}: a description is missing`);
    else if (key !== "action" && !/^\[[a-z_, ]+\] ./.test(text)) {
      found.push(`root.${key}: the description must begin with the actions that take it, in brackets`);
    }
  }
  return found;
}

function lintNode(node: JsonObject, place: string, found: string[]): void {
  for (const keyword of COMPOSITION) if (keyword in node) found.push(`${place}: "${keyword}" is refused`);
  for (const keyword of FORBIDDEN) if (keyword in node) found.push(`${place}: "${keyword}" is refused`);
  const type = node["type"];
  if (Array.isArray(type)) found.push(`${place}: a list of types is refused`);
  else if (typeof type !== "string" || !TYPES.includes(type)) found.push(`${place}: a plain type is missing`);
  if (place !== "root" && "additionalProperties" in node) {
    found.push(`${place}: "additionalProperties" is refused`);
  }
  const format = node["format"];
  if (format !== undefined && !(typeof format === "string" && FORMATS.includes(format))) {
    found.push(`${place}: format ${JSON.stringify(format)} is not one of ${FORMATS.join(", ")}`);
  }
  lintChoices(node["enum"], place, found);
  if (type === "array") {
    if (isObject(node["items"])) lintNode(node["items"], `${place}[]`, found);
    else found.push(`${place}: an array needs items`);
  }
  for (const [key, property] of Object.entries(asObject(node["properties"]))) {
    if (!KEY.test(key)) found.push(`${place}: key ${JSON.stringify(key)} must match ${KEY.source}`);
    lintNode(asObject(property), `${place}.${key}`, found);
  }
}

function lintChoices(choices: Json | undefined, place: string, found: string[]): void {
  if (choices === undefined) return;
  if (
    !Array.isArray(choices) || choices.length === 0 || choices.some((choice) => typeof choice !== "string")
  ) {
    found.push(`${place}: "enum" must be a list of text`);
  } else if (choices.length > MOST_CHOICES) {
    found.push(`${place}: "enum" of ${choices.length} is too long; use a pattern or words`);
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
