/** `gen/cli.ts`: one command an action, with its options. */
import type { CommandOptionSpec, CommandSpec } from "../../src/contract/spec.ts";
import type { ActionModel, ContractModel } from "./model.ts";
import type { Field, Node } from "./node.ts";
import { capital, header, kebab, literal } from "./text.ts";

/** Writes the file. */
export function emitCli(contract: ContractModel): string {
  let out = header("Commands of the program that are made from actions: one command an action, as data.");
  out +=
    `import type { CommandSpec } from "../src/contract/spec.ts";\nimport type { ActionName } from "./models.ts";\n`;
  out += `\nexport type { ActionName } from "./models.ts";\nexport type * from "../src/contract/spec.ts";\n`;
  out += `\n/** Every command, in the order of the actions. */\n`;
  out += `export const COMMANDS: readonly CommandSpec<ActionName>[] = ${literal(commandSpecs(contract))};\n`;
  return out;
}

/** The actions that work, as commands. */
export function commandSpecs(contract: ContractModel): readonly CommandSpec[] {
  return contract.actions.filter((action) => action.published).map(commandSpec);
}

/** An action as a command. */
export function commandSpec(action: ActionModel): CommandSpec {
  const { examples = [], makesPool = false, settings = [] } = action.cli ?? {};
  const options = action.inputFields.flatMap((field) => optionsOf(field, []))
    .map((option) => forPeople(option, action.cli ?? {}));
  const seen = new Set<string>();
  for (const option of options) {
    if (seen.has(option.name)) throw new TypeError(`Cannot use --${option.name} twice in ${action.name}`);
    seen.add(option.name);
  }
  const positionals = (action.cli?.positionals ?? []).map(kebab);
  return {
    name: kebab(action.name),
    action: action.name,
    summary: capital(action.summary),
    description: action.description,
    openWorld: action.openWorld,
    makesPool,
    positionals,
    options,
    settings,
    examples: examples.length > 0
      ? examples
      : [{ line: exampleLine(kebab(action.name), action.example.request, options, positionals), says: "" }],
  };
}

/** With its letter, and in the words of the command line. */
function forPeople(
  option: CommandOptionSpec,
  { help = {}, short = {} }: NonNullable<ActionModel["cli"]>,
): CommandOptionSpec {
  const key = option.path.at(-1) ?? "";
  const letter = short[key];
  return { ...option, ...(letter === undefined ? {} : { short: letter }), help: help[key] ?? option.help };
}

function optionsOf(field: Field, before: readonly string[]): readonly CommandOptionSpec[] {
  const path = [...before, field.key];
  const { node } = field;
  if (node.kind === "object") return node.fields.flatMap((inner) => optionsOf(inner, path));
  const leaf = node.kind === "array" ? node.items : node;
  return [{
    name: kebab(field.key),
    path,
    type: typeOfOption(leaf),
    multiple: node.kind === "array" || node.kind === "record",
    required: field.required && before.length === 0,
    ...(leaf.kind === "string" && leaf.values !== undefined ? { values: leaf.values } : {}),
    ...(leaf.kind === "number" ? limitsOf(leaf) : {}),
    help: node.description,
  }];
}

function limitsOf({ minimum, maximum }: Node & { readonly kind: "number" }): {
  readonly minimum?: number;
  readonly maximum?: number;
} {
  return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
}

function typeOfOption(node: Node): CommandOptionSpec["type"] {
  switch (node.kind) {
    case "number":
      return node.integer ? "integer" : "number";
    case "string":
    case "boolean":
    case "record":
      return node.kind;
    default:
      throw new TypeError(`Cannot make an option of a list of ${node.kind}s`);
  }
}

/** The example's request as a command line. */
function exampleLine(
  name: string,
  request: Readonly<Record<string, unknown>>,
  options: readonly CommandOptionSpec[],
  positionals: readonly string[],
): string {
  const byPosition: string[] = [];
  const byName: string[] = [];
  for (const option of options) {
    const value = option.path.reduce<unknown>(
      (at, key) => typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined,
      request,
    );
    if (value === undefined) continue;
    const words = (Array.isArray(value) ? value : [value]).map(String);
    if (positionals.includes(option.name)) byPosition.push(...words);
    else if (option.type === "boolean") {
      byName.push(value === true ? `--${option.name}` : `--no-${option.name}`);
    } else byName.push(...words.map((word) => `--${option.name} ${word}`));
  }
  return [name, ...byPosition, ...byName].join(" ");
}
