import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { environmentNames, readEnvironment } from "../../../src/runtime/mod.ts";

test("readEnvironment() returns what is set and leaves out what is not", () => {
  process.env["PROXYWHIRL_TEST_SET"] = "yes";
  process.env["PROXYWHIRL_TEST_EMPTY"] = "";
  delete process.env["PROXYWHIRL_TEST_ABSENT"];
  try {
    assert.deepEqual(
      readEnvironment(["PROXYWHIRL_TEST_SET", "PROXYWHIRL_TEST_EMPTY", "PROXYWHIRL_TEST_ABSENT"]),
      { PROXYWHIRL_TEST_SET: "yes", PROXYWHIRL_TEST_EMPTY: "" },
    );
  } finally {
    delete process.env["PROXYWHIRL_TEST_SET"];
    delete process.env["PROXYWHIRL_TEST_EMPTY"];
  }
});

test("readEnvironment() takes a name that no variable can have for one that is not set", () => {
  assert.deepEqual(readEnvironment([""]), {});
});

test("environmentNames() names the variables that begin so", () => {
  process.env["PROXYWHIRL_TEST_B"] = "";
  process.env["PROXYWHIRL_TEST_A"] = "1";
  try {
    assert.deepEqual(environmentNames("PROXYWHIRL_TEST_"), ["PROXYWHIRL_TEST_A", "PROXYWHIRL_TEST_B"]);
  } finally {
    delete process.env["PROXYWHIRL_TEST_A"];
    delete process.env["PROXYWHIRL_TEST_B"];
  }
});
