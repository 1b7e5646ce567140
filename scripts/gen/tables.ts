/** The generated parts of the documentation, by the name of their marker. */
import type { InputRule } from "../../schema/define.ts";
import type { CommandSpec } from "../../src/cli/command.ts";
import { argumentPlace } from "../../src/cli/help.ts";
import { LIST_COMMANDS } from "../../src/cli/list_commands.ts";
import { SERVE } from "../../src/cli/serve_command.ts";
import { SETUP_COMMANDS } from "../../src/cli/setup_commands.ts";
import { LABEL_VALUES, METRICS, type MetricSpec, openTelemetryName } from "../../src/service/metric_table.ts";
import { commandSpecs } from "./emit_cli.ts";
import { promptSpec } from "./emit_prompts.ts";
import { settingSpec } from "./emit_settings.ts";
import type { ActionModel, ContractModel } from "./model.ts";
import type { Field, Node } from "./node.ts";
import { capital, sentence, table } from "./text.ts";

/** Every part: marker name → Markdown. */
export function emitTables(contract: ContractModel): ReadonlyMap<string, string> {
  return new Map([
    ["actions", actionsTable(contract)],
    ["action-reference", contract.actions.map(actionReference).join("\n")],
    ["errors", errorsTable(contract)],
    ["resources", resourcesTable(contract)],
    ["prompts", promptsTable(contract)],
    ["settings", settingsTable(contract)],
    ["commands", commandsTable(contract)],
    ["list-commands", programTable(LIST_COMMANDS)],
    ["metrics", metricsTable()],
    ["metric-labels", labelsTable()],
    ["setup-commands", programTable([SERVE, ...SETUP_COMMANDS])],
  ]);
}

function metricsTable(): string {
  const specs: readonly MetricSpec[] = METRICS;
  return table(
    ["Prometheus", "OpenTelemetry", "Kind", "Labels", "What it counts"],
    specs.map((spec) => [
      code(spec.name),
      code(openTelemetryName(spec)),
      spec.kind,
      spec.labels.map(code).join(", ") || "–",
      spec.help,
    ]),
  );
}

function labelsTable(): string {
  const names = Object.keys(LABEL_VALUES) as (keyof typeof LABEL_VALUES)[];
  return table(
    ["Label", "Values"],
    names.filter((name) => name !== "version").map((name) => [
      code(name),
      name === "action" ? "names of actions" : LABEL_VALUES[name].map(code).join(", "),
    ]),
  );
}

function actionsTable(contract: ContractModel): string {
  return table(
    ["Action", "What it does", "Effect", "Required", "Optional"],
    contract.actions.filter((action) => action.published).map((action) => [
      code(action.name),
      `${capital(action.summary)}`,
      action.effect,
      requiredText(action),
      optionalText(action),
    ]),
  );
}

function requiredText(action: ActionModel): string {
  const keys = action.inputFields.filter((field) => field.required).map((field) => code(field.key));
  const groups = (action.rules ?? []).flatMap((rule) =>
    "anyOf" in rule ? [rule.anyOf.map((group) => group.map(code).join(" + ")).join(" or ")] : []
  );
  return [...keys, ...groups].join(", ") || "–";
}

function optionalText(action: ActionModel): string {
  const grouped = new Set((action.rules ?? []).flatMap((rule) => "anyOf" in rule ? rule.anyOf.flat() : []));
  const keys = action.inputFields.filter((field) => !field.required && !grouped.has(field.key))
    .map((field) => code(field.key));
  if (action.requiresKey ?? true) keys.push(code("api_key"));
  return keys.join(", ") || "–";
}

function actionReference(action: ActionModel): string {
  const later = action.published ? "" : "\nAnnounced, but not working in this version: it answers 501.\n";
  let out = `### \`${action.name}\`: ${action.title.toLowerCase()}\n\n${action.description}\n${later}\n`;
  if (action.inputFields.length > 0) {
    out += table(
      ["Input", "Type", "Required", "Meaning"],
      action.inputFields.flatMap((field) => inputRows(field, "")),
    );
    out += "\n";
  }
  for (const rule of action.rules ?? []) out += `${ruleText(rule)}\n\n`;
  out += `${
    table(["Output", "Type", "Meaning"], action.outputFields.flatMap((field) => outputRows(field, "")))
  }\n`;
  if (action.errors.length > 0) {
    out += table(
      ["Code", "Error", "When"],
      action.errors.map((error) => [`${error.code}`, code(error.text), error.when]),
    );
    out += "\n";
  }
  out += `\`\`\`json\n${oneLine(action.example.request)}\n\`\`\`\n\n`;
  return `${out}\`\`\`json\n${JSON.stringify(action.example.response, null, 2)}\n\`\`\`\n`;
}

function ruleText(rule: InputRule): string {
  if ("atMostOne" in rule) return `At most one of ${rule.atMostOne.map(code).join(", ")}.`;
  return `Required: ${rule.anyOf.map((group) => group.map(code).join(" and ")).join(", or ")}.`;
}

function inputRows(field: Field, before: string): readonly string[][] {
  const { node } = field;
  const row = [
    code(before + field.key),
    typeText(node),
    field.required ? "yes" : "",
    sentence(node.description),
  ];
  return [
    row,
    ...node.kind === "object" ? node.fields.flatMap((inner) => inputRows(inner, `${field.key}.`)) : [],
  ];
}

function outputRows(field: Field, before: string): readonly string[][] {
  const { node } = field;
  const inner = node.kind === "array" ? node.items : node;
  const path = `${before}${field.key}${node.kind === "array" ? "[]" : ""}`;
  const absent = field.required ? "" : " Not always there.";
  const row = [code(before + field.key), typeText(node), sentence(node.description) + absent];
  return [
    row,
    ...inner.kind === "object" ? inner.fields.flatMap((deeper) => outputRows(deeper, `${path}.`)) : [],
  ];
}

/** A type in words, with its limits. */
function typeText(node: Node): string {
  return `${bareTypeText(node)}${node.nullable ? " or null" : ""}`;
}

function bareTypeText(node: Node): string {
  switch (node.kind) {
    case "string":
      if (node.values !== undefined) return node.values.map(code).join(", ");
      return node.format === "date-time" ? "time" : "text";
    case "number": {
      const word = node.integer ? "integer" : "number";
      const { minimum, maximum } = node;
      if (minimum === undefined) return word;
      return maximum === undefined ? `${word} from ${minimum}` : `${word}, ${minimum}–${maximum}`;
    }
    case "boolean":
      return "boolean";
    case "array":
      return `list of ${node.items.kind === "object" ? "objects" : bareTypeText(node.items)}`;
    case "record":
    case "object":
      return "object";
  }
}

function errorsTable(contract: ContractModel): string {
  const rows = new Map<string, { code: number; text: string; when: string; actions: string[] }>();
  for (const error of contract.errors) {
    rows.set(`${error.code} ${error.text}`, { ...error, actions: ["any"] });
  }
  for (const action of contract.actions.filter((action) => action.published)) {
    for (const error of action.errors) {
      const key = `${error.code} ${error.text}`;
      const known = rows.get(key);
      if (known === undefined) rows.set(key, { ...error, actions: [code(action.name)] });
      else known.actions.push(code(action.name));
    }
  }
  return table(
    ["Code", "Error", "When", "Actions"],
    [...rows.values()].sort((a, b) => a.code - b.code)
      .map((row) => [`${row.code}`, code(row.text), row.when, row.actions.join(", ")]),
  );
}

function resourcesTable(contract: ContractModel): string {
  return table(
    ["Resource", "Type", "What is in it"],
    contract.resources.map((resource) => [code(resource.uri), resource.mimeType, resource.description]),
  );
}

function promptsTable(contract: ContractModel): string {
  return table(
    ["Prompt", "Arguments (all optional)", "What it guides through"],
    contract.prompts.map(promptSpec).map((prompt) => [
      code(prompt.name),
      prompt.arguments.map((argument) => code(argument.name)).join(", "),
      prompt.description,
    ]),
  );
}

function settingsTable(contract: ContractModel): string {
  return table(
    ["Key in the file", "Flag", "Environment", "Allowed", "Default", "What it does"],
    contract.settings.map(settingSpec).map((setting) => [
      code(setting.key),
      code(`--${setting.flag}${setting.placeholder === undefined ? "" : ` ${setting.placeholder}`}`),
      setting.env.map(code).join(", "),
      allowedText(setting),
      setting.default === null ? "not set" : code(`${setting.default}`),
      `${setting.help}${setting.unit === "s" ? ", in seconds" : ""}`,
    ]),
  );
}

function allowedText(setting: ReturnType<typeof settingSpec>): string {
  if (setting.values !== undefined) return setting.values.map((value) => code(`${value}`)).join(", ");
  if (setting.minimum !== undefined && setting.maximum !== undefined) {
    return `${setting.type} ${setting.minimum}–${setting.maximum}`;
  }
  if (setting.list === true) return "list";
  return setting.type === "string" ? "text" : setting.type;
}

function commandsTable(contract: ContractModel): string {
  return table(
    ["Command", "What it does", "Example"],
    commandSpecs(contract).map((command) => [
      code(commandPlace(command)),
      command.summary,
      code(`proxywhirl ${command.examples[0]?.line}`),
    ]),
  );
}

/** Commands that are written by hand. */
function programTable(commands: readonly CommandSpec[]): string {
  return table(
    ["Command", "What it does", "Example"],
    commands.map((command) => [
      code([command.name, ...command.arguments.map(argumentPlace)].join(" ")),
      command.summary,
      code(
        `proxywhirl ${command.examples.find(({ line }) => line.startsWith(command.name))?.line ?? ""}`.trim(),
      ),
    ]),
  );
}

/** `remove PROXY_ID`, `fetch [SOURCES…]`. */
function commandPlace({ name, options, positionals }: ReturnType<typeof commandSpecs>[number]): string {
  const places = positionals.map((positional) => {
    const option = options.find((option) => option.name === positional);
    const place = positional.toUpperCase().replaceAll("-", "_") + (option?.multiple === true ? "…" : "");
    return option?.required === true ? place : `[${place}]`;
  });
  return [name, ...places].join(" ");
}

/** JSON on one line, with air. Line breaks inside texts are escaped, so that only those between tokens go. */
function oneLine(value: unknown): string {
  return JSON.stringify(value, null, 1).replaceAll(/\n */g, " ");
}

function code(text: string): string {
  return `\`${text}\``;
}
