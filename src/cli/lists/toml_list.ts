/**
 * Lists in TOML: the configuration of the Python program, with a table `[[proxies]]` for each proxy; in a
 * `pyproject.toml` under `[tool.proxywhirl]`.
 */
import type { EntryOptions } from "./list_entry.ts";
import { ListCollector } from "./list_collector.ts";
import { isRecord } from "../is_record.ts";
import { UnreadableListError } from "./list_text.ts";
import type { ListResult } from "./listed_proxy.ts";

const SHOWN_KEYS = 8;

/**
 * Reads a list in TOML.
 *
 * @throws {UnreadableListError} It is no TOML, with the place; or it has no proxies.
 */
export async function parseTomlList(text: string, options: EntryOptions): Promise<ListResult> {
  if (text.trim() === "") throw new UnreadableListError("it is empty");
  const config = sectionOf(await contentOf(text));
  const proxies = config["proxies"];
  if (proxies === undefined) throw new UnreadableListError("it has no [[proxies]]");
  if (!Array.isArray(proxies)) {
    throw new UnreadableListError(`proxies must be a list of tables, not ${nameOf(proxies)}`);
  }
  const collector = new ListCollector(options);
  for (const [index, entry] of proxies.entries()) collector.take(entry, index + 1);
  if (typeof config["proxy_file"] === "string") {
    collector.note("it names a list of its own (proxy_file), which is not read; import that file too");
  }
  const settings = Object.keys(config).filter((key) => key !== "proxies" && key !== "proxy_file");
  if (settings.length > 0) {
    const shown = settings.slice(0, SHOWN_KEYS).map((key) => key.slice(0, 40)).join(", ");
    collector.note(`its settings are not taken over (${shown}${settings.length > SHOWN_KEYS ? ", …" : ""})`);
  }
  return collector.result();
}

async function contentOf(text: string): Promise<Readonly<Record<string, unknown>>> {
  const { parse, TomlError } = await import("smol-toml");
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    // The rest of the message shows the text.
    const reason = cause.message.split("\n", 1)[0]?.replace(/^Invalid TOML document: /, "") ?? "";
    const what = `it is not valid TOML at line ${cause.line}, column ${cause.column}`;
    throw new UnreadableListError(reason === "" ? what : `${what}: ${reason}`, { cause });
  }
}

function sectionOf(content: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const tool = content["tool"];
  const section = isRecord(tool) ? tool["proxywhirl"] : undefined;
  return isRecord(section) ? section : content;
}

function nameOf(value: unknown): string {
  if (isRecord(value)) return "a single table";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}
