/**
 * Writes the golden files: what clients and users see, kept in the repository so that every change of it shows.
 *
 * `--check` writes nothing: it names what is stale and the command that renews it, and exits with 1.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { runChecked } from "./check_command.ts";
import { GOLDEN, type GoldenFile } from "./golden/files.ts";

/** The folder whose files all are golden. */
const FOLDER = "tests/golden/";

/** A golden file that is not as it should be. */
export interface StaleGolden {
  /** Path from the root. */
  readonly file: string;
  /** What is wrong, and what to do about it. */
  readonly what: string;
  /** Text that it should have; `undefined` when nothing makes the file. */
  readonly text: string | undefined;
}

/** Every golden file below `root` that is missing, stale, or made by nothing. */
export async function staleGolden(
  root: URL,
  golden: readonly GoldenFile[] = GOLDEN,
): Promise<readonly StaleGolden[]> {
  const stale: StaleGolden[] = [];
  for (const { file, make } of golden) {
    const [current, text] = [
      await readFile(new URL(file, root), "utf8").catch(() => undefined),
      await make(),
    ];
    if (current === text) continue;
    const fault = current === undefined
      ? "is missing"
      : `is stale, from line ${firstDifference(current, text)} on`;
    stale.push({ file, what: `${file} ${fault}. Renew it with: deno task golden`, text });
  }
  const known = new Set(golden.map(({ file }) => file));
  for (const name of (await readdir(new URL(FOLDER, root)).catch(() => [])).sort()) {
    const file = FOLDER + name;
    if (!known.has(file)) {
      stale.push({ file, what: `${file} is made by nothing. Delete it`, text: undefined });
    }
  }
  return stale;
}

function firstDifference(current: string, text: string): number {
  const [a, b] = [current.split("\n"), text.split("\n")];
  return b.findIndex((line, index) => line !== a[index]) + 1 || b.length + 1;
}

/** Does the work and returns the exit code. `say` takes each line. */
export async function run(root: URL, isCheck: boolean, say: (line: string) => void): Promise<number> {
  const stale = await staleGolden(root);
  if (stale.length === 0) say("Golden files are up to date");
  for (const { file, text, what } of stale) {
    if (isCheck || text === undefined) say(what);
    else {
      await mkdir(new URL(FOLDER, root), { recursive: true });
      await writeFile(new URL(file, root), text);
      say(`Wrote ${file}`);
    }
  }
  return isCheck && stale.length > 0 ? 1 : 0;
}

if (import.meta.main) await runChecked(run);
