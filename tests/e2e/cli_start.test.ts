/** What a client that starts the server waits for. */

import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { run } from "../support/child.ts";
import { repoRoot } from "../support/runtimes.ts";

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly isDynamic?: boolean;
    readonly code?: { readonly specifier: string };
  }[];
}

test("the way to the server loads neither the table of commands nor what only other commands need", async () => {
  const args = ["info", "--json", "src/cli/mod.ts"];
  const { stdout } = await run(process.execPath, args, { cwd: repoRoot });
  const modules: readonly Module[] = JSON.parse(stdout).modules;
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const entries = ["src/cli/mod.ts", "src/cli/commands/serve.ts"].map((path) => `file://${repoRoot}${path}`);
  const loaded = new Set(entries);
  for (const specifier of loaded) {
    for (const { code, isDynamic } of byName.get(specifier)?.dependencies ?? []) {
      if (code !== undefined && isDynamic !== true) loaded.add(code.specifier);
    }
  }
  const names = [...loaded].map((specifier) => specifier.replace(`file://${repoRoot}`, ""));
  assert.ok(names.includes("gen/settings.ts"), "the graph is read");
  const heavy =
    /^gen\/cli\.ts|cli\/(commands|help|list_commands|setup_commands|action_commands)\.ts|cli\/(views|doctor|clients|completion)\/|^npm:/;
  assert.deepEqual(names.filter((name) => heavy.test(name)), []);
});
