/**
 * Writes `gen/` and the tables in the documentation from `schema/`.
 *
 * `--check` writes nothing: it names what is stale and the command that renews it, and exits with 1.
 */
import { runChecked } from "./check_command.ts";
import { loadContract } from "../schema/mod.ts";
import { generate } from "./gen/files.ts";
import { staleFiles, writeFiles } from "./gen/sync.ts";

/** Does the work and returns the exit code. `say` takes each line. */
export async function run(root: URL, isCheck: boolean, say: (line: string) => void): Promise<number> {
  const stale = await staleFiles(generate(await loadContract()), root);
  if (stale.length === 0) {
    say("Generated files are up to date");
    return 0;
  }
  if (isCheck) {
    for (const { what } of stale) say(what);
    say("Renew them with: deno task gen");
    return 1;
  }
  await writeFiles(stale, root);
  for (const { path, text } of stale) {
    say(text === undefined ? `Delete by hand, nothing generates it: ${path}` : `Wrote ${path}`);
  }
  return 0;
}

if (import.meta.main) await runChecked(run);
