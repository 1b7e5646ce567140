/**
 * Reads a command line against the specification of a command. `parseArgs` of `node:util` does the splitting
 * (its tokens are the same on Deno, Node and Bun); what it lacks is here: types, allowed values, negation,
 * "did you mean", and an error that says what was wrong.
 *
 * @module
 */
import { parseArgs } from "node:util";
import type { CommandSpec, OptionSpec } from "./command.ts";
import { suggestion } from "../service/suggestion.ts";
import { UsageError } from "./exit_codes.ts";

/** The value of one option. */
export type OptionValue = string | number | boolean;

/** A command line that fits its specification. */
export class ParsedArguments {
  /** Positional arguments, without the command. */
  readonly positionals: readonly string[];
  /** `--help` was asked for; nothing else was checked then. */
  readonly isHelpWanted: boolean;
  readonly #values: ReadonlyMap<string, readonly OptionValue[]>;

  /**
   * Holds what was read.
   *
   * @param values By the name of the option, in the order given
   */
  constructor(
    positionals: readonly string[],
    values: ReadonlyMap<string, readonly OptionValue[]>,
    isHelpWanted: boolean,
  ) {
    this.positionals = positionals;
    this.#values = values;
    this.isHelpWanted = isHelpWanted;
  }

  /** Whether the option was given. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The option's text; the last one if it was given more than once. */
  text(name: string): string | undefined {
    const value = this.#values.get(name)?.at(-1);
    return value === undefined ? undefined : String(value);
  }

  /** All texts of a repeatable option. */
  texts(name: string): readonly string[] {
    return (this.#values.get(name) ?? []).map(String);
  }

  /** The option's number. */
  number(name: string): number | undefined {
    const value = this.#values.get(name)?.at(-1);
    return typeof value === "number" ? value : undefined;
  }

  /** Whether a flag is on. */
  flag(name: string): boolean {
    return this.#values.get(name)?.at(-1) === true;
  }

  /** Every option given, with its last value. */
  *entries(): IterableIterator<[name: string, value: OptionValue]> {
    for (const [name, values] of this.#values) {
      const last = values.at(-1);
      if (last !== undefined) yield [name, last];
    }
  }
}

/**
 * Reads the arguments of a command.
 *
 * @throws {UsageError} An option is unknown, lacks its value or has a bad one; an argument is missing or too much.
 */
export function parseArguments(spec: CommandSpec, args: readonly string[]): ParsedArguments {
  const tokens = tokenize(spec, args);
  if (tokens.some((token) => token.kind === "option" && (token.name === "help" || token.rawName === "-h"))) {
    return new ParsedArguments([], new Map(), true);
  }
  const positionals: string[] = [];
  const values = new Map<string, OptionValue[]>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const { option, value } = readOption(spec, token.rawName, token.value);
    const before = values.get(option.name);
    if (before !== undefined && option.isRepeatable !== true) {
      throw new UsageError(`Option --${option.name} is given twice`);
    }
    values.set(option.name, [...(before ?? []), value]);
  }
  const missing = spec.options.find((option) => option.isRequired === true && !values.has(option.name));
  if (missing !== undefined) throw new UsageError(`Option ${usageOf(missing)} is missing: ${missing.help}`);
  return new ParsedArguments(readPositionals(spec, positionals, values), values, false);
}

/** `--outcome ok|blocked|dead`. */
function usageOf({ name, placeholder, values }: OptionSpec): string {
  return `--${name} ${values?.join("|") ?? placeholder ?? "VALUE"}`;
}

type Token = NonNullable<ReturnType<typeof parseArgs>["tokens"]>[number];

function tokenize(spec: CommandSpec, args: readonly string[]): readonly Token[] {
  const options: Record<string, { type: "boolean" | "string"; short?: string; multiple: boolean }> = {
    help: { type: "boolean", short: "h", multiple: false },
  };
  for (const option of spec.options) {
    options[option.name] = {
      type: option.type === "boolean" ? "boolean" : "string",
      multiple: true,
      ...(option.short === undefined ? {} : { short: option.short }),
    };
  }
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function readOption(spec: CommandSpec, rawName: string, text: string | undefined): {
  readonly option: OptionSpec;
  readonly value: OptionValue;
} {
  const { option, isNegated } = findOption(spec, rawName);
  if (option.type === "boolean") {
    return { option, value: readBoolean(rawName, text) !== isNegated };
  }
  if (isNegated) {
    throw new UsageError(`Option ${rawName} does not exist${suggestion(rawName, optionNames(spec))}`);
  }
  const looksLikeOption = text !== undefined && /^-[^\d]/.test(text);
  if (text === undefined || text === "" || looksLikeOption) {
    throw new UsageError(
      `Option --${option.name} needs a value: --${option.name}=${option.placeholder ?? "VALUE"}`,
    );
  }
  return { option, value: readValue(option, text) };
}

function findOption(spec: CommandSpec, rawName: string): { option: OptionSpec; isNegated: boolean } {
  const name = rawName.replace(/^--?/, "");
  const isLong = rawName.startsWith("--");
  const option = spec.options.find((option) => (isLong ? option.name : option.short) === name);
  if (option !== undefined) return { option, isNegated: false };
  const positive = isLong && name.startsWith("no-") ? name.slice(3) : undefined;
  const negated = spec.options.find((option) => option.name === positive);
  if (negated !== undefined) return { option: negated, isNegated: true };
  const command = spec.name === "" ? "" : ` of "${spec.name}"`;
  throw new UsageError(`Unknown option ${rawName}${command}${suggestion(rawName, optionNames(spec))}`);
}

function optionNames(spec: CommandSpec): readonly string[] {
  return [...spec.options.map((option) => `--${option.name}`), "--help"];
}

function readBoolean(rawName: string, text: string | undefined): boolean {
  if (text === undefined || /^(true|yes|on|1)$/i.test(text)) return true;
  if (/^(false|no|off|0)$/i.test(text)) return false;
  throw new UsageError(`Option ${rawName} is "${text}", allowed: true, false`);
}

function readValue(option: OptionSpec, text: string): OptionValue {
  if (option.type === "integer" || option.type === "number") return readNumber(option, text);
  return option.values === undefined ? text : readListed(`Option --${option.name}`, text, option.values);
}

function readNumber(
  { maximum = Infinity, minimum = -Infinity, name, type }: OptionSpec,
  text: string,
): number {
  const value = Number(text);
  const fits = type === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (fits && text.trim() !== "" && value >= minimum && value <= maximum) return value;
  const kind = type === "integer" ? "whole numbers" : "numbers";
  const from = minimum === -Infinity ? "" : ` from ${minimum}`;
  const to = maximum === Infinity ? "" : ` to ${maximum}`;
  throw new UsageError(`Option --${name} is "${text}", allowed: ${kind}${from}${to}`);
}

function readListed(what: string, text: string, values: readonly string[]): string {
  const found = values.find((value) => normal(value) === normal(text));
  if (found !== undefined) return found;
  throw new UsageError(`${what} is "${text}", allowed: ${values.join(", ")}${suggestion(text, values)}`);
}

/** Names are accepted with `-` or `_`, in any case. */
function normal(text: string): string {
  return text.toLowerCase().replaceAll("_", "-");
}

function readPositionals(
  spec: CommandSpec,
  positionals: readonly string[],
  values: ReadonlyMap<string, unknown>,
): readonly string[] {
  const twin = spec.arguments.find(({ option = "" }, index) =>
    index < positionals.length && values.has(option)
  );
  if (twin !== undefined) {
    throw new UsageError(`Argument ${twin.name} and --${twin.option} say the same: give one`);
  }
  const missing = spec.arguments.find(({ isOptional, option = "" }, index) =>
    index >= positionals.length && isOptional !== true && !values.has(option)
  );
  if (missing !== undefined) {
    const allowed = missing.values === undefined ? "" : ` (${missing.values.join(", ")})`;
    throw new UsageError(`Argument ${missing.name} is missing: ${missing.help}${allowed}`);
  }
  const isVariadic = spec.arguments.some((argument) => argument.isVariadic === true);
  const excess = positionals[spec.arguments.length];
  if (excess !== undefined && !isVariadic) throw new UsageError(`Argument "${excess}" is too much`);
  return positionals.map((text, index) => {
    const argument = spec.arguments[Math.min(index, spec.arguments.length - 1)];
    return argument?.values === undefined
      ? text
      : readListed(`Argument ${argument.name}`, text, argument.values);
  });
}
