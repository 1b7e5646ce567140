import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hideTrailingCredentials, hideUserinfo } from "../../../src/service/bare_credentials.ts";
import { redactString } from "../../../src/service/boundary.ts";

/** What is meant, said by patterns that are too slow for long texts. */
const slowUserinfo = (text: string) => text.replace(/[^\s:/@]+:[^\s/@]+@(?=[\w[])/g, "***@");
const slowTrailing = (text: string) => text.replace(/((?:[\w-]+\.)+[\w-]+:\d{1,5}):[^\s/:]+:\S+/g, "$1:***");

const tricky = fc.array(
  fc.constantFrom(
    ":",
    "@",
    "/",
    ".",
    "-",
    " ",
    "\n",
    "a",
    "1",
    "80",
    "[",
    "]",
    "h.b",
    "u:p",
    ":80:u:p",
    "é",
    "://",
  ),
  { maxLength: 24 },
).map((parts) => parts.join(""));

test("hideUserinfo() removes what comes before an @, and leaves the rest", () => {
  assert.equal(
    hideUserinfo("via bob:secret@h.example:80, then a:b@[::1]:1"),
    "via ***@h.example:80, then ***@[::1]:1",
  );
  assert.equal(hideUserinfo("x".repeat(5000) + ":" + "y".repeat(5000) + "@h"), "***@h", "however long");
  for (const text of ["bob@example.com", "a:b@ c", "a:@b", ":a@b", "a/b:c", "10:30", "@", ""]) {
    assert.equal(hideUserinfo(text), text);
  }
  fc.assert(fc.property(tricky, (text) => assert.equal(hideUserinfo(text), slowUserinfo(text))), {
    numRuns: 3000,
  });
});

test("hideTrailingCredentials() removes what comes after host and port, and leaves the rest", () => {
  assert.equal(
    hideTrailingCredentials("see 203.0.113.7:80:bob:se:cret and x-y.example:1:u:p"),
    "see 203.0.113.7:80:*** and x-y.example:1:***",
  );
  for (
    const text of [
      "a.ts:10:5",
      "a.b:123456:u:p",
      "ab:80:u:p",
      "a.b:80:u:",
      "a.b:80::p",
      "a.b:80:u/x:p",
      "a.b:80",
    ]
  ) {
    assert.equal(hideTrailingCredentials(text), text);
  }
  fc.assert(fc.property(tricky, (text) => assert.equal(hideTrailingCredentials(text), slowTrailing(text))), {
    numRuns: 3000,
  });
});

test("redactString() takes time that grows with the text and no faster, whatever a site sends", () => {
  const parts = [
    "a",
    "a:",
    "a.a",
    "@",
    "a@",
    ":",
    "a:b@",
    "a.",
    "a.b:80:",
    "://",
    "http://a:b",
    "-",
    "http:",
    "a-a.",
    ":@",
  ];
  for (const part of parts) {
    for (const end of ["", "@x", ":", "://u:p@h"]) {
      const text = part.repeat(400_000 / part.length) + end;
      const start = performance.now();
      redactString(text);
      // Linear is some 30 ms; quadratic is minutes.
      assert.ok(performance.now() - start < 3_000, `${part} … ${end}`);
    }
  }
});
