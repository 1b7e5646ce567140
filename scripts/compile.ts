/**
 * Makes the program as one executable file for each platform: `deno task compile [--target TARGET]… [--output DIR]`.
 * Writes `dist/bin/` by default, all five targets, and their checksums beside them.
 *
 * @module
 */

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.ts";
import { binaryPermissions } from "./permissions.ts";
import { runToEnd } from "./run_to_end.ts";
import { sha256 } from "./sha256.ts";

/** The platforms that `deno compile` can make executables for. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
] as const;

/** One of {@linkcode TARGETS}. */
export type Target = typeof TARGETS[number];

/** File with the checksums, in the form that `sha256sum --check` reads. */
export const CHECKSUMS = "SHA256SUMS";

/** The name of the executable for a platform. */
export function binaryName(target: Target): string {
  return `proxywhirl-${target}${target.includes("windows") ? ".exe" : ""}`;
}

/** Options of {@linkcode compile}. */
export interface CompileOptions {
  /** The platform to compile for. @default {the one that this runs on} */
  readonly target?: Target;
  /** The Deno that compiles. @default {`DENO_COMPILER` of the environment, or the one that runs this} */
  readonly compiler?: string;
  /** The runtime that the program is appended to. @default {`DENORT_BIN` of the environment, or Deno's download} */
  readonly runtime?: string;
}

/**
 * Compiles a bundle into an executable. What is embedded is the bundle alone; from the sources it would be the whole
 * of `node_modules`.
 *
 * @param output Path of the executable.
 * @throws {Error} With the compiler's own words when it fails. It downloads the runtime of a platform once.
 */
export async function compile(program: string, output: string, options: CompileOptions = {}): Promise<void> {
  const compiler = options.compiler ?? process.env["DENO_COMPILER"] ?? Deno.execPath();
  const args = [
    "compile",
    "--quiet",
    "--no-config", // with it, the npm packages of this project would be embedded as well
    "--no-check",
    "--unstable-no-legacy-abort", // as in deno.json
    ...binaryPermissions(),
    ...(options.target === undefined ? [] : ["--target", options.target]),
    "--output",
    resolve(output),
    resolve(program),
  ];
  const env: Record<string, string> = options.runtime === undefined ? {} : { DENORT_BIN: options.runtime };
  await runToEnd(compiler, args, { cwd: tmpdir(), env });
}

/** Writes {@linkcode CHECKSUMS} for all executables of a folder. */
export async function writeChecksums(folder: string): Promise<string> {
  const lines: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    if (!name.startsWith("proxywhirl-")) continue;
    lines.push(`${sha256(await readFile(join(folder, name)))}  ${name}\n`);
  }
  const path = join(folder, CHECKSUMS);
  await writeFile(path, lines.join(""));
  return path;
}

function checkedTargets(names: readonly string[]): readonly Target[] {
  const unknown = names.find((name) => !(TARGETS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`Cannot compile for "${unknown}": a target is one of ${TARGETS.join(", ")}`);
  }
  return names.length === 0 ? TARGETS : names as readonly Target[];
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      target: { type: "string", multiple: true, default: [] },
      output: { type: "string", default: "dist/bin" },
    },
  });
  const targets = checkedTargets(values.target);
  const folder = resolve(values.output);
  await mkdir(folder, { recursive: true });
  const program = join(folder, "proxywhirl.mjs");
  await bundle(program);
  try {
    for (const target of targets) {
      await compile(program, join(folder, binaryName(target)), { target });
      console.log(join(folder, binaryName(target)));
    }
  } finally {
    await rm(program);
  }
  console.log(await writeChecksums(folder));
}
