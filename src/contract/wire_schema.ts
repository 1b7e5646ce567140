/**
 * The schema that a tool publishes: one flat object for all its actions.
 *
 * A union would say more, but hosts refuse it: some reject the whole request for a `oneOf` at the root, others
 * drop the tool without a word. So the published schema is the flat superset, and the strict union validates
 * behind it (`gen/validators.ts`).
 *
 * @module
 */
import type { ActionSpec, Json, JsonObject } from "./spec.ts";

/** Marks an object that is published without its keys: its description names them. */
export const IN_WORDS = "x-in-words";
/** Marks a key that is published without its description: its name says as much. */
export const PLAIN = "x-plain";

/**
 * Limits that only validation needs, whose error names them: every host pays for each word of a tool. Where one
 * matters for a good first call, the description says it.
 */
const UNPUBLISHED = new Set(["maxLength", "maxItems", "pattern", "minimum", "maximum", IN_WORDS, PLAIN]);

/** What goes into the schema besides the actions. */
export interface WireSchemaOptions {
  /** Whether to offer `api_key`; only where a key is configured. @default {false} */
  readonly apiKey?: boolean;
}

/**
 * The flat input schema for the given actions, in their order. Safe for every host known: `lintWireSchema` has
 * nothing to say about it.
 */
export function wireSchema(actions: readonly ActionSpec[], options: WireSchemaOptions = {}): JsonObject {
  const takers = new Map<string, ActionSpec[]>();
  for (const action of actions) {
    for (const key of Object.keys(action.properties)) takers.set(key, [...takers.get(key) ?? [], action]);
  }
  const properties: Record<string, JsonObject> = {
    action: {
      type: "string",
      enum: actions.map((action) => action.name),
      description: actions.map(actionLine).join("; "),
    },
  };
  for (const [key, owners] of takers) properties[key] = mergedProperty(key, owners);
  if (options.apiKey === true) {
    properties["api_key"] = {
      type: "string",
      description: "[all but health] Server key",
    };
  }
  return { type: "object", properties, required: ["action"], additionalProperties: false };
}

/** `status(proxy_id): all about …` */
function actionLine(action: ActionSpec): string {
  const needs = [
    ...action.required,
    ...action.rules.flatMap((rule) =>
      rule.anyOf === undefined ? [] : [rule.anyOf.map((group) => group.join("+")).join(" or ")]
    ),
  ];
  return `${action.name}${needs.length === 0 ? "" : `(${needs.join(", ")})`}: ${action.summary}`;
}

/** One key that several actions take: whatever one of them accepts, the result accepts. */
function mergedProperty(key: string, owners: readonly ActionSpec[]): JsonObject {
  const schemas = owners.map((owner) => owner.properties[key]).filter((schema) => schema !== undefined)
    .map(published);
  const [first, ...others] = schemas;
  if (first === undefined) throw new TypeError(`Cannot merge "${key}": no action takes it`);
  const merged: Record<string, Json> = {};
  for (const [keyword, value] of Object.entries(first)) {
    const text = JSON.stringify(value);
    if (others.every((schema) => JSON.stringify(schema[keyword]) === text)) merged[keyword] = value;
    else if (keyword === "type" || keyword === "properties" || keyword === "items") {
      throw new TypeError(
        `Cannot merge "${key}": ${owners.map((owner) => owner.name).join(", ")} differ in its ${keyword}`,
      );
    }
  }
  const text = typeof first["description"] === "string" ? ` ${first["description"]}` : "";
  return { ...merged, description: `[${owners.map((owner) => owner.name).join(", ")}]${text}` };
}

/** A schema without the limits that only validation needs, down to its leaves. */
function published(schema: JsonObject): JsonObject {
  const out: Record<string, Json> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (UNPUBLISHED.has(keyword)) continue;
    if (keyword === "properties" && schema[IN_WORDS] === true) continue;
    if (keyword === "description" && schema[PLAIN] === true) continue;
    if (keyword === "items" && isObject(value)) out[keyword] = published(value);
    else if (keyword === "properties" && isObject(value)) {
      out[keyword] = Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, isObject(inner) ? published(inner) : inner]),
      );
    } else out[keyword] = value;
  }
  return out;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
