/**
 * Reads verdict rules that a user wrote. Nothing is taken on trust: unknown keys, wrong types and names that are taken
 * are errors, and texts are matched in linear time by RE2 (`re2js`, plain JavaScript, the same on Deno, Node and Bun).
 * The platform's own engine backtracks: on a page made for it, a pattern such as `(a+)+$` would hold the program up
 * for longer than anybody lives. RE2 knows neither look-around nor back-references; none of the rules that come with
 * the program uses them either.
 */

import { ProxyWhirlError } from "../core/mod.ts";
import type { TextPattern, VerdictRule } from "./verdict_rules.ts";
import { VERDICT_RULES } from "./verdict_rules.ts";

/** Most rules of a user. */
const MAX_RULES = 200;
/** Longest pattern, characters. */
const MAX_PATTERN = 1_000;
/** Most steps of a compiled pattern, since the time that it takes grows with them, too. */
const MAX_STEPS = 2_000;
const VERDICTS = ["ok", "blocked", "dead", "target_error"] as const;
const PATTERN = `a regular expression of at most ${MAX_PATTERN} characters`;

type Fields = Readonly<Record<string, unknown>>;

/** What each key may hold, in words and as a check. Patterns are compiled besides. */
const MEMBERS: Readonly<Record<string, readonly [string, (value: unknown) => boolean]>> = {
  name: ["1 to 60 letters, digits, -, _ and .", (value) => isText(value) && /^[\w.-]{1,60}$/.test(value)],
  verdict: [VERDICTS.join(", "), (value) => VERDICTS.some((verdict) => verdict === value)],
  status: [
    "a status from 100 to 999, or a list of them",
    (value) => isStatus(value) || (Array.isArray(value) && value.length > 0 && value.every(isStatus)),
  ],
  headers: [`an object of header names, each with ${PATTERN}`, isHeaders],
  location: [PATTERN, isPattern],
  title: [PATTERN, isPattern],
  body: [PATTERN, isPattern],
  only_from_proxy: ["true, false", (value) => typeof value === "boolean"],
  reason: ["a text of at most 200 characters", (value) => isText(value) && value.length <= 200],
};
const CONDITIONS = ["status", "headers", "location", "title", "body"];

/** A rule of a user cannot be used. */
export class VerdictRuleError extends ProxyWhirlError {
  /**
   * Makes the error.
   *
   * @param message Which rule, which key, its value, and what is allowed
   * @param options The error that caused this one
   */
  constructor(message: string, options?: ErrorOptions) {
    super("INVALID_VERDICT_RULE", `Cannot use the verdict rules: ${message}`, options);
  }
}

/**
 * Reads rules as a configuration holds them: an array of objects with the keys of {@linkcode VerdictRule} in
 * snake_case. The answer goes to the option `verdictRules` of `ProxyClient`.
 *
 * @example
 * ```ts
 * import { readVerdictRules } from "@proxywhirl/mcp/net";
 *
 * const verdictRules = await readVerdictRules([
 *   { name: "login-wall", verdict: "blocked", status: 200, title: "^sign in to continue" },
 * ]);
 * ```
 *
 * @throws {VerdictRuleError} naming the rule, the key, the value and what is allowed
 */
export async function readVerdictRules(value: unknown): Promise<readonly VerdictRule[]> {
  if (!Array.isArray(value)) throw new VerdictRuleError(`${shown(value)} is no array`);
  if (value.length > MAX_RULES) throw new VerdictRuleError(`there are more than ${MAX_RULES}`);
  if (value.length === 0) return [];
  const { RE2JS } = await import("re2js");
  const compile: Compile = (text) => {
    const pattern = RE2JS.compile(text, RE2JS.CASE_INSENSITIVE);
    if (pattern.programSize() <= MAX_STEPS) return pattern;
    throw new RangeError("it repeats too much: counted repetitions are written out");
  };
  const taken = new Set(VERDICT_RULES.map(({ name }) => name));
  return value.map((entry, index) => {
    const rule = readRule(entry, `rule ${index + 1}`, compile);
    if (taken.has(rule.name)) {
      throw new VerdictRuleError(`${whichRule(index, rule.name)} has a name that another rule has`);
    }
    taken.add(rule.name);
    return rule;
  });
}

type Compile = (text: string) => TextPattern;

function readRule(entry: unknown, place: string, compile: Compile): VerdictRule {
  if (!isFields(entry)) throw new VerdictRuleError(`${place} is ${shown(entry)}, allowed: an object`);
  const { name } = entry;
  const who = isText(name) ? `${place} ("${name.slice(0, 60)}")` : place;
  for (const [key, value] of Object.entries(entry)) {
    const member = Object.hasOwn(MEMBERS, key) ? MEMBERS[key] : undefined;
    if (member === undefined) {
      const allowed = Object.keys(MEMBERS).join(", ");
      throw new VerdictRuleError(`${who} has an unknown key "${key.slice(0, 40)}", allowed: ${allowed}`);
    }
    if (!member[1](value)) {
      throw new VerdictRuleError(`${key} of ${who} is ${shown(value)}, allowed: ${member[0]}`);
    }
  }
  for (const key of ["name", "verdict"]) {
    if (!Object.hasOwn(entry, key)) throw new VerdictRuleError(`${who} has no ${key}`);
  }
  if (!CONDITIONS.some((key) => Object.hasOwn(entry, key))) {
    throw new VerdictRuleError(`${who} fits every answer: name one of ${CONDITIONS.join(", ")}`);
  }
  const pattern = (key: string, text: unknown): TextPattern => {
    try {
      return compile(String(text));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.slice(0, 120) : "";
      throw new VerdictRuleError(
        `${key} of ${who} is ${shown(text)}, allowed: a regular expression in the syntax of RE2 (${reason})`,
        { cause },
      );
    }
  };
  const { headers, only_from_proxy: onlyFromProxy, reason, status, verdict } = entry;
  const texts = (["location", "title", "body"] as const).filter((key) => Object.hasOwn(entry, key));
  return {
    name: String(name),
    verdict: VERDICTS.find((one) => one === verdict) ?? "blocked",
    ...(status === undefined ? {} : { status: [status].flat().map(Number) }),
    ...(isFields(headers)
      ? {
        headers: Object.fromEntries(
          Object.entries(headers).map(([field, text]) => [field, pattern(`headers.${field}`, text)]),
        ),
      }
      : {}),
    ...Object.fromEntries(texts.map((key) => [key, pattern(key, entry[key])])),
    ...(onlyFromProxy === undefined ? {} : { onlyFromProxy: onlyFromProxy === true }),
    ...(isText(reason) ? { reason } : {}),
  };
}

function whichRule(index: number, name: string): string {
  return `rule ${index + 1} ("${name}")`;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isPattern(value: unknown): boolean {
  return isText(value) && value.length <= MAX_PATTERN;
}

function isStatus(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 100 && value <= 999;
}

function isHeaders(value: unknown): boolean {
  return isFields(value) && Object.keys(value).length > 0 &&
    Object.entries(value).every(([name, text]) =>
      /^[!#$%&'*+.^`|~\w-]{1,100}$/.test(name) && isPattern(text)
    );
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
