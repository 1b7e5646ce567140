import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { coloured, plain, wantsColours } from "../../../src/cli/paint.ts";
import { type Column, facts, table } from "../../../src/cli/table.ts";

test("wantsColours: a terminal has colours, unless a variable says otherwise", () => {
  const cases: readonly (readonly [Record<string, string>, boolean, boolean])[] = [
    [{}, true, true],
    [{}, false, false],
    [{ TERM: "dumb" }, true, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ FORCE_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "" }, false, true],
    [{ FORCE_COLOR: "0" }, true, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
  ];
  for (const [environment, isTerminal, expected] of cases) {
    assert.equal(wantsColours(environment, isTerminal), expected, JSON.stringify([environment, isTerminal]));
  }
});

test("coloured puts styles on a text whatever the environment says, plain none", () => {
  assert.equal(coloured("red", "x"), "\u001b[31mx\u001b[39m");
  assert.equal(coloured(undefined, "x"), "x");
  assert.equal(coloured("red", ""), "");
  assert.equal(plain("red", "x"), "x");
});

test("tables and facts have the same columns with colours as without", () => {
  const rows = [{ name: "a", state: "ok" }, { name: "longer", state: "unhealthy" }, { name: "", state: "" }];
  const columns: readonly Column<typeof rows[number]>[] = [
    { title: "NAME", align: "right", cell: ({ name }) => name, style: () => "cyan" },
    { title: "STATE", cell: ({ state }) => state, style: (text) => text === "ok" ? "green" : "red" },
  ];
  const painted = table(rows, columns, coloured);
  assert.ok(painted.includes("\u001b[32mok"));
  assert.equal(stripVTControlCharacters(painted), table(rows, columns));
  assert.ok(painted.trimStart().startsWith("\u001b[1m"), "headings are bold");
  assert.equal(
    stripVTControlCharacters(facts([["a", "ok"], ["  b", ""]], coloured, () => "green")),
    "a    ok\n  b\n",
  );
});

test("tables disarm what a stranger wrote before they paint it", () => {
  const text = table(
    [{ a: "\u001b[2Jx" }],
    [{ title: "A", cell: ({ a }) => a, style: () => "red" }],
    coloured,
  );
  assert.ok(!text.includes("\u001b[2J"));
});
