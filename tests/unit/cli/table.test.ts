import assert from "node:assert/strict";
import { test } from "node:test";
import { printable, table } from "../../../src/cli/table.ts";

test("table aligns columns and leaves no blanks at line ends", () => {
  const rows = [{ name: "a", count: 5 }, { name: "long name", count: 1000 }];
  assert.equal(
    table(rows, [
      { title: "NAME", cell: (row) => row.name },
      { title: "COUNT", align: "right", cell: (row) => String(row.count) },
      { title: "", cell: () => "" },
    ]),
    "NAME       COUNT\na              5\nlong name   1000\n",
  );
});

test("printable disarms escape sequences and text direction marks", () => {
  assert.equal(printable("a\u001b[31mb\u202e"), "a\ufffd[31mb\ufffd");
});
