import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { excerpt, redactString, redactValue } from "../../../src/service/boundary.ts";

const secret = fc.stringMatching(/^Zq[A-Za-z0-9]{8,16}$/);

test("redactString removes credentials in every form in which lists write them", () => {
  fc.assert(fc.property(secret, secret, fc.string(), (user, password, around) => {
    const texts = [
      `http://${user}:${password}@203.0.113.7:8080`,
      `socks5h://${user}:${password}@proxy.example.com`,
      `${user}:${password}@203.0.113.7:8080`,
      `203.0.113.7:8080:${user}:${password}`,
      `proxy.example.com:8080:${user}:${password}`,
      `https://${user}@[2001:db8::1]:443`,
    ];
    for (const text of texts) {
      const out = redactString(`${around} ${text} ${around}`);
      assert.ok(!out.includes(password), out);
      assert.ok(!out.includes(user), out);
    }
  }));
});

test("redactString leaves everything else as it is", () => {
  const texts = [
    "http://203.0.113.7:8080",
    "2024-01-15T10:30:00Z",
    "write to bob@example.com",
    "strategy: round-robin",
    '{"a":"b"}',
    "[2001:db8::1]:8080",
    "",
  ];
  for (const text of texts) assert.equal(redactString(text), text);
});

test("redactValue reaches keys, arrays, depths and errors, and copies only what changes", () => {
  const clean = { a: [1, null, true, { b: "x" }] };
  assert.equal(redactValue(clean), clean);
  const dirty = {
    clean,
    list: ["http://u:p@h:1"],
    "http://u:p@h:2": 1,
    error: new Error("at http://u:p@h:3"),
  };
  assert.deepEqual(redactValue<unknown>(dirty), {
    clean,
    list: ["http://h:1"],
    "http://h:2": 1,
    error: "at http://h:3",
  });
  assert.equal((redactValue(dirty) as typeof dirty).clean, clean);
});

test("redactValue ends on a circle", () => {
  const circle: Record<string, unknown> = { url: "http://u:p@h:1" };
  circle["self"] = circle;
  assert.ok(!JSON.stringify(redactValue(circle, { maxDepth: 5 })).includes("u:p"));
});

test("excerpt shows of one value only what cannot be a credential, and not much of it", () => {
  assert.equal(excerpt("550e8400"), "550e8400");
  assert.equal(excerpt("http://]/!user[ :.pass@/@h.example:1"), "http://h.example:1");
  assert.equal(excerpt("user name:pa/ss@h.example:1"), "***@h.example:1");
  assert.equal(excerpt("h.example:1:user:pass"), "h.example:1:***");
  assert.equal(excerpt("x".repeat(100), 10), "xxxxxxxxx…");
  assert.equal(excerpt("@".repeat(10_000)), "a text of 10000 characters");
});
