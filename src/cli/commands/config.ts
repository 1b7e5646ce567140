/** `config show` and `config check`: what is in force, where it comes from, and what is wrong with it. */
import { DEFAULT_SETTINGS, SETTINGS, type Settings } from "../../../gen/settings.ts";
import type { SettingSpec } from "../../contract/spec.ts";
import { type LoadedSettings, loadSettings, redactValue } from "../../service/mod.ts";
import { rotatorOptions } from "../../service/open_pool.ts";
import { suggestion } from "../../service/suggestion.ts";
import { ProxyRotator } from "../../core/mod.ts";
import { EXIT, type ExitCode } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { settingSources } from "../setting_options.ts";
import { type Column, printable, table } from "../table.ts";

/** A setting as it is shown. */
interface ShownSetting {
  readonly key: string;
  readonly value: string | number | boolean | null;
  /** Instead of a value that is secret. */
  readonly set?: boolean;
  /** Flag, variable or file; or `default`. */
  readonly origin: string;
}

/** Lists and rules can be long; --json shows all of them. */
const MAX_SHOWN = 60;

const COLUMNS: readonly Column<ShownSetting>[] = [
  { title: "SETTING", cell: ({ key }) => key },
  { title: "VALUE", cell: valueText, style: (text) => text === "not set" ? "dim" : undefined },
  { title: "FROM", cell: ({ origin }) => origin, style: (text) => text === "default" ? "dim" : "cyan" },
];

/** Shows the settings, or checks them. */
export async function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  const isCheck = args.positionals[0] === "check";
  const problems: string[] = [];
  const loaded = await loadSettings({
    ...settingSources(args, io),
    onProblem: ({ message }) => problems.push(message),
  });
  problems.push(...misspelt(io), ...combined(loaded.settings));
  const shown = redactValue(isCheck ? [] : SETTINGS.map((spec) => show(spec, loaded)));
  if (args.flag("json")) {
    io.out(JSON.stringify(isCheck ? { ok: problems.length === 0, problems } : shown, null, 2) + "\n");
  } else if (isCheck) {
    io.out(problems.map((problem) => `${io.paint("red", "wrong")}  ${printable(problem)}\n`).join(""));
    io.out(problems.length === 0 ? `${io.paint("green", "ok")}  ${origins(loaded)}\n` : "");
  } else {
    io.out(table(shown, COLUMNS, io.paint));
    for (const problem of problems) io.err(`${io.paintErr("red", "wrong")}  ${printable(problem)}\n`);
  }
  return problems.length === 0 ? EXIT.ok : EXIT.usage;
}

function show(spec: SettingSpec, { origins, settings }: LoadedSettings): ShownSetting {
  const origin = origins.get(spec.key) ?? "default";
  const value = spec.path.reduce<unknown>((at, name) => Reflect.get(Object(at), name), settings);
  if (spec.secret) return { key: spec.key, value: null, set: value !== null, origin };
  return { key: spec.key, value: value as ShownSetting["value"], origin };
}

function valueText({ set, value }: ShownSetting): string {
  if (set !== undefined) return set ? "set" : "not set";
  const text = value === null ? "not set" : String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}

function origins({ origins }: LoadedSettings): string {
  const all = [...new Set(origins.values())];
  if (all.length === 0) return "All settings have their defaults";
  return `${origins.size} of ${SETTINGS.length} settings are not the default; they come from ${
    all.join(", ")
  }`;
}

/** A variable with a typing error would be passed over in silence. */
function misspelt(io: CliIo): readonly string[] {
  const known = SETTINGS.flatMap(({ env }) => env);
  return io.environmentNames("PROXYWHIRL_").filter((name) => !known.includes(name)).flatMap((name) => {
    const guess = suggestion(name, known);
    return guess === "" ? [] : [`Variable ${name} is no setting${guess}`];
  });
}

/** What only shows when the settings are used: names of strategies, and rates. */
function combined(settings: Settings): readonly string[] {
  const each = [{ ...settings, pacing: null }, { ...DEFAULT_SETTINGS, pacing: settings.pacing }];
  return each.flatMap((part) => {
    try {
      new ProxyRotator(rotatorOptions(part));
      return [];
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  });
}
