import assert from "node:assert/strict";
import { test } from "node:test";
import { fillMarkers, markersOf } from "../../../scripts/gen/markers.ts";

const parts = new Map([["a", "one\n"], ["b", "two"]]);

test("fillMarkers fills each part, keeps the rest, and is stable", () => {
  const text = "x\n<!-- gen:a -->\nold\n<!-- /gen:a -->\ny\n<!-- gen:b --><!-- /gen:b -->\n";
  const once = fillMarkers(text, parts, "d.md");
  assert.match(once, /^x\n<!-- gen:a -->\n[^]*\n\none\n\n[^]*<!-- \/gen:a -->\ny\n<!-- gen:b -->\n[^]*two/);
  assert.doesNotMatch(once, /old/);
  assert.equal(fillMarkers(once, parts, "d.md"), once);
});

test("fillMarkers takes `$` in a part as it is", () => {
  const text = fillMarkers("<!-- gen:a --><!-- /gen:a -->", new Map([["a", "$& $1 $$"]]), "d.md");
  assert.ok(text.includes("$& $1 $$"));
});

const BROKEN: readonly (readonly [string, string, RegExp])[] = [
  ["a marker that is not closed", "<!-- gen:a -->", /gen:a is not closed/],
  [
    "a marker inside another",
    "<!-- gen:a --><!-- gen:b --><!-- /gen:b --><!-- /gen:a -->",
    /not closed before gen:b/,
  ],
  ["an end without a start", "<!-- /gen:a -->", /closes nothing/],
  ["a marker twice", "<!-- gen:a --><!-- /gen:a --><!-- gen:a --><!-- /gen:a -->", /gen:a is there twice/],
];

for (const [what, text, message] of BROKEN) {
  test(`markersOf refuses ${what}`, () => {
    assert.throws(() => markersOf(text, "d.md"), message);
  });
}
