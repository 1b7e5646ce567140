/** How a list is written: by the name of its file, else by its beginning. */
import { isCsvHeader } from "../../sources/parsers/csv.ts";
import { UnreadableListError } from "./list_text.ts";

/** A form of lists. */
export type ListFormat = "text" | "json" | "csv" | "toml";

const BY_EXTENSION: Readonly<Record<string, ListFormat>> = {
  json: "json",
  jsonl: "json",
  ndjson: "json",
  csv: "csv",
  tsv: "csv",
  toml: "toml",
};

/**
 * The form of a list.
 *
 * @param name Name of its file
 * @param text What it holds
 * @throws {UnreadableListError} It is in a form that is not read.
 */
export function formatOf(name: string, text: string): ListFormat {
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  if (extension === "yaml" || extension === "yml") {
    throw new UnreadableListError("YAML is not read; write it as JSON, CSV, TOML or one proxy a line");
  }
  if (/^\s*gAAAA[\w-]{60,}={0,2}\s*$/.test(text.slice(0, 200_000))) {
    throw new UnreadableListError("it is encrypted as a whole; write it again without encryption");
  }
  return BY_EXTENSION[extension] ?? sniffed(text);
}

function sniffed(text: string): ListFormat {
  const start = text.slice(0, 65_536).trimStart();
  if (/^\{\s*["}]/.test(start) || /^\[\s*(?:["{\]]|$)/.test(start)) return "json";
  const lines = start.split(/\r\n?|\n/).map((line) => line.trim()).filter((line) =>
    line !== "" && !line.startsWith("#")
  );
  const first = lines[0] ?? "";
  if (/^\[{1,2}(?:tool\.)?[a-z_]+(?:\.[a-z_]+)*\]{1,2}$/i.test(first) && !/^\[[\da-f:]*\]$/i.test(first)) {
    return "toml";
  }
  if (/^[a-z_]+\s*=\s*(?:["'[{\d]|true|false)/i.test(first)) return "toml";
  return isCsvHeader(first) ? "csv" : "text";
}
