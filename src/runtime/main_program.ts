/** How the program that runs was started. */

import process from "node:process";
import { runtimeInfo } from "./runtime_info.ts";

/** What Bun calls the files inside an executable that it has made. */
const INSIDE_BUN = /^(\/\$bunfs|[A-Z]:[\\/]~BUN)/;

/** The part of the `Deno` global that this file asks. */
interface DenoMain {
  readonly mainModule: string;
  readonly build: { readonly standalone?: boolean };
}

/** What would start the program again. */
export interface MainProgram {
  /** Path of the executable: a runtime, or the program itself. */
  readonly executable: string;
  /** Path or URL of the script; `undefined` when the program is one executable. */
  readonly script: string | undefined;
}

/** The runtime and the script of this process. */
export function mainProgram(): MainProgram {
  const executable = process.execPath;
  return { executable, script: scriptOf(runtimeInfo().name) };
}

function scriptOf(runtime: "Deno" | "Node" | "Bun"): string | undefined {
  const script = process.argv[1];
  if (runtime === "Bun") return script === undefined || INSIDE_BUN.test(script) ? undefined : script;
  const { Deno } = globalThis as { readonly Deno?: DenoMain };
  if (Deno === undefined) return script;
  try {
    if (Deno.build.standalone === true) return undefined;
    // `jsr:` and `https:` modules have no path, and the address is what starts them again.
    return Deno.mainModule.startsWith("file:") ? script : Deno.mainModule;
  } catch {
    return script; // the main module of a local script needs --allow-read
  }
}
