/** The setting `verdict_rules`: rules, and files of rules. */
import type { VerdictRule } from "../net/mod.ts";
import { fileSystem } from "../runtime/mod.ts";
import { listSetting } from "./list_setting.ts";
import { SettingsError } from "./setting_value.ts";

const KEY = "verdict_rules";
/** Files larger than this hold something else. */
const MAX_FILE_LENGTH = 1_000_000;

/** Reads a file as text. */
export type ReadTextFile = (path: string) => Promise<string>;

/**
 * The rules of the setting, those of files in the place of their files.
 *
 * @throws {SettingsError} A file cannot be read, or holds no array.
 */
export async function verdictRuleEntries(
  value: string | null,
  readTextFile: ReadTextFile = (path) => fileSystem().promises.readFile(path, "utf8"),
): Promise<readonly unknown[]> {
  const entries: unknown[] = [];
  for (const entry of listSetting(value, KEY)) {
    if (typeof entry === "string") entries.push(...await readFile(entry, readTextFile));
    else entries.push(entry);
  }
  return entries;
}

/**
 * The rules of the setting, ready for a client.
 *
 * @throws {SettingsError} naming the file, or the rule, the key, the value and what is allowed
 */
export async function verdictRulesOf(value: string | null): Promise<readonly VerdictRule[]> {
  if (value === null) return [];
  const entries = await verdictRuleEntries(value);
  const { readVerdictRules } = await import("../net/read_verdict_rules.ts");
  try {
    return await readVerdictRules(entries);
  } catch (cause) {
    throw new SettingsError(`Setting ${KEY}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

async function readFile(path: string, readTextFile: ReadTextFile): Promise<readonly unknown[]> {
  let content: unknown;
  try {
    const text = await readTextFile(path);
    if (text.length > MAX_FILE_LENGTH) {
      throw new SettingsError(`it has more than ${MAX_FILE_LENGTH} characters`);
    }
    content = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof SyntaxError
      ? "it is not JSON"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new SettingsError(`Cannot read "${path}" (setting ${KEY}): ${reason}`, { cause });
  }
  if (Array.isArray(content)) return content;
  throw new SettingsError(`Cannot use "${path}" (setting ${KEY}): it must hold one JSON array of rules`);
}
