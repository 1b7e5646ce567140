/**
 * The command line of a script that writes files, or with `--check` only says which are stale.
 *
 * @module
 */
import { argv, exit } from "node:process";

/** Does the work and answers the exit code. `say` takes each line. */
export type CheckedWork = (root: URL, isCheck: boolean, say: (line: string) => void) => Promise<number>;

/** Runs the work on this repository as the arguments say, and ends the process. */
export async function runChecked(work: CheckedWork): Promise<never> {
  const unknown = argv.slice(2).filter((argument) => argument !== "--check");
  if (unknown.length > 0) {
    console.error(`Cannot use argument ${unknown[0]}: only --check is known`);
    exit(2);
  }
  exit(await work(new URL("../", import.meta.url), argv.includes("--check"), (line) => console.log(line)));
}
