/**
 * Lists in JSON: an array, or an object with one under `proxies`, `data` and the like; of texts, of objects, or one
 * array for each protocol; or an object a line.
 */
import { type Protocol, PROTOCOLS } from "../../core/mod.ts";
import type { EntryOptions } from "./list_entry.ts";
import { ListCollector } from "./list_collector.ts";
import { isRecord } from "../is_record.ts";
import { UnreadableListError } from "./list_text.ts";
import type { ListResult } from "./listed_proxy.ts";

const LIST_KEYS = ["proxies", "data", "items", "results", "proxy_list"] as const;
/** The place of a fault is not looked for in longer texts. */
const MAX_LOCATED_LENGTH = 20_000_000;
const STRICT = { disallowComments: true, allowTrailingComma: false };

/**
 * Reads a list in JSON.
 *
 * @throws {UnreadableListError} It is no JSON, with the place; or there is no list in it.
 */
export async function parseJsonList(text: string, options: EntryOptions): Promise<ListResult> {
  const collector = new ListCollector(options);
  let number = 0;
  for (const { entries, protocol } of groupsOf(await contentOf(text))) {
    for (const entry of entries) collector.take(entry, ++number, protocol);
  }
  return collector.result();
}

interface Group {
  readonly entries: readonly unknown[];
  readonly protocol?: Protocol;
}

async function contentOf(text: string): Promise<unknown> {
  if (text.trim() === "") throw new UnreadableListError("it is empty");
  try {
    return JSON.parse(text);
  } catch (cause) {
    const lines = linesOf(text);
    if (lines !== undefined) return lines;
    throw new UnreadableListError(await faultOf(text), { cause });
  }
}

/** An object a line; undefined when the first line or most others are none. */
function linesOf(text: string): readonly unknown[] | undefined {
  const lines = text.split(/\r\n?|\n/).map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== "");
  if (lines.length < 2 || !lines.every(({ line }) => line.startsWith("{"))) return undefined;
  return lines.map(({ line, number }) => {
    try {
      return JSON.parse(line);
    } catch {
      throw new UnreadableListError(`line ${number} is not valid JSON`);
    }
  });
}

/** The platforms' own messages quote the text, which holds passwords, and only some name the place. */
async function faultOf(text: string): Promise<string> {
  if (text.length > MAX_LOCATED_LENGTH) return "it is not valid JSON";
  const { visit } = await import("jsonc-parser");
  const offsets: number[] = [];
  try {
    visit(text, { onError: (_code, offset, length) => void offsets.push(offset, offset + length) }, STRICT);
  } catch {
    return "it is not valid JSON, and nested too deeply"; // for the stack of the library
  }
  const end = text.trimEnd().length;
  const isCut = offsets.some((offset) => offset >= end);
  const before = text.slice(0, isCut ? end : offsets[0]).split(/\r\n?|\n/);
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return `${isCut ? "it is cut off" : "it is not valid JSON"} at ${place}`;
}

function groupsOf(content: unknown): readonly Group[] {
  if (Array.isArray(content)) return [{ entries: content }];
  if (isRecord(content)) {
    const byProtocol = PROTOCOLS.filter((protocol) => Array.isArray(content[protocol]));
    if (byProtocol.length > 0) {
      return byProtocol.map((protocol) => ({
        entries: content[protocol] as readonly unknown[],
        // A list of this name holds HTTP proxies that tunnel HTTPS, and its entries stand among those of http too.
        protocol: protocol === "https" ? "http" : protocol,
      }));
    }
    const key = LIST_KEYS.find((key) => Array.isArray(content[key]) || isRecord(content[key]));
    if (key !== undefined) return groupsOf(content[key]);
  }
  throw new UnreadableListError('there is no list in it: it must be an array, or an object with "proxies"');
}
