import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { isMain } from "../../../src/runtime/mod.ts";
import { run } from "../../support/child.ts";
import { currentRuntime, findRuntime } from "../../support/runtimes.ts";
import { TempDir } from "../../support/temp_dir.ts";

const runtime = findRuntime(currentRuntime());

test("isMain() is true in the program and false in what it imports", async () => {
  assert.ok(runtime);
  using dir = new TempDir();
  const source = `import { isMain } from ${
    JSON.stringify(new URL("../../../src/runtime/mod.ts", import.meta.url).href)
  };`;
  dir.write("imported.mjs", `${source} export const imported = isMain(import.meta);`);
  const main = dir.write(
    "main.mjs",
    `${source} import { imported } from "./imported.mjs"; console.log(isMain(import.meta), imported);`,
  );
  const { stdout, stderr } = await run(runtime.command, runtime.args(main));
  assert.equal(stdout.trim(), "true false", stderr);
});

test("isMain() compares paths, links resolved, where import.meta.main is absent", () => {
  using dir = new TempDir();
  const script = dir.write("script.mjs", "");
  const link = dir.join("link.mjs");
  symlinkSync(script, link);
  const meta = (path: string) => ({ url: pathToFileURL(path).href }) as ImportMeta;
  const before = process.argv[1];
  try {
    process.argv[1] = link;
    assert.equal(isMain(meta(script)), true);
    assert.equal(isMain(meta(dir.join("other.mjs"))), false);
    assert.equal(isMain({ url: "https://example.com/script.mjs" } as ImportMeta), false);
    process.argv[1] = dir.join("absent.mjs");
    assert.equal(isMain(meta(script)), false);
  } finally {
    process.argv[1] = before ?? "";
  }
});
