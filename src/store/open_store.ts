/** The one way to a store that never fails: what cannot be used is replaced by memory, and said. */

import { MemoryStore } from "./memory.ts";
import { SqliteStore, type SqliteStoreOptions } from "./sqlite.ts";
import type { Store } from "./store.ts";
import { toStoreError } from "./store_error.ts";

/** A store, and what a person should know about it. */
export interface OpenedStore {
  /** Ready for use; in memory when the file cannot be used. */
  readonly store: Store;
  /** What is wrong with the file, and what to do about it. */
  readonly warning?: string;
  /** What was done that one might not expect, such as taking over another program's proxies. */
  readonly notices: readonly string[];
}

/**
 * Opens the store at `path`: a SQLite file, or `:memory:`. A file that is not there is made on the first write.
 *
 * Never throws for a file that cannot be used, and leaves such a file as it is: the pool then lives in memory,
 * and `warning` says why. A file that can only be read gives its proxies to that memory. A file that another
 * program holds locked is opened as soon as that is over.
 *
 * @example
 * ```ts
 * import { openStore } from "@proxywhirl/mcp/store";
 *
 * const { store, warning } = await openStore(":memory:");
 * if (warning !== undefined) console.error(warning);
 * const [added] = await store.upsert([{ url: "http://203.0.113.7:8080", region: "US" }]);
 * console.log(added?.id);
 * await store.close();
 * ```
 */
export async function openStore(path: string, options: SqliteStoreOptions = {}): Promise<OpenedStore> {
  if (path === ":memory:") return { store: new MemoryStore(memoryOptions(options)), notices: [] };
  const notices: string[] = [];
  const onNotice = (notice: string) => {
    notices.push(notice);
    options.onNotice?.(notice);
  };
  const store = new SqliteStore(path, { ...options, onNotice });
  try {
    await store.open();
    return { store, notices };
  } catch (error) {
    const failure = toStoreError(error, path);
    if (failure.code === "STORE_BUSY") {
      const warning =
        `${failure.message}; its proxies are loaded, and changes written, as soon as it is free`;
      return { store, warning, notices };
    }
    const contents = failure.code === "STORE_READ_ONLY" ? await store.readOnly() : undefined;
    await store.close();
    const count = contents?.proxies.length ?? 0;
    const loaded = count > 0 ? `its ${count} proxies were loaded, and ` : "";
    const warning = `${failure.message}; ${loaded}the pool is kept in memory only`;
    return { store: new MemoryStore({ ...memoryOptions(options), ...contents }), warning, notices };
  }
}

function memoryOptions({ wallClock }: SqliteStoreOptions): { readonly wallClock?: () => number } {
  return wallClock === undefined ? {} : { wallClock };
}
