/** Which golden files there are, and what makes each. To add one: a line in {@linkcode GOLDEN}. */
import { cliHelp } from "./cli_help.ts";
import { toolsList } from "./tools_list.ts";

/** A file that shows what users and clients see, to be read in a review when it changes. */
export interface GoldenFile {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Makes its text, the same every time. */
  readonly make: () => string | Promise<string>;
}

/** Every golden file, in the order of the paths. */
export const GOLDEN: readonly GoldenFile[] = [
  { file: "tests/golden/cli_help.txt", make: cliHelp },
  { file: "tests/golden/tools_list.legacy.split.json", make: () => toolsList("legacy", "split") },
  { file: "tests/golden/tools_list.legacy.unified.json", make: () => toolsList("legacy", "unified") },
  { file: "tests/golden/tools_list.modern.split.json", make: () => toolsList("modern", "split") },
  { file: "tests/golden/tools_list.modern.unified.json", make: () => toolsList("modern", "unified") },
];
