/** Where in the repository a file lies. */

import { relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Path from the root of the repository, with `/`: `src/core/mod.ts`. Begins with `../` outside of it. */
export function placeOf(filename: string): string {
  return relative(root, resolve(root, filename)).replaceAll(sep, "/");
}

/** Whether the file is part of what users run: `mod.ts` and `src/`. */
export function isProduct(place: string): boolean {
  return place === "mod.ts" || place.startsWith("src/");
}

/** Whether the file is below the folder. */
export function isIn(place: string, ...folders: string[]): boolean {
  return folders.some((folder) => place.startsWith(`${folder}/`));
}
