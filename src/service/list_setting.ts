/**
 * Settings that are lists: in a flag or a variable, texts between commas or a JSON array; in the config file, an
 * array.
 *
 * @module
 */
import { ACTIONS } from "../../gen/actions.ts";
import type { Settings } from "../../gen/settings.ts";
import { show } from "../contract/show.ts";
import { SettingsError } from "./setting_value.ts";
import { suggestion } from "./suggestion.ts";

/**
 * The members of a list setting; none when it is not set.
 *
 * @throws {SettingsError} It begins like a JSON array and is none.
 */
export function listSetting(value: string | null, key: string): readonly unknown[] {
  if (value === null) return [];
  if (!value.trimStart().startsWith("[")) {
    return value.split(",").map((text) => text.trim()).filter((text) => text !== "");
  }
  try {
    const list: unknown = JSON.parse(value);
    if (Array.isArray(list)) return list;
  } catch {
    // Told below, without the text: it may hold a key.
  }
  throw new SettingsError(`Setting ${key} begins with "[" and is not a JSON array`);
}

/**
 * The members of a list setting that are texts.
 *
 * @throws {SettingsError} One of them is not.
 */
export function textsSetting(value: string | null, key: string): readonly string[] {
  return listSetting(value, key).map((text) => {
    if (typeof text === "string" && text !== "") return text;
    throw new SettingsError(`Setting ${key} holds ${JSON.stringify(text)?.slice(0, 60)}, allowed: texts`);
  });
}

/**
 * Names of the actions that the settings allow; `undefined` for all.
 *
 * @throws {SettingsError} There is no action of such a name, or none is allowed.
 */
export function allowedActions(settings: Settings): ReadonlySet<string> | undefined {
  if (settings.allowActions === null) return undefined;
  const known = ACTIONS.map(({ name }): string => name);
  const names = textsSetting(settings.allowActions, "allow_actions").map((text) => {
    const name = text.trim().toLowerCase().replaceAll("-", "_");
    if (known.includes(name)) return name;
    throw new SettingsError(
      `Setting allow_actions holds ${show(text)}${suggestion(name, known)}, allowed: ${known.join(", ")}`,
    );
  });
  if (names.length === 0) {
    throw new SettingsError(`Setting allow_actions names no action, allowed: ${known.join(", ")}`);
  }
  return new Set(names);
}

/**
 * Checks the lists of the settings, each of which a single value's check cannot.
 *
 * @throws {SettingsError} A judge is no URL, or a source cannot be used.
 */
export async function checkLists(settings: Settings): Promise<void> {
  for (const judge of textsSetting(settings.validation.judges, "validation.judges")) {
    if (!/^https?:\/\/\S+$/i.test(judge) || !URL.canParse(judge)) {
      throw new SettingsError("Setting validation.judges holds a text that is no http or https URL");
    }
  }
  textsSetting(settings.regionFiles, "region_files");
  allowedActions(settings);
  const sources = listSetting(settings.sources.extra, "sources.extra");
  if (sources.length === 0) return;
  const { extraSources } = await import("./supply/extra_sources.ts");
  try {
    extraSources(sources);
  } catch (cause) {
    throw new SettingsError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
