/** Whether a module is the program that was started. */

import process from "node:process";
import { fileSystem, urls } from "./builtin.ts";

/**
 * Whether the module with this `import.meta` is the one that the runtime was started with.
 *
 * `import.meta.main` says so on Deno, Bun and Node 24.2 or later. Older Node has no such member; there the path of
 * the script is compared, links resolved, as `import.meta.url` has them resolved too.
 *
 * @example
 * ```ts ignore
 * if (isMain(import.meta)) await main();
 * ```
 */
export function isMain(meta: ImportMeta): boolean {
  const { main } = meta as { readonly main?: boolean };
  if (main !== undefined) return main;
  const script = process.argv[1];
  if (script === undefined || !meta.url.startsWith("file:")) return false;
  try {
    return urls().pathToFileURL(fileSystem().realpathSync(script)).href === meta.url;
  } catch {
    return false; // `node -e`, the REPL: the first argument is no file
  }
}
