/** Which runtime executes the program. */

import process from "node:process";

/** A supported runtime. */
export interface RuntimeInfo {
  /** Its name, as people write it. */
  readonly name: "Deno" | "Node" | "Bun";
  /** Its version, e.g. `2.9.6`. */
  readonly version: string;
}

/** The runtime that executes this code. Deno and Bun fill in `process.versions.node` too, so they are asked first. */
export function runtimeInfo(): RuntimeInfo {
  const { deno, bun, node } = process.versions as Readonly<Record<string, string | undefined>>;
  if (deno !== undefined) return { name: "Deno", version: deno };
  if (bun !== undefined) return { name: "Bun", version: bun };
  return { name: "Node", version: node ?? process.version.slice(1) };
}
