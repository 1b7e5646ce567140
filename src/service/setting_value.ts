/** Reads and checks the value of one setting, wherever it comes from. */
import type { SettingSpec } from "../contract/spec.ts";
import { ProxyWhirlError } from "../core/errors.ts";

/** A setting is unknown or has a bad value. The message names the key, the value and what is allowed. */
export class SettingsError extends ProxyWhirlError {
  /**
   * Makes the error.
   *
   * @param message One sentence
   * @param options The cause
   */
  constructor(message: string, options?: ErrorOptions) {
    super("INVALID_SETTING", message, options);
  }
}

/** The value of a setting. */
export type SettingValue = string | number | boolean | null;

/**
 * Checks a value; text is converted to the kind that the setting wants.
 *
 * @param spec The setting.
 * @param raw From a flag, a variable or a file.
 * @param origin Where it comes from, for the message: `--log-level`, `PROXYWHIRL_DB`, `proxywhirl.json`.
 * @throws {SettingsError} The value is not allowed.
 */
export function readSettingValue(spec: SettingSpec, raw: unknown, origin: string): SettingValue {
  const value = convert(spec, raw);
  if (value !== undefined && isAllowed(spec, value)) return value;
  const shown = spec.secret ? "not usable" : JSON.stringify(raw)?.slice(0, 60) ?? String(raw);
  throw new SettingsError(`Setting ${spec.key} (${origin}) is ${shown}, allowed: ${allowedText(spec)}`);
}

function convert(spec: SettingSpec, raw: unknown): SettingValue | undefined {
  if (raw === null) return spec.default === null ? null : undefined;
  switch (spec.type) {
    case "boolean":
      return toBoolean(raw);
    case "integer":
    case "number":
      return toNumber(raw);
    case "string":
      if (spec.list === true && Array.isArray(raw)) return JSON.stringify(raw);
      if (spec.json === true && typeof raw === "object" && !Array.isArray(raw)) return JSON.stringify(raw);
      return typeof raw === "string" && raw !== "" ? listed(spec, raw) : undefined;
  }
}

function toBoolean(raw: unknown): boolean | undefined {
  if (typeof raw === "boolean") return raw;
  if (typeof raw !== "string") return undefined;
  if (/^(true|yes|on|1)$/i.test(raw)) return true;
  return /^(false|no|off|0)$/i.test(raw) ? false : undefined;
}

function toNumber(raw: unknown): number | undefined {
  const value = typeof raw === "string" && raw.trim() !== "" ? Number(raw) : raw;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The listed spelling of a word; words not listed stay as they are. */
function listed(spec: SettingSpec, word: string): string {
  const found = spec.values?.find((value) => typeof value === "string" && normal(value) === normal(word));
  return typeof found === "string" ? found : word;
}

function normal(word: string): string {
  return word.toLowerCase().replaceAll("_", "-");
}

function isAllowed(spec: SettingSpec, value: SettingValue): boolean {
  if (value === null) return true;
  if (spec.values !== undefined && !spec.values.some((allowed) => allowed === value)) return false;
  if (typeof value !== "number") return true;
  if (spec.type === "integer" && !Number.isSafeInteger(value)) return false;
  return value >= (spec.minimum ?? -Infinity) && value <= (spec.maximum ?? Infinity);
}

function allowedText(spec: SettingSpec): string {
  if (spec.values !== undefined) return spec.values.join(", ");
  if (spec.type === "boolean") return "true, false";
  if (spec.list === true) return "a list, or texts between commas";
  if (spec.type === "string") return "text";
  const kind = spec.type === "integer" ? "whole numbers" : "numbers";
  const unit = spec.unit === "s" ? " (seconds)" : "";
  if (spec.minimum !== undefined && spec.maximum !== undefined) {
    return `${kind} from ${spec.minimum} to ${spec.maximum}${unit}`;
  }
  return spec.minimum === undefined ? `${kind}${unit}` : `${kind} from ${spec.minimum}${unit}`;
}
