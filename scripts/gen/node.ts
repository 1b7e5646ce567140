/**
 * The form in which emitters see a schema: a small tree, read from the JSON Schema that zod makes of it.
 *
 * Going through JSON Schema keeps the emitters away from zod's inner parts, and makes one place decide which
 * constructs the contract may use: anything else is refused here.
 */
import { z } from "zod";
import type { Shape } from "../../schema/define.ts";

/** What every node carries. */
interface NodeBase {
  readonly description: string;
  readonly nullable: boolean;
  /** Name of its own in `gen/models.ts`. */
  readonly name?: string;
  /** Documentation of that name. */
  readonly doc?: string;
  readonly message?: string;
  readonly expected?: string;
  /** Whether the value must stay out of messages. */
  readonly secret?: boolean;
  /** Whether the tool publishes it without its keys. */
  readonly words?: boolean;
  /** Whether the tool publishes it without its description. */
  readonly plain?: boolean;
}

/** Text. */
export interface StringNode extends NodeBase {
  readonly kind: "string";
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly values?: readonly string[];
}

/** A number. */
export interface NumberNode extends NodeBase {
  readonly kind: "number";
  readonly integer: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** True or false. */
export interface BooleanNode extends NodeBase {
  readonly kind: "boolean";
}

/** A list. */
export interface ArrayNode extends NodeBase {
  readonly kind: "array";
  readonly items: Node;
  readonly maxItems?: number;
}

/** Known keys. */
export interface ObjectNode extends NodeBase {
  readonly kind: "object";
  readonly fields: readonly Field[];
}

/** Any keys. */
export interface RecordNode extends NodeBase {
  readonly kind: "record";
  readonly items: Node;
  readonly maxProperties?: number;
  readonly maxKeyLength?: number;
}

/** A node of the tree. */
export type Node = StringNode | NumberNode | BooleanNode | ArrayNode | ObjectNode | RecordNode;

/** A key of an object. */
export interface Field {
  readonly key: string;
  readonly required: boolean;
  readonly node: Node;
}

/** The part of JSON Schema that the contract uses. */
interface RawSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly doc?: string;
  readonly description?: string;
  readonly message?: string;
  readonly expected?: string;
  readonly secret?: boolean;
  readonly words?: boolean;
  readonly plain?: boolean;
  readonly anyOf?: readonly RawSchema[];
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: RawSchema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, RawSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | RawSchema;
  readonly propertyNames?: RawSchema;
  readonly maxProperties?: number;
}

/** Constructs that the tree has no form for. */
const FORBIDDEN = [
  "oneOf",
  "allOf",
  "not",
  "const",
  "$ref",
  "prefixItems",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "default",
];

/** Reads the fields of a shape. `where` names it in errors. */
export function fieldsOf(shape: Shape, where: string): readonly Field[] {
  const raw: RawSchema = z.toJSONSchema(z.object(shape), { io: "input", reused: "inline" }) as RawSchema;
  return fields(raw, where);
}

function fields(raw: RawSchema, where: string): readonly Field[] {
  const required = new Set(raw.required ?? []);
  return Object.entries(raw.properties ?? {}).map(([key, value]) => ({
    key,
    required: required.has(key),
    node: read(value, `${where}.${key}`),
  }));
}

function read(raw: RawSchema, where: string): Node {
  for (const key of FORBIDDEN) {
    if (key in raw) {
      throw new TypeError(`Cannot generate from ${where}: "${key}" is outside what the contract uses`);
    }
  }
  if (raw.anyOf !== undefined) return readNullable(raw, raw.anyOf, where);
  if (typeof raw.type === "object") {
    const options = raw.type.map((type) => type === "null" ? { type } : { ...raw, type });
    return readNullable(raw, options, where);
  }
  const base: NodeBase = { description: raw.description ?? "", nullable: false, ...namesOf(raw) };
  switch (raw.type) {
    case "string":
      return {
        ...base,
        kind: "string",
        ...pick(raw, "minLength", "maxLength", "format"),
        // A format of zod comes with a pattern of its own, long and of no use to a reader.
        ...(raw.format === undefined ? pick(raw, "pattern") : {}),
        ...(raw.enum === undefined ? {} : { values: raw.enum }),
      };
    case "integer":
    case "number":
      return { ...base, kind: "number", integer: raw.type === "integer", ...bounds(raw) };
    case "boolean":
      return { ...base, kind: "boolean" };
    case "array":
      if (raw.items === undefined) throw new TypeError(`Cannot generate from ${where}: an array needs items`);
      return { ...base, kind: "array", items: read(raw.items, `${where}[]`), ...pick(raw, "maxItems") };
    case "object":
      if (typeof raw.additionalProperties === "object") {
        const maxKeyLength = raw.propertyNames?.maxLength;
        return {
          ...base,
          kind: "record",
          items: read(raw.additionalProperties, `${where}.*`),
          ...pick(raw, "maxProperties"),
          ...(maxKeyLength === undefined ? {} : { maxKeyLength }),
        };
      }
      if (base.name === undefined) {
        throw new TypeError(`Cannot generate from ${where}: give the object a name`);
      }
      return { ...base, kind: "object", fields: fields(raw, where) };
    default:
      throw new TypeError(
        `Cannot generate from ${where}: type ${raw.type ?? "unknown"} is outside what the contract uses`,
      );
  }
}

function readNullable(raw: RawSchema, options: readonly RawSchema[], where: string): Node {
  const [inner, none, ...more] = options;
  if (inner === undefined || none?.type !== "null" || more.length > 0) {
    throw new TypeError(`Cannot generate from ${where}: a union of anything but one type and null`);
  }
  const node = read(inner, where);
  return { ...node, nullable: true, description: raw.description ?? node.description, ...namesOf(raw) };
}

function namesOf(raw: RawSchema): Partial<NodeBase> {
  return {
    ...(raw.title === undefined ? {} : { name: raw.title }),
    ...pick(raw, "doc", "message", "expected", "secret", "words", "plain"),
  };
}

/** Bounds, less those that only say "a safe integer". */
function bounds(raw: RawSchema): { minimum?: number; maximum?: number } {
  return {
    ...(raw.minimum === undefined || raw.minimum === Number.MIN_SAFE_INTEGER ? {} : { minimum: raw.minimum }),
    ...(raw.maximum === undefined || raw.maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum: raw.maximum }),
  };
}

function pick<T extends object, K extends keyof T>(
  source: T,
  ...keys: K[]
): { [P in K]?: NonNullable<T[P]> } {
  const out: { [P in K]?: NonNullable<T[P]> } = {};
  for (const key of keys) {
    const value = source[key];
    if (value !== undefined && value !== null) out[key] = value;
  }
  return out;
}
