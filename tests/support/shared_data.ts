/**
 * A real proxy list and databases of the Python program, which are too large or not ours to ship. Tests that want
 * them look in `../shared/data` (or the folder in `PROXYWHIRL_TEST_DATA`) and are skipped where it is absent.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const folder = process.env["PROXYWHIRL_TEST_DATA"] ??
  fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** Path of a file of the shared data (`"http.txt"`, `"python/layout-a.db"`), or undefined where it is absent. */
export function sharedData(name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? path : undefined;
}

/** Why a test that needs these files is skipped, or undefined when all exist; to be given to `skipIf`. */
export function sharedDataMissing(...names: string[]): string | undefined {
  const missing = names.filter((name) => sharedData(name) === undefined);
  if (missing.length === 0) return undefined;
  return `needs ${missing.join(", ")} in ../shared/data (not part of the repository)`;
}
