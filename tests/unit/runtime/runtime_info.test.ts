import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { isTerminal, runtimeInfo } from "../../../src/runtime/mod.ts";

test("runtimeInfo() names the runtime by the only version that it alone has", () => {
  const { name, version } = runtimeInfo();
  const own = { Deno: "deno", Bun: "bun", Node: "node" }[name];
  assert.equal(version, process.versions[own]);
  assert.match(version, /^\d+\.\d+\.\d+/);
  assert.equal(name === "Deno", "Deno" in globalThis);
  assert.equal(name === "Bun", "Bun" in globalThis);
});

test("isTerminal() answers for each standard stream as the stream itself does", () => {
  for (const stream of ["stdin", "stdout", "stderr"] as const) {
    assert.equal(isTerminal(stream), Boolean(process[stream].isTTY));
  }
});
