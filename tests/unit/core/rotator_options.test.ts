import assert from "node:assert/strict";
import { test } from "node:test";
import { ProxyRotator } from "../../../src/core/rotator.ts";
import {
  breakerOptions,
  DEFAULT_CIRCUIT_BREAKER,
  type ProxyRotatorOptions,
} from "../../../src/core/rotator_options.ts";
import { thrown } from "./support.ts";

test("breakerOptions() fills in the defaults", () => {
  assert.deepEqual(breakerOptions(undefined), {
    failureThreshold: 5,
    timeoutDurationMs: 60_000,
    windowDurationMs: 120_000,
    maxTimeoutMs: 1_800_000,
  });
  assert.deepEqual(breakerOptions({ failureThreshold: 2 }), {
    ...DEFAULT_CIRCUIT_BREAKER,
    failureThreshold: 2,
  });
  assert.equal(breakerOptions({ timeoutDurationMs: 3_600_000 }).maxTimeoutMs, 3_600_000);
});

test("breakerOptions() refuses numbers out of range, naming the member and the value", () => {
  for (const name of ["failureThreshold", "timeoutDurationMs", "windowDurationMs", "maxTimeoutMs"]) {
    for (const value of [0, -1, NaN, Infinity, "5"]) {
      const { message } = thrown(RangeError, () => breakerOptions({ [name]: value }));
      assert.ok(message.includes(name) && message.includes(String(value)), message);
    }
  }
  assert.throws(() => breakerOptions({ failureThreshold: 1.5 }), RangeError);
});

const bad: readonly [ProxyRotatorOptions, RegExp][] = [
  [{ strategy: "best" }, /Unknown strategy "best": use one of round-robin/],
  [{ circuitBreaker: { failureThreshold: 0 } }, /failureThreshold/],
  [{ pacing: "fast" }, /pace "fast"/],
  [{ ejectionBaseMs: 0 }, /ejectionBaseMs/],
  [{ ejectionBaseMs: NaN }, /ejectionBaseMs/],
  [{ sessions: { ttlMs: -1 } }, /ttlMs/],
  [{ sessions: { maxSessions: 0 } }, /maxSessions/],
  [{ targets: { maxTargets: 0 } }, /maxTargets/],
  [{ targets: { maxPairs: NaN } }, /maxPairs/],
];

for (const [options, message] of bad) {
  test(`ProxyRotator refuses ${JSON.stringify(options)}`, () => {
    assert.throws(() => new ProxyRotator(options), message);
  });
}
