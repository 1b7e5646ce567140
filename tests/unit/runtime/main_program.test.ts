import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { test } from "node:test";
import { isAllowed } from "../../../src/runtime/mod.ts";
import { run } from "../../support/child.ts";
import { currentRuntime, findRuntime, runtimesMissing } from "../../support/runtimes.ts";
import { skipIf } from "../../support/skip.ts";
import { TempDir } from "../../support/temp_dir.ts";

const seam = new URL("../../../src/runtime/mod.ts", import.meta.url).href;

test("mainProgram() names the runtime and the script, with which the program can be started again", async () => {
  const runtime = findRuntime(currentRuntime());
  assert.ok(runtime);
  using dir = new TempDir();
  const script = dir.write(
    "main.mjs",
    `import { mainProgram } from ${JSON.stringify(seam)}; console.log(JSON.stringify(mainProgram()));`,
  );
  const { stderr, stdout } = await run(runtime.command, runtime.args(script, "--db", "x.db"));
  const program = JSON.parse(stdout || stderr);
  assert.deepEqual([realpathSync(program.executable), realpathSync(program.script)], [
    realpathSync(runtime.command),
    realpathSync(script),
  ]);
  const again = await run(program.executable, runtime.args(program.script));
  assert.deepEqual(JSON.parse(again.stdout), program);
});

test(
  "mainProgram() names no script for an executable that Bun has made",
  skipIf(runtimesMissing("bun")),
  async () => {
    const bun = findRuntime("bun");
    assert.ok(bun);
    using dir = new TempDir();
    const script = dir.write(
      "main.mjs",
      `import { mainProgram } from ${
        JSON.stringify(new URL(seam).pathname)
      }; console.log(JSON.stringify(mainProgram()));`,
    );
    const made = await run(bun.command, ["build", "--compile", script, "--outfile", dir.join("program")]);
    assert.equal(made.code, 0, made.stderr);
    const { stdout } = await run(dir.join("program"), ["--db", "x.db"]);
    assert.deepEqual(JSON.parse(stdout), { executable: realpathSync(dir.join("program")) });
  },
);

test("isAllowed() says yes to everything where nothing is forbidden", () => {
  assert.ok(isAllowed({ kind: "read", path: "/" }));
  assert.ok(isAllowed({ kind: "write", path: "/" }));
  assert.ok(isAllowed({ kind: "net" }));
  assert.ok(isAllowed({ kind: "env", name: "HOME" }));
});

for (
  const [name, flags] of [
    // Without any permission named, the `node:child_process` of Deno adds -A to a command that starts Deno.
    ["deno", ["run", "--no-prompt", "--allow-env=HOME", "--allow-read=DIR"]],
    ["node", ["--permission", "--allow-fs-read=*"]],
  ] as const
) {
  test(
    `isAllowed() tells on ${name} what is allowed from what is not`,
    skipIf(runtimesMissing(name)),
    async () => {
      const runtime = findRuntime(name);
      assert.ok(runtime);
      using dir = new TempDir();
      const script = dir.write(
        "main.mts",
        `import { isAllowed } from ${JSON.stringify(seam)};
const here = ${JSON.stringify(dir.path)};
console.log(JSON.stringify([
  isAllowed({ kind: "read", path: here }),
  isAllowed({ kind: "write", path: here }),
  isAllowed({ kind: "env", name: "HOME" }),
]));`,
      );
      const args = flags.map((flag) => flag.replace("DIR", dir.path));
      const { stderr, stdout } = await run(runtime.command, [...args, script]);
      assert.deepEqual(JSON.parse(stdout || "null"), [true, false, true], stderr);
    },
  );
}
