import assert from "node:assert/strict";
import { test } from "node:test";
import {
  InvalidProxyUrlError,
  NoProxyAvailableError,
  ProxyNotFoundError,
  ProxyWhirlError,
  UnknownStrategyError,
} from "../../../src/core/errors.ts";

test("ProxyWhirlError has its class for a name, a stable code and the cause", () => {
  const cause = new Error("deep");
  const error = new ProxyWhirlError("SOME_CODE", "Cannot do it", { cause });
  assert.ok(error instanceof Error);
  assert.equal(error.name, "ProxyWhirlError");
  assert.equal(error.code, "SOME_CODE");
  assert.equal(error.cause, cause);
});

test("every error of the core is a ProxyWhirlError with a code of its own", () => {
  const errors = [
    new InvalidProxyUrlError("h:0", "port must be 1-65535"),
    new ProxyNotFoundError("x"),
    new UnknownStrategyError("x", ["random"]),
    new NoProxyAvailableError("none", {}),
  ];
  for (const error of errors) {
    assert.ok(error instanceof ProxyWhirlError);
    assert.equal(error.name, error.constructor.name);
  }
  assert.deepEqual(errors.map((error) => error.code), [
    "INVALID_PROXY_URL",
    "PROXY_NOT_FOUND",
    "UNKNOWN_STRATEGY",
    "NO_PROXY_AVAILABLE",
  ]);
});

test("errors cut what they echo, and name what is allowed", () => {
  assert.ok(new ProxyNotFoundError("x".repeat(1e6)).message.length < 200);
  const unknown = new UnknownStrategyError("y".repeat(1e6), ["random", "weighted"]);
  assert.ok(unknown.message.length < 200);
  assert.match(unknown.message, /use one of random, weighted$/);
});

test("NoProxyAvailableError says when to come back only if it is known", () => {
  assert.equal(new NoProxyAvailableError("none", { region: 2 }).retryAfterMs, undefined);
  const error = new NoProxyAvailableError("none", { circuit_open: 2 }, 1500);
  assert.equal(error.retryAfterMs, 1500);
  assert.deepEqual(error.counts, { circuit_open: 2 });
});
