import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { backoffMs } from "../../../src/core/backoff.ts";
import { CircuitBreaker, type FailureContext } from "../../../src/core/circuit_breaker.ts";
import { DEFAULT_CIRCUIT_BREAKER } from "../../../src/core/rotator_options.ts";
import type { CircuitState } from "../../../src/core/types.ts";

const options = DEFAULT_CIRCUIT_BREAKER;

function failure(now: number, successes = 0): FailureContext {
  return { now, successes, options, random: () => 0 };
}

function opened(at = 0): CircuitBreaker {
  const breaker = new CircuitBreaker();
  for (let i = 0; i < 5; i++) breaker.fail(failure(at));
  return breaker;
}

test("CircuitBreaker opens with the fifth failure", () => {
  const breaker = new CircuitBreaker();
  for (let i = 1; i <= 4; i++) assert.equal(breaker.fail(failure(i)), false);
  assert.equal(breaker.state, "closed");
  assert.equal(breaker.fail(failure(5)), true);
  assert.equal(breaker.state, "open");
  assert.equal(breaker.isAvailable, false);
  assert.equal(breaker.openUntil, 60_005);
});

test("CircuitBreaker forgets failures that are older than the window", () => {
  const breaker = new CircuitBreaker();
  for (let i = 0; i < 50; i++) assert.equal(breaker.fail(failure(i * 30_001)), false);
  const steady = new CircuitBreaker();
  for (let i = 0; i < 4; i++) steady.fail(failure(i * 30_000));
  assert.equal(steady.fail(failure(120_000)), true, "exactly as old as the window counts");
});

test("CircuitBreaker stays closed for a busy proxy that fails now and then", () => {
  const breaker = new CircuitBreaker();
  for (let i = 0; i < 1000; i++) assert.equal(breaker.fail(failure(i * 100, i * 50)), false);
  for (const [successes, opens] of [[5, true], [6, false]] as const) {
    const other = new CircuitBreaker();
    for (let i = 0; i < 4; i++) other.fail(failure(i, i));
    assert.equal(other.fail(failure(5, successes)), opens, `${successes} ok beside 5 failures`);
  }
});

test("CircuitBreaker turns half-open when its time is over, for one probe at a time", () => {
  const breaker = opened();
  assert.equal(breaker.wake(59_999), false);
  assert.equal(breaker.takeProbe(), undefined);
  assert.equal(breaker.wake(60_000), true);
  assert.equal(breaker.wake(60_001), false, "it is half-open already");
  assert.equal(breaker.state, "half_open");
  const probe = breaker.takeProbe();
  assert.ok(probe);
  assert.equal(breaker.isAvailable, false);
  assert.equal(breaker.takeProbe(), undefined);
  breaker.returnProbe(probe);
  assert.equal(breaker.isAvailable, true);
});

test("CircuitBreaker closes when the probe is ok, and opens for twice as long when it is dead", () => {
  const lucky = opened();
  lucky.wake(60_000);
  lucky.takeProbe();
  lucky.succeed();
  assert.equal(lucky.state, "closed");
  assert.equal(lucky.timesOpened, 0);

  const unlucky = opened();
  unlucky.wake(60_000);
  unlucky.takeProbe();
  assert.equal(unlucky.fail(failure(61_000)), true);
  assert.equal(unlucky.openUntil, 61_000 + 120_000);
});

test("CircuitBreaker takes back no other probe than the one that is out", () => {
  const breaker = opened();
  breaker.wake(60_000);
  const late = breaker.takeProbe()!;
  breaker.succeed();
  for (let i = 0; i < 5; i++) breaker.fail(failure(70_000));
  breaker.wake(10_000_000);
  assert.ok(breaker.takeProbe());
  breaker.returnProbe(late);
  assert.equal(breaker.isAvailable, false, "the second probe is out still");
});

test("CircuitBreaker ignores failures while it is open", () => {
  const breaker = opened();
  for (let i = 0; i < 10; i++) assert.equal(breaker.fail(failure(i)), false);
  assert.equal(breaker.openUntil, 60_000);
  assert.equal(breaker.timesOpened, 1);
});

test("CircuitBreaker.trip() opens at once, and not twice", () => {
  const breaker = new CircuitBreaker();
  assert.equal(breaker.trip(failure(0)), true);
  assert.equal(breaker.trip(failure(1)), false);
  assert.equal(breaker.openUntil, 60_000);
  breaker.wake(60_000);
  assert.equal(breaker.trip(failure(60_000)), true);
  assert.equal(breaker.openUntil, 180_000);
});

test("CircuitBreaker.close() keeps count of the times it opened, and forgive() takes one off", () => {
  const breaker = opened();
  breaker.wake(60_000);
  breaker.takeProbe();
  breaker.close();
  assert.equal(breaker.state, "closed");
  assert.equal(breaker.timesOpened, 1);
  assert.equal(breaker.trip(failure(0)), true);
  assert.equal(breaker.openUntil, 120_000);
  breaker.forgive();
  breaker.forgive();
  breaker.forgive();
  assert.equal(breaker.timesOpened, 0);
});

test("CircuitBreaker.reset() closes from every state and forgets the failures", () => {
  const breaker = opened();
  breaker.reset();
  assert.equal(breaker.state, "closed");
  for (let i = 0; i < 4; i++) assert.equal(breaker.fail(failure(1)), false);
  assert.equal(breaker.fail(failure(1)), true);
  assert.equal(breaker.openUntil, 60_001, "the first time again");
});

type Step =
  | { readonly do: "fail" | "succeed" | "take" | "return" | "returnStale" | "wake" | "reset" | "trip" }
  | { readonly wait: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom("fail", "succeed", "take", "return", "returnStale", "wake", "reset", "trip").map((
    what,
  ) => ({
    do: what as "fail",
  })),
  fc.constant<Step>({ do: "fail" }),
  fc.integer({ min: 0, max: 3_000_000 }).map((wait) => ({ wait })),
  fc.integer({ min: 0, max: 60_000 }).map((wait) => ({ wait })),
);

test("CircuitBreaker keeps its laws under every interleaving", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 120, size: "max" }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (steps, jitter) => {
        const breaker = new CircuitBreaker();
        let now = 0;
        let successes = 0;
        let probe: object | undefined;
        const stale: object[] = [];
        let timesOpened = 0;
        let lastWait = 0;
        for (const step of steps) {
          const before = breaker.state;
          if ("wait" in step) {
            now += step.wait;
            continue;
          }
          const context = { now, successes, options, random: () => jitter };
          let hasOpened = false;
          if (step.do === "fail") hasOpened = breaker.fail(context);
          else if (step.do === "trip") hasOpened = breaker.trip(context);
          else if (step.do === "succeed") {
            successes++;
            breaker.succeed();
          } else if (step.do === "wake") {
            assert.equal(breaker.wake(now), before === "open" && now >= breaker.openUntil);
          } else if (step.do === "reset") breaker.reset();
          else if (step.do === "take") {
            const taken = breaker.takeProbe();
            assert.equal(
              taken !== undefined,
              before === "half_open" && probe === undefined,
              "one probe at most",
            );
            probe = taken ?? probe;
          } else if (step.do === "return" && probe !== undefined) {
            breaker.returnProbe(probe);
            stale.push(probe);
            probe = undefined;
          } else if (step.do === "returnStale") { for (const old of stale) breaker.returnProbe(old); }

          if (hasOpened) {
            timesOpened++;
            const wait = breaker.openUntil - now;
            assert.ok(
              Math.abs(wait - backoffMs(timesOpened, { baseMs: 60_000, maxMs: 1_800_000 }, () => jitter)) <
                1e-3,
            );
            assert.ok(wait >= lastWait - 1e-3, "never shorter than the time before");
            assert.ok(wait <= 1_800_000 + 1e-3);
            lastWait = wait;
          }
          if (step.do === "succeed" || step.do === "reset") {
            assert.equal(breaker.state, "closed");
            timesOpened = lastWait = 0;
          }
          if (breaker.state !== "half_open" && probe !== undefined) {
            stale.push(probe);
            probe = undefined;
          }
          assert.equal(breaker.timesOpened, timesOpened);
          assert.equal(
            breaker.isAvailable,
            breaker.state === "closed" || (breaker.state === "half_open" && probe === undefined),
          );
          assertLegal(before, breaker.state, step.do);
        }
        // Nothing stays stuck: time and the end of the probe always lead back to use.
        if (probe !== undefined) breaker.returnProbe(probe);
        breaker.wake(now + options.maxTimeoutMs + 1);
        assert.ok(breaker.isAvailable);
      },
    ),
    { numRuns: 1000 },
  );
});

function assertLegal(from: CircuitState, to: CircuitState, by: string): void {
  if (from === to) return;
  const arrows: Readonly<Record<string, readonly string[]>> = {
    "closed open": ["fail", "trip"],
    "half_open open": ["fail", "trip"],
    "open half_open": ["wake"],
    "half_open closed": ["succeed", "reset"],
    "open closed": ["succeed", "reset"],
  };
  assert.ok(arrows[`${from} ${to}`]?.includes(by), `${from} → ${to} by ${by}`);
}

test("CircuitBreaker comes back from the disk as it was, on another monotonic clock", () => {
  const breaker = opened(1000);
  const snapshot = breaker.snapshot(5_000_000);
  assert.deepEqual(snapshot, { state: "open", openUntil: 5_061_000, timesOpened: 1 });
  const restored = new CircuitBreaker();
  // Ten seconds later by the wall, on a clock that started anew.
  restored.restore(snapshot, 7, 5_011_000 - 7, options);
  assert.equal(restored.state, "open");
  assert.equal(restored.openUntil, 7 + 50_000);
  assert.equal(restored.timesOpened, 1);
  assert.deepEqual(restored.snapshot(5_011_000 - 7), snapshot);
  assert.deepEqual(new CircuitBreaker().snapshot(0), { state: "closed", openUntil: null, timesOpened: 0 });
});

test("CircuitBreaker is locked away by no wall clock, however far it jumped", () => {
  const state = fc.constantFrom<CircuitState>("closed", "open", "half_open");
  const jump = fc.integer({ min: -1e13, max: 1e13 });
  const openUntil = fc.option(fc.integer({ min: 0, max: 4e12 }));
  fc.assert(fc.property(state, openUntil, fc.nat(2000), jump, (state, openUntil, timesOpened, wallOffset) => {
    const breaker = new CircuitBreaker();
    breaker.restore({ state, openUntil, timesOpened }, 1000, wallOffset, options);
    assert.equal(breaker.state, state);
    assert.ok(breaker.openUntil <= 1000 + options.maxTimeoutMs);
    breaker.wake(1000 + options.maxTimeoutMs);
    assert.ok(breaker.isAvailable);
    if (state !== "closed") assert.ok(breaker.takeProbe());
  }));
});
