/**
 * Building blocks of `gen/validators.ts`: readers, which take an unknown value and give it back typed, or say
 * in one sentence what is wrong with it.
 *
 * @module
 */
import type { InputRuleSpec } from "./spec.ts";
import { show, showPlain } from "./show.ts";

/** What reading an input gives: the typed value, or what is wrong with it. */
export type ParseResult<T> =
  | {
    /** The input is as it should be. */
    readonly ok: true;
    /** The input, without absent keys. */
    readonly value: T;
  }
  | {
    /** The input is not as it should be. */
    readonly ok: false;
    /** What is wrong and what is allowed, without credentials. */
    readonly message: string;
  };

/** Takes a value apart; `path` names it in messages. Throws {@linkcode InvalidInputError}. */
export type Reader<T> = (value: unknown, path: string) => T;

/** An input that is not as it should be. */
export class InvalidInputError extends Error {
  /** Stable name of the condition. */
  readonly code = "INVALID_INPUT" as const;
  /** @ignore */
  override readonly name = "InvalidInputError" as const;
}

/** How a reader words its messages. */
export interface WordingOptions {
  /** Whole message; `{value}` stands for the value. */
  readonly message?: string;
  /** What is allowed, for "<key> must be <expected>, got <value>". */
  readonly expected?: string;
}

/** Limits of a text. */
export interface TextOptions extends WordingOptions {
  /** Fewest characters (UTF-16 units). */
  readonly minLength?: number;
  /** Most characters (UTF-16 units). */
  readonly maxLength?: number;
  /** What it must match; tried only on text that is not too long. */
  readonly pattern?: RegExp;
  /** Whether the value must stay out of messages. */
  readonly secret?: boolean;
}

/** Limits of a number. */
export interface NumberOptions extends WordingOptions {
  /** Whether it must be whole. */
  readonly integer?: boolean;
  /** Smallest. */
  readonly minimum?: number;
  /** Largest. */
  readonly maximum?: number;
}

/** Limits of a list. */
export interface ListOptions extends WordingOptions {
  /** Most items. */
  readonly maxItems?: number;
}

/** Limits of a record. */
export interface RecordOptions extends WordingOptions {
  /** Most entries. */
  readonly maxProperties?: number;
  /** Longest key. */
  readonly maxKeyLength?: number;
}

/** A reader for each member of an interface. */
export type Readers<T> = { readonly [K in keyof T]-?: Reader<Exclude<T[K], undefined>> };

/** An input of one action: what it consists of besides `action`. */
export interface InputReader<T> {
  /** Name of the action. */
  readonly action: string;
  /** Reads the input, whose `action` has been looked at. */
  readonly read: (input: Readonly<Record<string, unknown>>) => T;
}

/** Reads a text. */
export function text(options: TextOptions = {}): Reader<string> {
  const { minLength = 0, maxLength = Infinity, pattern } = options;
  const expected = options.expected ?? `text of ${spanOf(minLength, maxLength)} characters`;
  return (value, path) => {
    if (
      typeof value === "string" && value.length >= minLength && value.length <= maxLength &&
      (pattern === undefined || pattern.test(value))
    ) return value;
    throw invalid(value, path, { ...options, expected });
  };
}

/** Reads one of a few words. */
export function choice<T extends string>(values: readonly T[], options: WordingOptions = {}): Reader<T> {
  const expected = options.expected ?? `one of ${values.join(", ")}`;
  return (value, path) => {
    const found = values.find((allowed) => allowed === value);
    if (found !== undefined) return found;
    throw invalid(value, path, { ...options, expected });
  };
}

/** Reads a number; never NaN or infinite. */
export function number(options: NumberOptions = {}): Reader<number> {
  const { integer = false, minimum = -Infinity, maximum = Infinity } = options;
  const expected = options.expected ?? `a ${integer ? "whole " : ""}number${rangeOf(minimum, maximum)}`;
  return (value, path) => {
    if (
      typeof value === "number" && (integer ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
      value >= minimum && value <= maximum
    ) return value;
    throw invalid(value, path, { ...options, expected });
  };
}

/** Reads true or false. */
export function boolean(options: WordingOptions = {}): Reader<boolean> {
  return (value, path) => {
    if (typeof value === "boolean") return value;
    throw invalid(value, path, { expected: "true or false", ...options });
  };
}

/** Reads a list; each item with the given reader. */
export function list<T>(item: Reader<T>, options: ListOptions = {}): Reader<readonly T[]> {
  const { maxItems = Infinity } = options;
  const expected = options.expected ?? (maxItems === Infinity ? "a list" : `a list of at most ${maxItems}`);
  return (value, path) => {
    if (!Array.isArray(value) || value.length > maxItems) {
      throw invalid(value, path, { ...options, expected });
    }
    const items: readonly unknown[] = value;
    return Array.from(items, (entry, index) => item(entry, `${path}[${index}]`));
  };
}

/** Reads an object of any keys; each value with the given reader. */
export function record<T>(item: Reader<T>, options: RecordOptions = {}): Reader<Readonly<Record<string, T>>> {
  const { maxProperties = Infinity, maxKeyLength = Infinity } = options;
  const limit = maxProperties === Infinity ? "" : ` of at most ${maxProperties} keys`;
  const expected = options.expected ?? `an object${limit}`;
  return (value, path) => {
    if (!isObject(value)) throw invalid(value, path, { ...options, expected });
    const keys = Object.keys(value);
    if (keys.length > maxProperties) throw invalid(value, path, { ...options, expected });
    // `fromEntries` makes `__proto__` an ordinary key, which assigning would not.
    return Object.fromEntries(keys.map((key) => {
      if (key === "" || key.length > maxKeyLength) {
        throw new InvalidInputError(
          `Keys of ${path} must be text of ${spanOf(1, maxKeyLength)} characters, got ${show(key)}`,
        );
      }
      return [key, item(value[key], `${path}.${showPlain(key)}`)];
    }));
  };
}

/** Reads an object of known keys. Absent are also `null`, `""` and `[]`. */
export function object<T extends object>(
  readers: Readers<T>,
  required: readonly (keyof T & string)[] = [],
): Reader<T> {
  const keys = Object.keys(readers) as (keyof T & string)[];
  return (value, path) => {
    if (!isObject(value)) throw invalid(value, path, { expected: "an object" });
    refuseUnknown(value, keys, `in ${path}`);
    for (const key of required) {
      if (isAbsent(own(value, key))) throw new InvalidInputError(`${path}.${key} required`);
    }
    return readKeys(value, readers, keys, {}, (key) => `${path}.${key}`);
  };
}

/** Reads the input of an action. Absent are also `null`, `""` and `[]`. */
export function input<T extends { readonly action: string }>(
  action: T["action"],
  readers: Readers<Omit<T, "action">>,
  required: readonly string[] = [],
  rules: readonly InputRuleSpec[] = [],
): InputReader<T> {
  const keys = Object.keys(readers) as (keyof Omit<T, "action"> & string)[];
  const where = `for ${action} action`;
  return {
    action,
    read: (value) => {
      refuseUnknown(value, keys, where, "action");
      for (const key of required) {
        if (isAbsent(own(value, key))) throw new InvalidInputError(`${key} required for ${action} action`);
      }
      for (const rule of rules) checkRule(rule, value, action);
      return readKeys<T>(value, readers as Readers<T>, keys, { action }, (key) => key);
    },
  };
}

/** Reads the input of one action; `action` may be left out. */
export function parseInput<T>(value: unknown, reader: InputReader<T>): ParseResult<T> {
  return attempt(() => {
    const source = rootOf(value);
    const action = own(source, "action");
    if (!isAbsent(action) && action !== reader.action) {
      throw invalid(action, "action", { expected: reader.action });
    }
    return reader.read(source);
  });
}

/** Reads the input of whatever action it names. `published` are the names that an error offers. */
export function parseByAction<T>(
  value: unknown,
  readers: ReadonlyMap<string, InputReader<T>>,
  published: readonly string[],
): ParseResult<T> {
  return attempt(() => {
    const source = rootOf(value);
    const action = own(source, "action");
    const reader = typeof action === "string" ? readers.get(action) : undefined;
    if (reader !== undefined) return reader.read(source);
    const fault = isAbsent(action) ? "action required" : `Unknown action: ${showPlain(action)}`;
    throw new InvalidInputError(`${fault}. Must be one of: ${published.join(", ")}`);
  });
}

function attempt<T>(read: () => T): ParseResult<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof InvalidInputError) return { ok: false, message: error.message };
    throw error;
  }
}

function rootOf(value: unknown): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw new InvalidInputError(`Arguments must be an object with the key action, got ${show(value)}`);
}

function readKeys<T>(
  source: Readonly<Record<string, unknown>>,
  readers: Readers<T>,
  keys: readonly (keyof T & string)[],
  start: object,
  pathOf: (key: string) => string,
): T {
  const out: Partial<Record<keyof T, unknown>> = { ...start };
  for (const key of keys) {
    const value = own(source, key);
    if (!isAbsent(value)) out[key] = readers[key](value, pathOf(key));
  }
  return out as T;
}

function refuseUnknown(
  source: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  where: string,
  discriminator?: string,
): void {
  for (const key of Object.keys(source)) {
    if (keys.includes(key) || key === discriminator || isAbsent(source[key])) continue;
    const allowed = keys.length === 0 ? "none" : keys.join(", ");
    throw new InvalidInputError(`Unknown key ${show(key)} ${where}. Allowed: ${allowed}`);
  }
}

function checkRule(rule: InputRuleSpec, source: Readonly<Record<string, unknown>>, action: string): void {
  const isGiven = (key: string): boolean => !isAbsent(own(source, key));
  if (rule.anyOf !== undefined && !rule.anyOf.some((group) => group.every(isGiven))) {
    throw new InvalidInputError(`${orList(rule.anyOf)} required for ${action} action`);
  }
  if (rule.atMostOne !== undefined && rule.atMostOne.filter(isGiven).length > 1) {
    throw new InvalidInputError(`Give only one of ${rule.atMostOne.join(", ")} for ${action} action`);
  }
}

/** `[[a], [b]]` → "a or b"; `[[a], [b, c]]` → "a, or b and c,". */
function orList(groups: readonly (readonly string[])[]): string {
  const words = groups.map((group) => group.join(" and "));
  return groups.every((group) => group.length === 1) ? words.join(" or ") : `${words.join(", or ")},`;
}

function invalid(value: unknown, path: string, options: TextOptions): InvalidInputError {
  if (options.message !== undefined) {
    return new InvalidInputError(options.message.replace("{value}", () => showPlain(value)));
  }
  const got = options.secret === true ? "" : `, got ${show(value)}`;
  return new InvalidInputError(`${path} must be ${options.expected ?? "something else"}${got}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Own properties only: `constructor` and the like are not input. */
function own(source: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(source, key) ? source[key] : undefined;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "" || Array.isArray(value) && value.length === 0;
}

function spanOf(least: number, most: number): string {
  if (most === Infinity) return `at least ${least}`;
  return least === 0 ? `at most ${most}` : `${least} to ${most}`;
}

function rangeOf(least: number, most: number): string {
  if (least === -Infinity && most === Infinity) return "";
  if (most === Infinity) return ` from ${least}`;
  return least === -Infinity ? ` up to ${most}` : ` from ${least} to ${most}`;
}
