/** `gen/settings.ts`: the settings as data, their interface and their defaults. */
import type { SettingDefinition } from "../../schema/define.ts";
import type { SettingSpec } from "../../src/contract/spec.ts";
import type { ContractModel } from "./model.ts";
import { camel, comment, header, kebab, literal } from "./text.ts";

/** Writes the file. */
export function emitSettings(contract: ContractModel): string {
  const specs = contract.settings.map(settingSpec);
  refuseDuplicates(specs);
  let out = header("Every setting: flag, environment variables, place in the config file, default.");
  out +=
    `import type { SettingSpec } from "../src/contract/spec.ts";\nexport type * from "../src/contract/spec.ts";\n`;
  for (const group of groupsOf(specs)) {
    out += `\n${comment(`Settings under \`${group.key}\``)}export interface ${group.typeName} {\n`;
    out += group.members.map(emitMember).join("") + "}\n";
  }
  out += `\n/** Settings in force. */\nexport interface Settings {\n`;
  const seen = new Set<string>();
  for (const spec of specs) {
    const [first = ""] = spec.path;
    if (spec.path.length === 1) out += emitMember(spec);
    else if (!seen.has(first)) {
      seen.add(first);
      out += `  /** Settings under \`${spec.key.split(".")[0]}\`. */\n  readonly ${first}: ${
        groupType(spec)
      };\n`;
    }
  }
  out += `}\n\n/** Settings where nothing is set. */\nexport const DEFAULT_SETTINGS: Settings = ${
    literal(defaults(specs), "", 60)
  };\n`;
  out +=
    `\n/** Every setting, in the order of \`--help\`. */\nexport const SETTINGS: readonly SettingSpec[] = ${
      literal(specs, "", 60)
    };\n`;
  return out;
}

/** A setting as data. */
export function settingSpec(setting: SettingDefinition): SettingSpec {
  const parts = setting.key.split(".");
  const last = parts.at(-1) ?? setting.key;
  const own = `PROXYWHIRL_${setting.key.replaceAll(".", "_").toUpperCase()}`;
  const path = parts.map(camel);
  if (setting.unit === "s") path[path.length - 1] = `${camel(last)}S`;
  const spec: SettingSpec = {
    key: setting.key,
    path,
    flag: setting.flag ?? kebab(last),
    env: [own, ...setting.env ?? []],
    type: setting.type,
    ...(setting.values === undefined ? {} : { values: setting.values }),
    ...(setting.json === undefined ? {} : { json: setting.json }),
    ...(setting.list === undefined ? {} : { list: setting.list }),
    ...(setting.minimum === undefined ? {} : { minimum: setting.minimum }),
    ...(setting.maximum === undefined ? {} : { maximum: setting.maximum }),
    default: setting.default,
    ...(setting.unit === undefined ? {} : { unit: setting.unit }),
    help: setting.help,
    ...(setting.placeholder === undefined ? {} : { placeholder: setting.placeholder }),
    secret: setting.secret ?? false,
  };
  if (
    setting.values !== undefined && setting.default !== null &&
    !setting.values.includes(literalDefault(setting))
  ) {
    throw new TypeError(`Cannot use the default of ${setting.key}: it is not among its values`);
  }
  return spec;
}

function literalDefault(setting: SettingDefinition): string | boolean {
  return typeof setting.default === "boolean" ? setting.default : String(setting.default);
}

function refuseDuplicates(specs: readonly SettingSpec[]): void {
  const seen = new Set<string>();
  for (const spec of specs) {
    for (const name of [spec.key, `--${spec.flag}`, ...spec.env]) {
      if (seen.has(name)) throw new TypeError(`Cannot use ${name} for two settings`);
      seen.add(name);
    }
  }
}

function emitMember(spec: SettingSpec): string {
  const unit = spec.unit === "s" ? ", seconds" : "";
  const fallback = spec.default === null ? "" : ` @default {${JSON.stringify(spec.default)}}`;
  const type = `${typeOfSetting(spec)}${spec.default === null ? " | null" : ""}`;
  return `${comment(`${spec.help}${unit}.${fallback}`, "  ")}  readonly ${spec.path.at(-1)}: ${type};\n`;
}

function typeOfSetting(spec: SettingSpec): string {
  if (spec.type === "boolean") return "boolean";
  if (spec.type !== "string") return "number";
  return spec.values === undefined ? "string" : spec.values.map((value) => JSON.stringify(value)).join(" | ");
}

function groupType(spec: SettingSpec): string {
  const [first = ""] = spec.path;
  return `${first.charAt(0).toUpperCase()}${first.slice(1)}Settings`;
}

function groupsOf(
  specs: readonly SettingSpec[],
): { key: string; typeName: string; members: SettingSpec[] }[] {
  const groups = new Map<string, { key: string; typeName: string; members: SettingSpec[] }>();
  for (const spec of specs) {
    if (spec.path.length === 1) continue;
    if (spec.path.length > 2) throw new TypeError(`Cannot use ${spec.key}: settings go one level deep`);
    const key = spec.key.split(".")[0] ?? "";
    const group = groups.get(key) ?? { key, typeName: groupType(spec), members: [] };
    group.members.push(spec);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function defaults(specs: readonly SettingSpec[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const groups = new Map<string, Record<string, unknown>>();
  for (const spec of specs) {
    const [first = "", second] = spec.path;
    if (second === undefined) {
      out[first] = spec.default;
      continue;
    }
    const group = groups.get(first) ?? {};
    group[second] = spec.default;
    groups.set(first, group);
    out[first] = group;
  }
  return out;
}
