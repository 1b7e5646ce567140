/** From a command line to the input of an action, and back from its messages to the options. */
import type { CommandOptionSpec, CommandSpec as ActionCommandSpec } from "../contract/spec.ts";
import { UsageError } from "./exit_codes.ts";
import type { ParsedArguments } from "./parse_arguments.ts";

/**
 * The input that the arguments describe, without `action`.
 *
 * @throws {UsageError} An entry of a record has no name.
 */
export function actionInput(
  action: ActionCommandSpec,
  args: ParsedArguments,
): Readonly<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  for (const option of action.options) {
    const value = valueOf(option, action.positionals.indexOf(option.name), args);
    if (value !== undefined) setPath(input, option.path, value);
  }
  return input;
}

/** Only the last positional can take many values. */
function valueOf(option: CommandOptionSpec, position: number, args: ParsedArguments): unknown {
  const given = position < 0
    ? []
    : args.positionals.slice(position, option.multiple ? undefined : position + 1);
  if (given.length > 0) return option.multiple ? given : given[0];
  if (!args.has(option.name)) return undefined;
  switch (option.type) {
    case "record":
      return Object.fromEntries(args.texts(option.name).map((text) => readEntry(option.name, text)));
    case "boolean":
      return args.flag(option.name);
    case "string":
      return option.multiple ? args.texts(option.name) : args.text(option.name);
    default:
      return args.number(option.name);
  }
}

/** `name=value`, or as in HTTP `Name: value`. */
function readEntry(option: string, text: string): readonly [name: string, value: string] {
  const [, name, value] = /^\s*([^=:\s]+)\s*[=:]\s*(.*)$/s.exec(text) ?? [];
  // Not the text itself: it may be a key.
  if (name === undefined || value === undefined) {
    throw new UsageError(`Option --${option} has an entry of ${text.length} characters, allowed: name=value`);
  }
  return [name, value];
}

function setPath(
  target: Record<string, unknown>,
  [name = "", ...rest]: readonly string[],
  value: unknown,
): void {
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner: Record<string, unknown> = {};
  const known = target[name] ??= inner;
  setPath(known as Record<string, unknown>, rest, value);
}

/**
 * A message about an input, in the words of the command line:
 * `criteria.region must be a country code, got "x"` → `Option --region is "x", allowed: a country code`.
 */
export function inOptions(message: string, action: ActionCommandSpec): string {
  const [, path = "", allowed = "", value] = BAD_VALUE.exec(message) ?? [];
  const option = action.options.find((option) => option.path.join(".") === path);
  if (option !== undefined) {
    const what = isArgument(option, action) ? `Argument ${upper(option.name)}` : `Option --${option.name}`;
    return value === undefined ? `${what} must be ${allowed}` : `${what} is ${value}, allowed: ${allowed}`;
  }
  const [, id] = /^Invalid proxy_id format: (.*)$/s.exec(message) ?? [];
  if (id !== undefined) return `Proxy id is "${id}", allowed: one that list shows`;
  const [, head, tail = ""] = ABOUT_KEYS.exec(message) ?? [];
  return head === undefined ? message : namedAsHere(head, action) + tail;
}

const BAD_VALUE = /^([\w.]+)(?:\[\d+\])? must be (.*?)(?:, got (.*))?$/s;
/** `proxy_url or proxy_urls required for add action`, perhaps with a reason behind. */
const ABOUT_KEYS = /^(.* required|Give only one of .*) for \w+ action(.*)$/s;

/** Keys of the input become options and arguments. */
function namedAsHere(text: string, action: ActionCommandSpec): string {
  const words = new Map(action.options.map((option) => [
    option.path.join("."),
    isArgument(option, action) ? upper(option.name) : `--${option.name}`,
  ]));
  words.set("criteria", "criteria such as --region");
  return text.replace(/[a-z_]+/g, (word) => words.get(word) ?? word);
}

function isArgument({ name }: CommandOptionSpec, { positionals }: ActionCommandSpec): boolean {
  return positionals.includes(name);
}

function upper(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}
