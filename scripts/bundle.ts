/**
 * Makes one minified file of the whole program: `deno task bundle [--output FILE]`, `dist/proxywhirl.mjs` by default.
 * It starts on Deno, Node and Bun with an empty cache and without network.
 *
 * @module
 */

import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import denoConfig from "../deno.json" with { type: "json" };
import { deferBuiltins } from "./defer_builtins.ts";
import { runToEnd } from "./run_to_end.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

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
  const sources = await deferredSources();
  try {
    const options = ["--quiet", "--platform", "deno", "--minify", "--output", path];
    await runToEnd(Deno.execPath(), ["bundle", ...options, "mod.ts"], { cwd: sources });
  } finally {
    await rm(sources, { recursive: true });
  }
  await writeFile(path, await readFile(path, "utf8") + await licences());
  return { path, bytes: (await stat(path)).size };
}

/** A copy of the sources in which modules load the platform's when they run; see {@linkcode deferBuiltins}. */
async function deferredSources(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "proxywhirl-bundle-"));
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  for (const name of ["deno.json", "deno.lock", "mod.ts", "gen", "src"]) {
    await cp(join(root, name), join(copy, name), { recursive: true });
  }
  for (const entry of await readdir(join(copy, "src"), { recursive: true })) {
    if (!entry.endsWith(".ts")) continue;
    const file = join(copy, "src", entry);
    await writeFile(file, deferBuiltins(await readFile(file, "utf8")));
  }
  return copy;
}

/** Whose work the file contains, at its end: minifying drops the notices, and the licences ask for them. */
async function licences(): Promise<string> {
  const { name, version, license } = denoConfig;
  let text = `\n/*\n${name} ${version}: ${license}\n\nIt contains the following packages.\n`;
  for (const { name, version, localPath } of await containedPackages()) {
    const own = await licenceOf(localPath);
    text += `\n-- ${name} ${version}\n\n${own.trim().replaceAll("*/", "* /")}\n`;
  }
  return `${text}*/\n`;
}

/** The licence file of a package; of one that has none, its author and the usual text of what it names. */
async function licenceOf(folder: string): Promise<string> {
  const file = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
  if (file !== undefined) return await readFile(join(folder, file), "utf8");
  const { author, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  try {
    const usual = await readFile(join(root, "scripts/licences", `${license}.txt`), "utf8");
    return `Copyright ${author?.name ?? author}\n\n${usual}`;
  } catch (cause) {
    throw new Error(
      `Cannot bundle ${folder}: it has no licence file, and scripts/licences has no ${license}.txt`,
      {
        cause,
      },
    );
  }
}

/** The part of `deno info --json` that is read here. */
interface ModuleInfo {
  readonly modules: readonly { readonly npmPackage?: string }[];
  readonly npmPackages: Readonly<Record<string, NpmPackage>>;
}

interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
  readonly localPath: string;
}

/** The npm packages that `mod.ts` imports, and theirs. */
async function containedPackages(): Promise<readonly NpmPackage[]> {
  const { modules, npmPackages }: ModuleInfo = JSON.parse(
    await runToEnd(Deno.execPath(), ["info", "--json", "mod.ts"], { cwd: root }),
  );
  const found = new Set<NpmPackage>();
  const open = modules.flatMap(({ npmPackage }) => npmPackage ?? []);
  for (const id of open) {
    const npmPackage = npmPackages[id];
    if (npmPackage === undefined || found.has(npmPackage)) continue;
    found.add(npmPackage);
    open.push(...npmPackage.dependencies);
  }
  return [...found].sort((a, b) => a.name < b.name ? -1 : 1);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { output: { type: "string", default: "dist/proxywhirl.mjs" } } });
  const { path, bytes } = await bundle(values.output);
  console.log(`${path}: ${Math.round(bytes / 1024)} KiB`);
}
