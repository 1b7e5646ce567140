import assert from "node:assert/strict";
import { test } from "node:test";
import { clientOf, RateLimit } from "../../../../src/mcp/http/rate_limit.ts";

test("RateLimit lets a burst through, then as many as the rate says", () => {
  let now = 0;
  const limit = new RateLimit("10/s", () => now);
  let passed = 0;
  while (limit.take("a") === 0) passed++;
  assert.equal(passed, 20);
  assert.equal(limit.take("a"), 100, "one interval to wait");
  assert.equal(limit.take("b"), 0, "others are not affected");
  now += 100;
  assert.equal(limit.take("a"), 0);
  assert.ok(limit.take("a") > 0);
  now += 10_000;
  passed = 0;
  while (limit.take("a") === 0) passed++;
  assert.equal(passed, 20, "a rest earns no more than a burst");
});

test("RateLimit does not punish who keeps asking", () => {
  let now = 0;
  const limit = new RateLimit("60/min", () => now);
  while (limit.take("a") === 0) { /* use it up */ }
  for (let i = 0; i < 1000; i++) limit.take("a");
  assert.equal(limit.take("a"), 1000);
  now += 1000;
  assert.equal(limit.take("a"), 0);
});

test("RateLimit remembers a bounded number of clients", () => {
  const limit = new RateLimit("1/min", () => 0);
  for (let i = 0; i < 25_000; i++) limit.take(`client ${i}`);
  assert.equal(limit.size, 10_000);
});

test("RateLimit refuses what is no rate, by name", () => {
  for (const rate of ["", "fast", "0/s", "10", "-1/s", "1/fortnight"]) {
    assert.throws(() => new RateLimit(rate, () => 0), RangeError, rate);
  }
});

test("clientOf() takes a customer's IPv6 network for one client, and IPv4 in IPv6 for IPv4 addresses", () => {
  assert.equal(clientOf("192.0.2.1"), "192.0.2.1");
  assert.equal(clientOf("2001:db8:1:2::1"), clientOf("2001:db8:1:2:ffff::9"));
  assert.notEqual(clientOf("2001:db8:1:2::1"), clientOf("2001:db8:1:3::1"));
  assert.notEqual(clientOf("::ffff:192.0.2.1"), clientOf("::ffff:192.0.2.2"));
  assert.equal(clientOf(undefined), "unknown");
  assert.equal(clientOf("::junk::"), "unknown");
});
