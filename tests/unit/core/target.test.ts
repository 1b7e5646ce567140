import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { memoizeTargetOf, targetOf } from "../../../src/core/target.ts";
import { thrown } from "./support.ts";

const names: readonly [input: string, target: string][] = [
  ["https://shop.example.com/cart?x=1#y", "example.com"],
  ["https://www.shop.example.co.uk/x", "example.co.uk"],
  ["example.co.uk", "example.co.uk"],
  ["shop.example.com.br", "example.com.br"],
  ["a.b.example.de", "example.de"],
  ["example.com", "example.com"],
  ["EXAMPLE.Com:8443/path", "example.com"],
  ["http://bob:secret@shop.example.com:8080/", "example.com"],
  ["http://example.com.", "example.com"],
  ["localhost:3000", "localhost"],
  ["http://203.0.113.7:8080/x", "203.0.113.7"],
  ["203.0.113.7", "203.0.113.7"],
  ["http://[2001:db8::7]:80/", "[2001:db8::7]"],
  ["http://[2001:DB8:0::7]/", "[2001:db8::7]"],
  ["https://shop.bücher.example/", "xn--bcher-kva.example"],
  ["http://a.example\\@b.example/", "a.example"],
  ["wss://live.example.org/socket", "example.org"],
];

for (const [input, target] of names) {
  test(`targetOf() names ${input}`, () => assert.equal(targetOf(input), target));
}

test("targetOf() gives odd spellings of an address one name", () => {
  for (const odd of ["http://0xcb.0.0x71.7/", "http://3405803783/", "203.0.28935", "203.0.113.7."]) {
    assert.equal(targetOf(odd), "203.0.113.7", odd);
  }
});

test("targetOf() refuses a text without a host, and says what to give", () => {
  for (
    const input of [
      "",
      "https://",
      "http:///x",
      "///",
      "https://exa mple.com",
      "http://a%00b/",
      "..",
      "a..b",
      "/path",
    ]
  ) {
    const error = thrown(RangeError, () => targetOf(input));
    assert.match(error.message, /^Cannot read target ".*": give a URL or a host such as "example\.com"$/);
  }
  assert.ok(thrown(RangeError, () => targetOf(`http://${"a".repeat(100_000)}`)).message.length < 200);
});

test("targetOf() tells nobody the credentials of a URL that it refuses", () => {
  assert.doesNotMatch(
    thrown(RangeError, () => targetOf("http://bob:secret@exa mple.com")).message,
    /bob|secret/,
  );
});

test("targetOf() gives a target of its own, and is not moved by port, path, case or subdomain", () => {
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,5}[a-z0-9])?$/);
  const tail = fc.constantFrom("", "/", ":443", "/a@b?c=d#e", ":8080/x");
  fc.assert(
    fc.property(fc.array(label, { maxLength: 3 }), label, tail, fc.boolean(), (subs, name, tail, shout) => {
      const host = [...subs, name, "com"].join(".");
      const target = targetOf(`https://${shout ? host.toUpperCase() : host}${tail}`);
      assert.equal(target, `${name}.com`);
      assert.equal(targetOf(target), target);
    }),
  );
});

test("targetOf() agrees with the platform on where the host of a URL ends", () => {
  fc.assert(fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
    assert.equal(targetOf(url), targetOf(new URL(url).hostname));
  }));
});

test("targetOf() answers a target or throws a RangeError, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      try {
        assert.match(targetOf(text), /^[^\s@/]+$/);
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }),
    { numRuns: 2000 },
  );
});

test("memoizeTargetOf() asks once for the same text, and forgets when it is full", () => {
  const asked: string[] = [];
  const compute = memoizeTargetOf((text) => {
    asked.push(text);
    return text.toUpperCase();
  }, 2);
  assert.equal(compute("a"), "A");
  assert.equal(compute("a"), "A");
  assert.equal(compute("b"), "B");
  assert.deepEqual(asked, ["a", "b"]);
  compute("c");
  compute("a");
  assert.deepEqual(asked, ["a", "b", "c", "a"]);
});

test("memoizeTargetOf() does not remember an error", () => {
  let calls = 0;
  const compute = memoizeTargetOf(() => {
    calls++;
    throw new RangeError("no");
  });
  assert.throws(() => compute("a"), RangeError);
  assert.throws(() => compute("a"), RangeError);
  assert.equal(calls, 2);
});
