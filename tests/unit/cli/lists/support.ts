/** Reads a list as `import` does, without a database. */
import { Buffer } from "node:buffer";
import { type ReadList, readList, type ReadListOptions } from "../../../../src/cli/lists/read_list.ts";

/** Reads a text or the bytes of a file of that name. */
export function read(
  name: string,
  content: string | Uint8Array,
  options: Partial<ReadListOptions> = {},
): Promise<ReadList> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return readList(bytes, { name, defaultProtocol: "http", keys: () => Promise.resolve([]), ...options });
}

/** The message with which reading fails. */
export async function fault(
  name: string,
  content: string | Uint8Array,
  options: Partial<ReadListOptions> = {},
): Promise<string> {
  try {
    const { proxies } = await read(name, content, options);
    return `read ${proxies.length} proxies`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** URLs of what was read. */
export function urls({ proxies }: ReadList): readonly string[] {
  return proxies.map(({ url }) => url);
}
