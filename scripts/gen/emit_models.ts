/** `gen/models.ts`: interfaces of every input, output, resource and shared model. */
import type { ContractModel } from "./model.ts";
import type { Field, Node } from "./node.ts";
import { comment, header, sentence } from "./text.ts";

/** Writes the file. */
export function emitModels(contract: ContractModel): string {
  const names = contract.actions.map((action) => action.name);
  let out = header("Shapes on the wire: inputs and outputs of every action, and contents of the resources.");
  out += `\n/** Name of an action. */\nexport type ActionName =\n${
    names.map((name) => `  | ${quote(name)}`).join("\n")
  };\n`;
  for (const [name, node] of contract.named) out += `\n${emitNamed(name, node)}`;
  for (const action of contract.actions) {
    out += `\n${comment(`Input of \`${action.name}\`. ${action.description}`)}`;
    out += `export interface ${action.typeName}Input {\n`;
    out += `  /** Selects the action. */\n  readonly action: ${quote(action.name)};\n`;
    out += action.inputFields.map(emitField).join("");
    out += `  /** API key, where the server asks for one. */\n  readonly api_key?: string;\n}\n`;
    out += `\n${comment(`Output of \`${action.name}\``)}`;
    out += `export interface ${action.typeName}Output {\n${action.outputFields.map(emitField).join("")}}\n`;
  }
  for (const resource of contract.resources) {
    out += `\n${comment(`Content of \`${resource.uri}\`. ${resource.description}`)}`;
    out += `export interface ${resource.typeName} {\n${resource.fields.map(emitField).join("")}}\n`;
  }
  out += `\n/** Input of any action. */\nexport type ActionInput =\n`;
  out += `${contract.actions.map((action) => `  | ${action.typeName}Input`).join("\n")};\n`;
  out += `\n/** Inputs by action. */\nexport interface ActionInputs {\n`;
  for (const action of contract.actions) out += emitMember(action, "Input");
  out += `}\n\n/** Outputs by action. */\nexport interface ActionOutputs {\n`;
  for (const action of contract.actions) out += emitMember(action, "Output");
  return `${out}}\n${ERROR_BODY}`;
}

const ERROR_BODY = `
/** Result of an action that failed. */
export interface ActionErrorBody {
  /** What went wrong and what is allowed; never holds a credential. */
  readonly error: string;
  /** HTTP-like code. */
  readonly code: number;
  /** Seconds after which a repetition can succeed. */
  readonly retry_after_s?: number;
  /** What to do next. */
  readonly next_step?: string;
}
`;

function emitMember(
  action: { readonly name: string; readonly typeName: string },
  kind: "Input" | "Output",
): string {
  return `  /** ${kind} of \`${action.name}\`. */\n  readonly ${action.name}: ${action.typeName}${kind};\n`;
}

function emitNamed(name: string, node: Node): string {
  if (node.doc === undefined) throw new TypeError(`Cannot emit ${name}: it has no documentation`);
  const doc = comment(node.doc);
  if (node.kind === "object") {
    return `${doc}export interface ${name} {\n${node.fields.map(emitField).join("")}}\n`;
  }
  return `${doc}export type ${name} = ${typeOf({ ...node, nullable: false }, true)};\n`;
}

function emitField(field: Field): string {
  const text = field.node.description;
  if (text === "") throw new TypeError(`Cannot emit ${field.key}: it has no description`);
  return `${comment(sentence(text), "  ")}  readonly ${field.key}${field.required ? "" : "?"}: ${
    typeOf(field.node)
  };\n`;
}

/** TypeScript type of a node; `inside` spells out a named one. */
export function typeOf(node: Node, inside = false): string {
  const core = !inside && node.name !== undefined ? node.name : bareType(node);
  return node.nullable ? `${core} | null` : core;
}

function bareType(node: Node): string {
  switch (node.kind) {
    case "string":
      return node.values === undefined ? "string" : node.values.map(quote).join(" | ");
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "array": {
      const item = typeOf(node.items);
      return item.includes(" ") ? `readonly (${item})[]` : `readonly ${item}[]`;
    }
    case "record":
      return `Readonly<Record<string, ${typeOf(node.items)}>>`;
    case "object":
      throw new TypeError("Cannot spell an object out: give it a name");
  }
}

function quote(text: string): string {
  return JSON.stringify(text);
}
