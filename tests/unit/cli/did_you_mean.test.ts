import assert from "node:assert/strict";
import { test } from "node:test";
import { didYouMean, hint } from "../../../src/cli/did_you_mean.ts";

test("didYouMean finds the word with one slip of the finger", () => {
  const commands = ["import", "export", "list", "health"];
  assert.equal(didYouMean("imprt", commands), "import");
  assert.equal(didYouMean("exprot", commands), "export");
  assert.equal(didYouMean("LIST", commands), "list");
  assert.equal(didYouMean("healht", commands), "health");
});

test("didYouMean stays silent when nothing is near", () => {
  assert.equal(didYouMean("frobnicate", ["import", "export"]), undefined);
  assert.equal(didYouMean("x", []), undefined);
  assert.equal(hint("frobnicate", ["import"]), "");
});

test("hint is ready to be put after a sentence", () => {
  assert.equal(hint("--dbb", ["--db", "--strategy"]), ' (did you mean "--db"?)');
});
