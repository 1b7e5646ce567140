import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import config from "../../../deno.json" with { type: "json" };
import { repoRoot } from "../../support/runtimes.ts";

test("deno.json pins each npm package by its own name, as Node and Bun resolve no other", () => {
  for (const [name, specifier] of Object.entries(config.imports)) {
    const escaped = name.replaceAll(/[/.]/g, "\\$&");
    assert.match(specifier, new RegExp(`^npm:${escaped}@\\d+\\.\\d+\\.\\d+$`));
  }
});

test("deno.lock holds packages from npm only", async () => {
  const lock = JSON.parse(await readFile(join(repoRoot, "deno.lock"), "utf8"));
  assert.deepEqual(Object.keys(lock).sort(), ["npm", "specifiers", "version", "workspace"]);
  for (const specifier of Object.keys(lock.specifiers)) assert.match(specifier, /^npm:/);
});

test("deno.json exports files that exist", () => {
  for (const path of Object.values(config.exports)) assert.ok(existsSync(join(repoRoot, path)), path);
});
