/** The program as one file: what a user downloads must start without any set-up. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { artefactMissing, buildArtefact } from "../support/artefacts.ts";
import { Child } from "../support/child.ts";
import { findRuntime, type RuntimeName, runtimesMissing } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";

const initialize = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } },
});

describe("The bundle", skipIf(artefactMissing("bundle")), () => {
  const dir = new TempDir();
  let bundle: string;

  before(async () => {
    // Alone in a folder: nothing of this project is beside it.
    bundle = dir.join("proxywhirl.mjs");
    await copyFile(await buildArtefact("bundle"), bundle);
  });

  after(() => dir[Symbol.dispose]());

  test(
    "starts with an empty cache, next to no permission, no prompt and no network",
    async () => {
      const deno = findRuntime("deno");
      assert.ok(deno);
      const cache = dir.join("empty-cache");
      // Without --allow-net every connection is refused, and --cached-only lets no module be fetched. One harmless
      // permission is named: to a command that names none, the `node:child_process` of Deno adds -A.
      const flags = ["--no-prompt", "--cached-only", "--allow-env=NO_COLOR"];
      await using child = new Child(deno.command, ["run", ...flags, bundle], {
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
