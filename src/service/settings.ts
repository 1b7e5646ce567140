/**
 * Where settings come from: flags win over environment variables, these over the config file, and that over the
 * defaults. Everything unknown or out of range is an error, wherever it stands.
 *
 * @module
 */
import { DEFAULT_SETTINGS, SETTINGS, type Settings } from "../../gen/settings.ts";
import type { SettingSpec } from "../contract/spec.ts";
import { fileSystem, readEnvironment } from "../runtime/mod.ts";
import { checkLists } from "./list_setting.ts";
import { readSettingValue, SettingsError, type SettingValue } from "./setting_value.ts";
import { suggestion } from "./suggestion.ts";
import { verdictRuleEntries, verdictRulesOf } from "./verdict_rules_setting.ts";

/** What settings are made of. */
export interface SettingSources {
  /** Flags without their dashes, with their values. */
  readonly flags?: ReadonlyMap<string, unknown>;
  /** Values of those of the named variables that are set. @default {readEnvironment} */
  readonly readEnvironment?: (names: readonly string[]) => Readonly<Record<string, string>>;
  /** Reads the config file. @default {readFile} */
  readonly readTextFile?: (path: string) => Promise<string>;
  /** Takes what is wrong, and reading goes on with the rest. @default {the first is thrown} */
  readonly onProblem?: (problem: SettingsError) => void;
}

/** Settings ready for use. */
export interface LoadedSettings {
  /** The values. */
  readonly settings: Settings;
  /** For each key that is not the default: the flag, variable or file it comes from. */
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * Reads all settings.
 *
 * @throws {SettingsError} A key is unknown, a value not allowed, or the config file cannot be read.
 */
export async function loadSettings(sources: SettingSources = {}): Promise<LoadedSettings> {
  const flags = sources.flags ?? new Map<string, unknown>();
  const environment = (sources.readEnvironment ?? readEnvironment)(SETTINGS.flatMap((spec) => spec.env));
  const complain = complainer(sources);
  const reading = readConfigFile(flags, environment, {
    readTextFile: sources.readTextFile,
    onProblem: complain,
  });
  const fromFile = await reading.catch((error) => (complain(error), new Map<string, Given>()));
  const settings: Settings = structuredClone(DEFAULT_SETTINGS);
  const origins = new Map<string, string>();
  for (const spec of SETTINGS) {
    const given = fromFlag(spec, flags) ?? fromEnvironment(spec, environment) ?? fromFile.get(spec.key);
    if (given === undefined) continue;
    try {
      setPath(settings, spec.path, readSettingValue(spec, given.value, given.origin));
      origins.set(spec.key, given.origin);
    } catch (error) {
      complain(error);
    }
  }
  await checkLists(settings).catch(complain);
  if (settings.verdictRules === null) return { settings, origins };
  // The files are read once, so that what is checked now is what will be used.
  try {
    const rules = JSON.stringify(await verdictRuleEntries(settings.verdictRules, sources.readTextFile));
    await verdictRulesOf(rules);
    return { settings: { ...settings, verdictRules: rules }, origins };
  } catch (error) {
    complain(error);
    return { settings, origins };
  }
}

/** Gives what is wrong to whoever wants to know all of it. */
function complainer({ onProblem }: SettingSources): (error: unknown) => void {
  return (error) => {
    if (onProblem === undefined || !(error instanceof SettingsError)) throw error;
    onProblem(error);
  };
}

interface Given {
  readonly value: unknown;
  readonly origin: string;
}

function fromFlag(spec: SettingSpec, flags: ReadonlyMap<string, unknown>): Given | undefined {
  const value = flags.get(spec.flag);
  return value === undefined ? undefined : { value, origin: `--${spec.flag}` };
}

/** An empty variable counts as not set, as usual in shells. */
function fromEnvironment(
  spec: SettingSpec,
  environment: Readonly<Record<string, string>>,
): Given | undefined {
  const name = spec.env.find((name) => (environment[name] ?? "") !== "");
  return name === undefined ? undefined : { value: environment[name], origin: name };
}

async function readConfigFile(
  flags: ReadonlyMap<string, unknown>,
  environment: Readonly<Record<string, string>>,
  { onProblem, readTextFile }: {
    readonly onProblem: (problem: unknown) => void;
    readonly readTextFile: SettingSources["readTextFile"] | undefined;
  },
): Promise<ReadonlyMap<string, Given>> {
  const spec = SETTINGS.find((spec) => spec.key === "config");
  const given = spec === undefined ? undefined : fromFlag(spec, flags) ?? fromEnvironment(spec, environment);
  if (given === undefined || typeof given.value !== "string") return new Map();
  const path = given.value;
  try {
    const text = await (readTextFile ?? ((path) => fileSystem().promises.readFile(path, "utf8")))(path);
    return flatten(JSON.parse(text), path, onProblem);
  } catch (cause) {
    if (cause instanceof SettingsError) throw cause;
    const reason = cause instanceof SyntaxError ? `it is not JSON${placeOf(cause)}` : String(cause);
    throw new SettingsError(`Cannot read the config file "${path}" (${given.origin}): ${reason}`, { cause });
  }
}

/** The runtimes' messages quote the text around the place, and it may be a key. */
function placeOf(error: SyntaxError): string {
  const place = /line \d+ column \d+|position \d+/.exec(error.message)?.[0];
  return place === undefined ? "" : ` at ${place}`;
}

/** `{ "circuit_breaker": { "failure_threshold": 3 } }` and `{ "circuit_breaker.failure_threshold": 3 }` are one. */
function flatten(content: unknown, path: string, onProblem: (problem: unknown) => void): Map<string, Given> {
  const values = new Map<string, Given>();
  const visit = (value: unknown, key: string) => {
    const isGroup = key === "" || SETTINGS.some((spec) => spec.key.startsWith(`${key}.`));
    if (isGroup && isRecord(value)) {
      for (const [name, inner] of Object.entries(value)) visit(inner, key === "" ? name : `${key}.${name}`);
      return;
    }
    const keys = SETTINGS.map((spec) => spec.key).filter((key) => key !== "config");
    if (key === "") {
      throw new SettingsError(`Cannot read the config file "${path}": it must hold one JSON object`);
    }
    if (isGroup) return onProblem(new SettingsError(`Setting ${key} ("${path}") must be an object`));
    if (!keys.includes(key)) {
      const name = `"${key.slice(0, 60)}" in "${path}"${suggestion(key, keys)}`;
      return onProblem(new SettingsError(`Unknown setting ${name}`));
    }
    values.set(key, { value, origin: path });
  };
  visit(content, "");
  return values;
}

/** The path is that of the generated table, the value has been checked against it. */
function setPath(target: object, path: readonly string[], value: SettingValue): void {
  const [name = "", ...rest] = path;
  if (rest.length === 0) Reflect.set(target, name, value);
  else setPath(Reflect.get(target, name), rest, value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
