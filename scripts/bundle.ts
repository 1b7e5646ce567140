/**
 * Makes one minified file of the whole program: `deno task bundle [--output FILE]`, `dist/proxywhirl.mjs` by default.
 * It starts on Deno, Node and Bun with an empty cache and without network.
 *
 * @module
 */

import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import denoConfig from "../deno.json" with { type: "json" };

const root = fileURLToPath(new URL("../", import.meta.url));

/** The npm packages that end up in it. */
const contained = ["@modelcontextprotocol/server", "zod"];

/** A bundle that has been made. */
export interface Bundle {
  /** Absolute path of the file. */
  readonly path: string;
  /** Its size in bytes. */
  readonly bytes: number;
}

/**
 * Bundles `mod.ts` and all it imports.
 *
 * @throws {Error} With the bundler's own words when it fails; the first run on a machine downloads esbuild from npm.
 */
export async function bundle(output: string): Promise<Bundle> {
  const path = resolve(output);
  await mkdir(dirname(path), { recursive: true });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "deno", "--minify", "--output", path, "mod.ts"],
    cwd: root,
    stdout: "inherit",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`Cannot bundle mod.ts: ${new TextDecoder().decode(stderr).trim()}`);
  await writeFile(path, await readFile(path, "utf8") + await licences());
  return { path, bytes: (await stat(path)).size };
}

/** Whose work the file contains, at its end: minifying drops the notices, and both licences ask for them. */
async function licences(): Promise<string> {
  const { name, version, license } = denoConfig;
  let text = `\n/*\n${name} ${version}: ${license}\n\nIt contains the following packages.\n`;
  for (const packaged of contained) {
    const own = await readFile(`${root}node_modules/${packaged}/LICENSE`, "utf8");
    text += `\n-- ${packaged}\n\n${own.trim().replaceAll("*/", "* /")}\n`;
  }
  return `${text}*/\n`;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { output: { type: "string", default: "dist/proxywhirl.mjs" } } });
  const { path, bytes } = await bundle(values.output);
  console.log(`${path}: ${Math.round(bytes / 1024)} KiB`);
}
