/** Environment variables that may be absent, or out of reach under Deno's permissions. */

import process from "node:process";

/** The part of the `Deno` global that this file asks. */
interface DenoPermissions {
  readonly permissions: {
    querySync(descriptor: { name: "env"; variable: string }): { readonly state: string };
  };
}

/**
 * The values of those of the named variables that are set and may be read; the others are absent.
 *
 * Never throws and never prompts: under Deno a variable without `--allow-env` for it counts as not set. (Reading
 * `process.env` would throw there, or stop a program started on a terminal with a question.)
 *
 * @example
 * ```ts ignore
 * const { PROXYWHIRL_DB = "./proxywhirl.db" } = readEnvironment(["PROXYWHIRL_DB"]);
 * ```
 */
export function readEnvironment(names: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = mayRead(name) ? process.env[name] : undefined;
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function mayRead(variable: string): boolean {
  const { Deno } = globalThis as { readonly Deno?: DenoPermissions };
  if (Deno === undefined) return true;
  try {
    return Deno.permissions.querySync({ name: "env", variable }).state === "granted";
  } catch {
    return false; // an empty name, or one with "=", is a TypeError there
  }
}

/**
 * The names of the variables that begin so, as far as they may be read: under Deno's permissions, with a list of
 * variables instead of all, there are none.
 */
export function environmentNames(prefix: string): readonly string[] {
  try {
    return Object.keys(process.env).filter((name) => name.startsWith(prefix)).sort();
  } catch {
    return []; // asking for all needs --allow-env without a list
  }
}
