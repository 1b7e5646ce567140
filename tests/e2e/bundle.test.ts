/** The program as one file: what a user downloads must start without any set-up. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import process from "node:process";
import { after, describe, test } from "node:test";
import { Child, run } from "../support/child.ts";
import { findRuntime, repoRoot, type RuntimeName, runtimesMissing } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";

const initialize = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } },
});

const dir = new TempDir();
const bundle = dir.join("proxywhirl.mjs");
const built = await run(process.execPath, ["run", "-A", "scripts/bundle.ts", "--output", bundle], {
  cwd: repoRoot,
});

/** Deno fetches its bundler from npm once; a machine that has never done so needs the network for it. */
function bundlerMissing(): string | undefined {
  if (!/error sending request|@esbuild/.test(built.stderr) || process.env["CI"] === "true") return undefined;
  return "needs the bundler of Deno, which `deno task bundle` downloads from npm once";
}

const missing = bundlerMissing();
if (missing !== undefined) dir[Symbol.dispose](); // no hook runs when all is skipped

describe("The bundle", skipIf(missing), () => {
  after(() => dir[Symbol.dispose]());

  test("is one minified file", async () => {
    assert.equal(built.code, 0, built.stderr);
    assert.deepEqual(await readdir(dir.path), ["proxywhirl.mjs"]);
  });

  test(
    "starts with an empty cache, no permission, no prompt and no network",
    skipIf(bundlerMissing()),
    async () => {
      const deno = findRuntime("deno");
      assert.ok(deno);
      const cache = dir.join("empty-cache");
      // Without --allow-net every connection is refused, and --cached-only lets no module be fetched.
      await using child = new Child(deno.command, ["run", "--no-prompt", "--cached-only", bundle], {
        cwd: dir.path,
        env: { DENO_DIR: cache },
      });
      child.writeLine(initialize);
      const answer = JSON.parse(await child.nextLine());
      assert.equal(answer.result.serverInfo.name, "proxywhirl", child.stderr);
      assert.equal(existsSync(`${cache}/npm/registry.npmjs.org`), false);
      child.endInput();
      assert.deepEqual(await child.exited, { code: 0, signal: null }, child.stderr);
    },
  );

  for (const name of ["node", "bun"] satisfies RuntimeName[]) {
    test(`starts on ${name}`, skipIf(runtimesMissing(name)), async () => {
      const runtime = findRuntime(name);
      assert.ok(runtime);
      await using child = new Child(runtime.command, runtime.args(bundle, "--db", ":memory:"), {
        cwd: dir.path,
      });
      child.writeLine(initialize);
      const answer = JSON.parse(await child.nextLine());
      assert.equal(answer.result.serverInfo.name, "proxywhirl", child.stderr);
      child.endInput();
      assert.deepEqual(await child.exited, { code: 0, signal: null }, child.stderr);
    });
  }
});
