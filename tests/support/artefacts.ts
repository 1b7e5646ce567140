/**
 * The program in the forms in which it is published, for end-to-end tests. Each is made once for a state of the
 * sources, in `dist/test`, whichever test asks first; the others wait for it.
 *
 * ```ts ignore
 * import { test } from "node:test";
 * import { artefactMissing, startOf } from "../support/artefacts.ts";
 * import { Child } from "../support/child.ts";
 * import { skipIf } from "../support/skip.ts";
 *
 * test("…", skipIf(artefactMissing("binary")), async () => {
 *   const { command, args } = await startOf("binary");
 *   await using child = new Child(command, [...args, "--db", ":memory:"]);
 * });
 * ```
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { bundle } from "../../scripts/bundle.ts";
import { compile } from "../../scripts/compile.ts";
import { makeMcpb } from "../../scripts/mcpb.ts";
import { pack, tarballName } from "../../scripts/pack.ts";
import { mcpbFile } from "../../scripts/package_facts.ts";
import { serverPermissions } from "../../scripts/permissions.ts";
import { repoRoot } from "./runtimes.ts";

/** A published form: one minified file, an executable, the npm package, the MCP bundle. */
export type ArtefactName = "bundle" | "binary" | "npm" | "mcpb";

/** How a form of the program is started; arguments of the program follow. */
export interface Start {
  /** The executable. */
  readonly command: string;
  /** What comes before the program's own arguments. */
  readonly args: readonly string[];
}

const FILES: Record<ArtefactName, string> = {
  bundle: "proxywhirl.mjs",
  binary: "proxywhirl",
  npm: tarballName,
  mcpb: mcpbFile,
};

/** What an artefact is made of; a change in any of it makes another one. */
const SOURCES: readonly string[] = [
  "deno.json",
  "deno.lock",
  "mod.ts",
  "src",
  "gen",
  "scripts",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
];
const KEPT_MS = 3_600_000;

const tools = join(repoRoot, ".tools/package/node_modules");
/** Node 22, the oldest that is supported. Its sources cannot be run unbuilt there. */
export const node22: string = join(tools, "node22/bin/node");
const denoCompiler = join(tools, "deno-compiler/deno");
const denoRuntime = join(tools, "@mcp-stress/linux-x64/bin/mcp-stress");

/**
 * Why an artefact cannot be made here, or undefined; to be given to `skipIf`.
 *
 * @throws {Error} When a tool is missing although `CI` is set: CI installs it.
 */
export function artefactMissing(name: ArtefactName): string | undefined {
  const missing = bundlerMissing();
  if (missing !== undefined || name === "bundle" || name === "mcpb") return missing;
  return name === "binary" ? packageToolsMissing(denoCompiler, denoRuntime) : npmMissing();
}

/** Deno fetches its bundler from npm once; a machine that has never done so needs the network for it. */
function bundlerMissing(): string | undefined {
  bundlerAnswer ??= spawnSync(process.execPath, ["bundle", "--quiet", join(repoRoot, "scripts/sha256.ts")], {
    encoding: "utf8",
  });
  const { status, stderr } = bundlerAnswer;
  if (status === 0 || process.env["CI"] === "true" || !/error sending request|@esbuild/.test(stderr)) {
    return undefined;
  }
  return "needs the bundler of Deno, which `deno task bundle` downloads from npm once";
}

let bundlerAnswer: { readonly status: number | null; readonly stderr: string } | undefined;

function npmMissing(): string | undefined {
  if (process.env["CI"] === "true" || spawnSync("npm", ["--version"]).status === 0) return undefined;
  return "needs npm";
}

/** Why the oldest Node cannot be tried here, or undefined. */
export function node22Missing(): string | undefined {
  return packageToolsMissing(node22);
}

function packageToolsMissing(...paths: readonly string[]): string | undefined {
  if (paths.every((path) => existsSync(path))) return undefined;
  if (process.platform !== "linux" || process.arch !== "x64") return "needs tools for Linux on x86-64";
  const reason = "needs what scripts/ci_package_tools.sh fetches from npm";
  if (process.env["CI"] === "true") throw new Error(`${reason}; CI must run it`);
  return reason;
}

/** Makes an artefact, or finds it made, and returns its path. Do not write to it. */
export async function buildArtefact(name: ArtefactName): Promise<string> {
  const folder = join(repoRoot, "dist/test", await stateOfSources());
  const path = join(folder, FILES[name]);
  if (existsSync(path)) return path;
  const program = name === "bundle" ? undefined : await buildArtefact("bundle");
  await mkdir(folder, { recursive: true });
  using lock = await Deno.open(join(folder, `${name}.lock`), { create: true, write: true });
  await lock.lock(true); // given back when the file is closed, also by the end of the process
  if (existsSync(path)) return path;
  await removeOldStates(folder);
  const draft = join(folder, `draft-${FILES[name]}`);
  await make(name, draft, program);
  await rename(draft, path);
  return path;
}

/** How to start a form of the program: the executable, or the bundle on the Deno that runs this. */
export async function startOf(name: "bundle" | "binary", folder = "."): Promise<Start> {
  const path = await buildArtefact(name);
  if (name === "binary") return { command: path, args: [] };
  return { command: process.execPath, args: ["run", "--no-config", ...serverPermissions(folder), path] };
}

async function make(name: ArtefactName, path: string, program: string | undefined): Promise<void> {
  if (name === "npm") await pack(path, program);
  else if (name === "mcpb") await makeMcpb(path, program);
  else if (program === undefined) await bundle(path);
  else await compile(program, path, { compiler: denoCompiler, runtime: denoRuntime });
}

/** A name for the content of all sources. */
async function stateOfSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    const path = join(repoRoot, source);
    const files = (await stat(path)).isDirectory()
      ? (await readdir(path, { recursive: true })).sort().map((file) => join(path, file))
      : [path];
    for (const file of files) {
      if ((await stat(file)).isFile()) hash.update(file).update("\0").update(await readFile(file));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/** An executable is 90 MB: what belongs to sources that are no more goes, unless somebody may be using it. */
async function removeOldStates(current: string): Promise<void> {
  const parent = join(current, "..");
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    if (folder === current || Date.now() - (await stat(folder)).mtimeMs < KEPT_MS) continue;
    await rm(folder, { recursive: true, force: true });
  }
}
