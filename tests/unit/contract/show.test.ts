import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { show, showPlain } from "../../../src/contract/show.ts";

test("show says what kind of value it is, in a few words", () => {
  const values = [undefined, null, true, -0, NaN, 12n, "a", [1, 2], {}, () => 1, Symbol("s")];
  assert.deepEqual(values.map(show), [
    "undefined",
    "null",
    "true",
    "0",
    "NaN",
    "12n",
    '"a"',
    "a list of 2",
    "an object",
    "a function",
    "a symbol",
  ]);
});

test("show cuts long text without breaking a character", () => {
  assert.equal(showPlain("x".repeat(61)), `${"x".repeat(60)}…`);
  assert.equal(showPlain(`${"x".repeat(59)}😀`), `${"x".repeat(59)}…`);
  assert.equal(show("x".repeat(5000)), "a text of 5000 characters");
});

test("show stays on one line and short, whatever the text", () => {
  fc.assert(fc.property(fc.string({ maxLength: 5000, unit: "binary" }), (text) => {
    const shown = showPlain(text);
    assert.ok(shown.length <= 62, shown);
    assert.doesNotMatch(shown, /[\p{Cc}\p{Zl}\p{Zp}]/u);
  }));
});

test("show drops credentials in every form in which proxies are written", () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9]{8,12}Q$/);
  const forms = fc.constantFrom(
    (user: string, pass: string) => `http://${user}:${pass}@a.example:80`,
    (user: string, pass: string) => `${user}:${pass}@a.example:80`,
    (user: string, pass: string) => `a.example:80:${user}:${pass}`,
    (user: string, pass: string) => `socks5://a.example:80:${user}:${pass}`,
    (user: string, pass: string) => `${user}:${pass}:a.example:80`,
    (user: string, pass: string) => `http://x ${user}:/?# ${pass}@a.example:80`,
    (user: string, pass: string) => `a.example:80:${user} y:z ${pass}`,
    (user: string, pass: string) => `see http://${user}:${pass}@a.example:80 and ${user}:${pass}@b.example`,
  );
  fc.assert(fc.property(secret, secret, forms, (user, pass, form) => {
    const shown = show(form(user, pass));
    assert.ok(!shown.includes(user) && !shown.includes(pass), shown);
  }));
});
