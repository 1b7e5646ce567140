/** Options of commands that are settings: their names, values and help come from the contract. */
import { SETTINGS, type Settings } from "../../gen/settings.ts";
import type { SettingSpec } from "../contract/spec.ts";
import { type LoadedSettings, loadSettings, type SettingSources } from "../service/mod.ts";
import type { OptionSpec } from "./command.ts";
import type { CliIo } from "./io.ts";
import type { ParsedArguments } from "./parse_arguments.ts";

/** The options for some settings, or for all. Their values are checked by the settings, not by the parser. */
export function settingOptions(keys?: readonly string[]): readonly OptionSpec[] {
  return SETTINGS.filter((spec) => keys === undefined || keys.includes(spec.key)).map(toOption);
}

/**
 * The settings of a command: its options, then environment, config file, defaults.
 *
 * @throws {SettingsError} One is unknown or has a bad value.
 */
export async function settingsOf(args: ParsedArguments, io: CliIo): Promise<Settings> {
  return (await loadedSettingsOf(args, io)).settings;
}

/**
 * The same, with where each comes from.
 *
 * @param except Options that are no settings here, whatever they are called.
 * @throws {SettingsError} One is unknown or has a bad value.
 */
export function loadedSettingsOf(
  args: ParsedArguments,
  io: CliIo,
  except: readonly string[] = [],
): Promise<LoadedSettings> {
  const { flags = new Map(), ...sources } = settingSources(args, io);
  return loadSettings({ ...sources, flags: new Map([...flags].filter(([name]) => !except.includes(name))) });
}

/** Where the settings of a command come from. */
export function settingSources(args: ParsedArguments, io: CliIo): SettingSources {
  return {
    flags: new Map(args.entries()),
    readEnvironment: io.readEnvironment,
    readTextFile: io.readTextFile,
  };
}

function toOption(spec: SettingSpec): OptionSpec {
  const values = spec.values?.map(String);
  return {
    name: spec.flag,
    type: spec.type === "boolean" ? "boolean" : "string",
    ...(spec.placeholder === undefined ? {} : { placeholder: spec.placeholder }),
    ...(spec.type === "boolean" || values === undefined ? {} : { values }),
    help: spec.help,
    ...(spec.default === null ? {} : { defaultText: defaultText(spec) }),
  };
}

function defaultText(spec: SettingSpec): string {
  if (spec.type === "boolean") return spec.default === true ? "on" : "off";
  return String(spec.default);
}
