/** The forms in which the program reaches users. */

import { binaryPermissions } from "../../../scripts/permissions.ts";
import { findRuntime, repoRoot, type RuntimeName, runtimesMissing } from "../../support/runtimes.ts";

/** A form of the program. */
export interface Artefact {
  /** For the names of tests. */
  readonly name: string;
  /** Why it cannot be tried here, if so. */
  readonly missing?: string | undefined;
  /** Command and arguments that start it. */
  command(args: readonly string[]): { readonly command: string; readonly args: readonly string[] };
}

/** The sources on a runtime: on Deno with the permissions it needs, on the others there are none. */
export function sources(runtime: RuntimeName): Artefact {
  const found = findRuntime(runtime);
  const script = `${repoRoot}mod.ts`;
  return {
    name: runtime === "deno" ? "deno run mod.ts" : `mod.ts on ${runtime}`,
    missing: runtimesMissing(runtime),
    command: (args) => ({
      command: found?.command ?? runtime,
      args: runtime === "deno"
        ? ["run", "--cached-only", ...binaryPermissions(), script, ...args]
        : found?.args(script, ...args) ?? [],
    }),
  };
}
