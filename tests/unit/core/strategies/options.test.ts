import assert from "node:assert/strict";
import { test } from "node:test";
import {
  booleanOption,
  checkOptionNames,
  numberOption,
  regionsOption,
} from "../../../../src/core/strategies/options.ts";

const limits = { default: 5, minimum: 1, maximum: 10 };

test("numberOption() takes what is in range, both ends included, or the default", () => {
  assert.equal(numberOption({}, "n", limits), 5);
  assert.equal(numberOption({ n: 1 }, "n", limits), 1);
  assert.equal(numberOption({ n: 10 }, "n", limits), 10);
  for (const n of [0.999, 10.001, NaN, "5", {}, true]) {
    assert.throws(() => numberOption({ n }, "n", limits), /option n .*: it must be a number from 1 to 10/);
  }
});

test("booleanOption() takes true and false, or the default", () => {
  assert.equal(booleanOption({}, "b", true), true);
  assert.equal(booleanOption({ b: false }, "b", true), false);
  for (const b of [0, "false", {}]) assert.throws(() => booleanOption({ b }, "b", true), RangeError);
});

test("regionsOption() takes a list of two-letter countries, in any case", () => {
  assert.deepEqual(regionsOption({}, "r"), []);
  assert.deepEqual(regionsOption({ r: ["de", "AT"] }, "r"), ["DE", "AT"]);
  for (const r of ["de", ["deu"], [5], {}]) assert.throws(() => regionsOption({ r }, "r"), RangeError);
});

test("checkOptionNames() refuses an unknown option and names the known ones", () => {
  checkOptionNames("s", { a: 1 }, ["a", "b"]);
  assert.throws(() => checkOptionNames("s", { c: 1 }, ["a", "b"]), {
    message: `Unknown option "c" of strategy s: use a, b`,
  });
});
