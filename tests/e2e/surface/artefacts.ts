/** The forms of the program that the table of cases is tried on. */

import { serverPermissions } from "../../../scripts/permissions.ts";
import { artefactMissing, type Start, startOf } from "../../support/artefacts.ts";
import { findRuntime, repoRoot, type RuntimeName, runtimesMissing } from "../../support/runtimes.ts";

/** A form of the program. */
export interface Artefact {
  /** For the names of tests. */
  readonly name: string;
  /** Why it cannot be tried here, if so. */
  readonly missing: string | undefined;
  /** Why it cannot speak through proxies here, if so. */
  readonly offline?: string | undefined;
  /** How it is started, with all its files in a folder; made first where that is needed. */
  start(folder: string): Promise<Start>;
}

/** The sources on a runtime; on Deno with the permissions of a server, on the others there are none. */
export function sources(name: RuntimeName): Artefact {
  return {
    name: `mod.ts on ${name}`,
    missing: runtimesMissing(name),
    start: (folder) => {
      const runtime = findRuntime(name);
      if (runtime === undefined) throw new Error(`${name} is missing`);
      const { command } = runtime;
      const script = `${repoRoot}mod.ts`;
      const args = name === "deno"
        ? ["run", "--cached-only", ...serverPermissions(folder), script]
        : runtime.args(script);
      return Promise.resolve({ command, args });
    },
  };
}

/** Measured: such an agent gets "socket hang up" there, and works on 2.9, from which executables are released. */
const OLD_BASE =
  "executables of tests stand on Deno 2.6, whose node:http does not wait for an agent that connects by itself";

/** A published form. */
export function published(name: "bundle" | "binary"): Artefact {
  return {
    name: `the ${name}`,
    missing: artefactMissing(name),
    offline: name === "binary" ? OLD_BASE : undefined,
    start: (folder) => startOf(name, folder),
  };
}
