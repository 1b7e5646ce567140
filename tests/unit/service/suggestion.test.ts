import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestWord, suggestion } from "../../../src/service/suggestion.ts";

test("nearestWord finds the word with one slip of the finger", () => {
  const commands = ["import", "export", "list", "health"];
  assert.equal(nearestWord("imprt", commands), "import");
  assert.equal(nearestWord("exprot", commands), "export");
  assert.equal(nearestWord("LIST", commands), "list");
  assert.equal(nearestWord("healht", commands), "health");
});

test("nearestWord stays silent when nothing is near", () => {
  assert.equal(nearestWord("frobnicate", ["import", "export"]), undefined);
  assert.equal(nearestWord("x", []), undefined);
  assert.equal(suggestion("frobnicate", ["import"]), "");
});

test("suggestion is ready to be put after a sentence", () => {
  assert.equal(suggestion("--dbb", ["--db", "--strategy"]), ' (did you mean "--db"?)');
});
