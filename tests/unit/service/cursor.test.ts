import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeCursor, encodeCursor } from "../../../src/service/cursor.ts";

test("decodeCursor reads what encodeCursor wrote", () => {
  fc.assert(fc.property(fc.uuid(), fc.nat(), (id, ordinal) => {
    const cursor = encodeCursor({ id, ordinal });
    assert.match(cursor, /^[\w-]+$/);
    assert.deepEqual(decodeCursor(cursor), { id, ordinal });
  }));
});

test("decodeCursor refuses everything else", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const position = decodeCursor(text);
    if (position !== undefined) assert.equal(encodeCursor(position).length, text.length);
  }));
  for (const text of ["", "x", "MQ", "a".repeat(10_000), "1.id", "..", "é"]) {
    assert.equal(decodeCursor(text), undefined);
  }
});
