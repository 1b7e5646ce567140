/** Reads a list in any form. */
import type { Protocol } from "../../core/mod.ts";
import { formatOf, type ListFormat } from "./list_format.ts";
import type { EntryOptions } from "./list_entry.ts";
import { textOfBytes } from "./list_text.ts";
import type { ListResult } from "./listed_proxy.ts";
import { parseTextList } from "./text_list.ts";

/** How to read a list. */
export interface ReadListOptions {
  /** Name of its file, which may tell its form. */
  readonly name: string;
  /** Its form, whatever the name says. @default {by name and content} */
  readonly format?: ListFormat | undefined;
  /** For entries that name no protocol. */
  readonly defaultProtocol: Protocol;
  /** Keys with which the Python program may have encrypted credentials; asked for only when there are such. */
  readonly keys: () => Promise<readonly string[]>;
}

/** A list, and how it was read. */
export interface ReadList extends ListResult {
  /** Its form. */
  readonly format: ListFormat;
}

/**
 * Reads the bytes of a list.
 *
 * @throws {UnreadableListError} It cannot be read as a whole; the message says where the fault is.
 */
export async function readList(bytes: Uint8Array, options: ReadListOptions): Promise<ReadList> {
  const { note, text } = textOfBytes(bytes);
  const format = options.format ?? formatOf(options.name, text);
  const result = await parse(text, format, options);
  return { ...result, format, notes: [...(note === undefined ? [] : [note]), ...result.notes] };
}

async function parse(text: string, format: ListFormat, options: ReadListOptions): Promise<ListResult> {
  const { defaultProtocol } = options;
  if (format === "text") return parseTextList(text, defaultProtocol);
  const keys = /gAAAA|encrypted:/.test(text) ? await options.keys() : [];
  const entries: EntryOptions = { defaultProtocol, keys };
  switch (format) {
    case "json":
      return await (await import("./json_list.ts")).parseJsonList(text, entries);
    case "csv":
      return await (await import("./csv_list.ts")).parseCsvList(text, entries);
    case "toml":
      return await (await import("./toml_list.ts")).parseTomlList(text, entries);
  }
}
