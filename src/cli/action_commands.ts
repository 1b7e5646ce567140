/** The commands that are made from actions: nobody writes them, they follow from the contract. */
import type { CommandOptionSpec, CommandSpec as ActionCommandSpec } from "../contract/spec.ts";
import type { ArgumentSpec, CommandSpec, OptionSpec } from "./command.ts";
import { settingOptions } from "./setting_options.ts";

/** For programs, on every command that shows something. */
export const JSON_OPTION: OptionSpec = { name: "json", type: "boolean", help: "Write JSON, for programs" };

/**
 * Actions that choose a proxy. Each command is a process of its own, in which round-robin would begin anew and
 * choose the first proxy every time; how often each was chosen is in the database.
 */
export const CHOOSING: readonly string[] = ["rotate", "request", "explain"];

/** How they choose when nobody says otherwise. */
export const COMMAND_STRATEGY = "least-used";

/** An action as a command. Every setting is an option too, but for those whose name the action itself uses. */
export function actionCommand(action: ActionCommandSpec): CommandSpec {
  const own = action.options.map(toOption);
  const names = new Set([...own.map(({ name }) => name), JSON_OPTION.name]);
  const shown = ["db", "config", ...action.settings];
  const isFree = ({ name }: OptionSpec) => !names.has(name);
  return {
    name: action.name,
    group: "pool",
    summary: action.summary,
    details: [inCommands(action.description)],
    arguments: action.positionals.flatMap((name) => toArgument(action.options, name)),
    options: [
      ...own.map((option) => action.positionals.includes(option.name) ? hidden(option) : option),
      JSON_OPTION,
      ...settingOptions(shown).filter(isFree).map((option) => {
        const isOther = option.name === "strategy" && CHOOSING.includes(action.name);
        return isOther ? { ...option, defaultText: `${COMMAND_STRATEGY} for a command` } : option;
      }),
      ...settingOptions().filter((option) => isFree(option) && !isShown(option, shown)).map(hidden),
    ],
    examples: action.examples,
    load: async () => (await import("./commands/action.ts")).actionRun(action),
  };
}

function isShown(option: OptionSpec, keys: readonly string[]): boolean {
  return settingOptions(keys).some(({ name }) => name === option.name);
}

function hidden(option: OptionSpec): OptionSpec {
  return { ...option, isHidden: true, isRequired: false };
}

function toArgument(options: readonly CommandOptionSpec[], name: string): readonly ArgumentSpec[] {
  const option = options.find((option) => option.name === name);
  if (option === undefined) return [];
  return [{
    name: name.toUpperCase().replaceAll("-", "_"),
    help: option.help,
    option: name,
    ...(option.values === undefined ? {} : { values: option.values }),
    ...(option.multiple ? { isVariadic: true } : {}),
    ...(option.required ? {} : { isOptional: true }),
  }];
}

function toOption(option: CommandOptionSpec): OptionSpec {
  const { maximum, minimum, multiple, name, short, type, values } = option;
  return {
    name,
    type: type === "record" ? "string" : type,
    help: inCommands(option.help),
    placeholder: placeholderOf(option),
    ...(short === undefined ? {} : { short }),
    ...(values === undefined ? {} : { values }),
    ...(multiple ? { isRepeatable: true } : {}),
    ...(option.required ? { isRequired: true } : {}),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

function placeholderOf({ name, type, values }: CommandOptionSpec): string {
  if (type === "record") return "NAME=VALUE";
  if (type === "integer" || type === "number") {
    return name.endsWith("-ms") ? "MS" : name.endsWith("-s") ? "SECONDS" : "N";
  }
  if (values !== undefined) return "NAME";
  if (/^regions?$/.test(name)) return "CC";
  if (/(^|-)urls?$/.test(name)) return "URL";
  return name.endsWith("-id") ? "ID" : "TEXT";
}

/** A text of the contract for people: without Markdown, and with the names that things have here. */
function inCommands(text: string): string {
  return text.replace(/`([^`]*)`/g, (_whole, name: string) => isKey(name) ? name.replaceAll("_", "-") : name);
}

/** And no path of a setting, which is called otherwise on the command line. */
function isKey(name: string): boolean {
  return /^[a-z]+(_[a-z]+)*$/.test(name);
}
