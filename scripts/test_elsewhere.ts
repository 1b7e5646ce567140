/**
 * Runs the unit tests on a runtime other than Deno: `deno task test:node`, `deno task test:bun`. Further arguments go
 * to its test runner. Tests named `*.deno.test.ts` are about Deno alone and are left out.
 *
 * @module
 */

import process from "node:process";
import { findRuntime, repoRoot } from "../tests/support/runtimes.ts";

const runners = {
  // The glob is expanded by Node itself.
  node: (rest: string[]) => ["--test", "--test-timeout=60000", ...rest, "tests/unit/**/!(*.deno).test.ts"],
  // Without --isolate all files share one global object, and Bun's 5 s a test are short on a busy machine.
  bun: (
    rest: string[],
  ) => [
    "test",
    "--isolate",
    "--timeout=60000",
    "--path-ignore-patterns=**/*.deno.test.ts",
    ...rest,
    "./tests/unit",
  ],
};

const [name, ...rest] = process.argv.slice(2);
if (name !== "node" && name !== "bun") {
  console.error(`Usage: test_elsewhere.ts node|bun [ARGUMENT…], got "${name ?? ""}"`);
  process.exit(2);
}
const runtime = findRuntime(name);
if (runtime === undefined) {
  console.error(`No ${name} that is new enough on the PATH or in .tools; .ci/run installs one from npm`);
  process.exit(2);
}
console.error(`${name} ${runtime.version}`);
const { code } = await new Deno.Command(runtime.command, { args: runners[name](rest), cwd: repoRoot }).spawn()
  .status;
process.exit(code);
