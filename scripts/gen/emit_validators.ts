/** `gen/validators.ts`: a reader for each action's input, made of the blocks of `src/contract/validate.ts`. */
import type { ActionModel, ContractModel } from "./model.ts";
import type { Node } from "./node.ts";
import { typeOf } from "./emit_models.ts";
import { camel, header, literal, pascal } from "./text.ts";

const API_KEY = `text({ minLength: 1, maxLength: 512, secret: true })`;

/** Writes the file. */
export function emitValidators(contract: ContractModel): string {
  const pieces = new Pieces();
  pieces.add("readApiKey", "string", API_KEY);
  const inputs = contract.actions.map((action) => emitInput(action, pieces)).join("\n");
  const types = [
    "ActionInput",
    ...contract.actions.map((action) => `${action.typeName}Input`),
    ...pieces.types,
  ].sort();
  const published = contract.actions.filter((action) => action.published).map((action) => action.name);
  let out = header("Strict validators of every action's input. They use no schema library at run time.");
  out += `import type {\n${
    [...new Set(types)].map((type) => `  ${type},\n`).join("")
  }} from "./models.ts";\n`;
  const blocks = ["boolean", "choice", "list", "number", "object", "record", "text"]
    .filter((block) => pieces.text.includes(`= ${block}(`) || pieces.text.includes(`= ${block}<`));
  out += `import {\n${
    ["input", "parseByAction", "parseInput", ...blocks].sort().map((name) => `  ${name},\n`).join("")
  }`;
  out += `  type InputReader,\n  type ParseResult,\n  type Reader,\n} from "../src/contract/validate.ts";\n`;
  out += `\nexport type { ParseResult } from "../src/contract/validate.ts";\n\n${pieces.text}\n${inputs}\n`;
  out +=
    `const READERS: ReadonlyMap<string, InputReader<ActionInput>> = new Map<string, InputReader<ActionInput>>([\n`;
  out += contract.actions.map((action) => `  [${JSON.stringify(action.name)}, ${camel(action.name)}Input],\n`)
    .join("");
  out += `]);\n\n/** What an error names as allowed: the actions that work. */\n`;
  out += `const PUBLISHED: readonly string[] = ${literal(published, "", 40)};\n`;
  out +=
    `\n/** Reads the input of whatever action it names: strict, key by key. Never throws for bad input. An error names those offered. */\n`;
  out += `export function parseActionInput(\n  value: unknown,\n`;
  out += `  offered: readonly string[] = PUBLISHED,\n): ParseResult<ActionInput> {\n`;
  out += `  return parseByAction(value, READERS, offered);\n}\n`;
  for (const action of contract.actions) {
    out += `\n/** Reads the input of \`${action.name}\`; \`action\` may be left out. */\n`;
    out +=
      `export function parse${action.typeName}Input(value: unknown): ParseResult<${action.typeName}Input> {\n`;
    out += `  return parseInput(value, ${camel(action.name)}Input);\n}\n`;
  }
  return out;
}

/** Readers of single values, each emitted once however many actions take it. */
class Pieces {
  text = "";
  readonly types: Set<string> = new Set();
  readonly #names: Map<string, string> = new Map();
  readonly #taken: Set<string> = new Set();

  /** Name of the reader with this code; `wanted` or, when that is another's, `fallback`. */
  add(wanted: string, type: string, code: string, fallback: string = wanted): string {
    const known = this.#names.get(`${wanted} ${type} ${code}`);
    if (known !== undefined) return known;
    const name = this.#taken.has(wanted) ? fallback : wanted;
    if (this.#taken.has(name)) throw new TypeError(`Cannot name a reader ${name} twice`);
    this.#taken.add(name);
    this.#names.set(`${wanted} ${type} ${code}`, name);
    this.text += `const ${name}: Reader<${type}> = ${code};\n`;
    return name;
  }
}

function emitInput(action: ActionModel, pieces: Pieces): string {
  const members = action.inputFields.map((field) =>
    `  ${field.key}: ${
      readerOf(field.node, reader(field.key), reader(`${action.name}_${field.key}`), pieces)
    },\n`
  );
  members.push("  api_key: readApiKey,\n");
  const type = `${action.typeName}Input`;
  const required = action.inputFields.filter((field) => field.required).map((field) => field.key);
  const rules = action.rules ?? [];
  const tail = rules.length > 0
    ? `, ${literal(required)}, ${literal(rules, "", 10)}`
    : required.length > 0
    ? `, ${literal(required)}`
    : "";
  return `const ${camel(action.name)}Input: InputReader<${type}> = input<${type}>(${
    JSON.stringify(action.name)
  }, {\n` +
    `${members.join("")}}${tail});\n`;
}

function readerOf(node: Node, wanted: string, fallback: string, pieces: Pieces): string {
  if (node.nullable) throw new TypeError(`Cannot read ${wanted}: null is the same as absent in an input`);
  const type = typeOf(node);
  if (node.name !== undefined) pieces.types.add(node.name);
  const { message, expected, secret } = node;
  switch (node.kind) {
    case "string": {
      if (node.values !== undefined) {
        const code = `choice<${type}>(${literal(node.values)}${options({ message, expected }, ", ")})`;
        return pieces.add(wanted, type, code, fallback);
      }
      const pattern = node.pattern === undefined ? [] : [`pattern: /${node.pattern}/`];
      if (node.format !== undefined) throw new TypeError(`Cannot read ${wanted}: formats are for outputs`);
      const { minLength, maxLength } = node;
      return pieces.add(
        wanted,
        type,
        `text(${options({ minLength, maxLength, message, expected, secret }, "", pattern)})`,
        fallback,
      );
    }
    case "number": {
      const { minimum, maximum } = node;
      const integer = node.integer ? true : undefined;
      return pieces.add(
        wanted,
        type,
        `number(${options({ integer, minimum, maximum, message, expected })})`,
        fallback,
      );
    }
    case "boolean":
      return pieces.add(wanted, type, `boolean(${options({ message, expected })})`, fallback);
    case "array": {
      const item = readerOf(node.items, `${wanted}Item`, `${fallback}Item`, pieces);
      const { maxItems } = node;
      return pieces.add(
        wanted,
        type,
        `list(${item}${options({ maxItems, message, expected }, ", ")})`,
        fallback,
      );
    }
    case "record": {
      const item = readerOf(node.items, `${wanted}Value`, `${fallback}Value`, pieces);
      const { maxProperties, maxKeyLength } = node;
      const code = `record(${item}${options({ maxProperties, maxKeyLength, message, expected }, ", ")})`;
      return pieces.add(wanted, type, code, fallback);
    }
    case "object": {
      const members = node.fields.map((field) => {
        const name = `${wanted}${pascal(field.key)}`;
        return `  ${field.key}: ${readerOf(field.node, name, `${fallback}${pascal(field.key)}`, pieces)},\n`;
      });
      const required = node.fields.filter((field) => field.required).map((field) => field.key);
      const tail = required.length === 0 ? "" : `, ${literal(required)}`;
      return pieces.add(wanted, type, `object<${type}>({\n${members.join("")}}${tail})`, fallback);
    }
  }
}

/** Options as a literal, or nothing when there are none. */
function options(
  values: Readonly<Record<string, unknown>>,
  before = "",
  more: readonly string[] = [],
): string {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const all = [...entries, ...more];
  return all.length === 0 ? "" : `${before}{ ${all.join(", ")} }`;
}

/** `proxy_id` → `readProxyId`. */
function reader(name: string): string {
  return `read${pascal(name)}`;
}
