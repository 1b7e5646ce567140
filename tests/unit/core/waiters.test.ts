import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NoProxyAvailableError } from "../../../src/core/errors.ts";
import type { Lease } from "../../../src/core/lease.ts";
import type { ProxyRotator } from "../../../src/core/rotator.ts";
import type { ProxyRotatorOptions, SetTimer, WaitOptions } from "../../../src/core/rotator_options.ts";
import { bench, type FakeClock, fill } from "./support.ts";

/** Timers that go off when the test moves its clock. */
class FakeTimers {
  readonly #clock: FakeClock;
  readonly #timers: Set<{ readonly at: number; readonly callBack: () => void }> = new Set();

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#timers.size;
  }

  readonly setTimer: SetTimer = (callBack, ms) => {
    const timer = { at: this.#clock.time + ms, callBack };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  /** Moves the clock, stopping at each timer that is due. */
  advance(ms: number): void {
    const end = this.#clock.time + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next);
      this.#clock.time = Math.max(this.#clock.time, next.at);
      next.callBack();
    }
    this.#clock.time = end;
  }
}

function waitingBench(options: ProxyRotatorOptions = {}): {
  readonly rotator: ProxyRotator;
  readonly timers: FakeTimers;
  readonly clock: FakeClock;
} {
  const made: { timers?: FakeTimers } = {};
  const setTimer: SetTimer = (callBack, ms) => made.timers!.setTimer(callBack, ms);
  const { rotator, clock } = bench({ random: () => 0, ...options, setTimer });
  const timers = made.timers = new FakeTimers(clock);
  return { rotator, clock, timers };
}

/** What became of a request that waits. */
interface Waiting {
  lease?: Lease;
  error?: unknown;
}

function wait(rotator: ProxyRotator, options: WaitOptions = {}): Waiting {
  const waiting: Waiting = {};
  rotator.acquireWhenReady(options).then((lease) => waiting.lease = lease, (error) => waiting.error = error);
  return waiting;
}

/** Lets promises that are settled call back. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

const target = "shop.example";

test("acquireWhenReady() hands out at once what is free", async () => {
  const { rotator, timers } = waitingBench();
  const [id] = fill(rotator, 1);
  assert.equal((await rotator.acquireWhenReady()).proxy.id, id);
  assert.equal(timers.size, 0);
});

test("acquireWhenReady() waits for the earliest slot", async () => {
  const { rotator, timers } = waitingBench({ pacing: "15/min" });
  fill(rotator, 1);
  rotator.acquire({ target }).release();
  const waiting = wait(rotator, { target });
  timers.advance(3999);
  await settle();
  assert.deepEqual(waiting, {});
  timers.advance(1);
  await settle();
  assert.equal(waiting.lease?.target, target);
  assert.equal(timers.size, 0);
});

test("acquireWhenReady() serves those who ask for the same in turn", async () => {
  const { rotator, timers } = waitingBench({ pacing: "1/s" });
  fill(rotator, 1);
  rotator.acquire({ target }).release();
  const waiting = Array.from({ length: 5 }, () => wait(rotator, { target }));
  for (let served = 1; served <= 5; served++) {
    timers.advance(1000);
    await settle();
    assert.deepEqual(
      waiting.map(({ lease }) => lease !== undefined),
      waiting.map((_, index) => index < served),
    );
  }
});

test("acquireWhenReady() gets what another request gives back, or what is added", async () => {
  const { rotator } = waitingBench();
  fill(rotator, 1);
  const held = rotator.acquire({ exclusive: true });
  const first = wait(rotator);
  const second = wait(rotator, { exclusive: true });
  await settle();
  assert.deepEqual([first, second], [{}, {}]);
  held.report({ verdict: "ok" });
  await settle();
  assert.ok(first.lease !== undefined && second.lease !== undefined);
  const third = wait(rotator);
  rotator.addProxy("203.0.113.7:80");
  await settle();
  assert.equal(third.lease?.proxy.endpoint.host, "203.0.113.7");
});

test("acquireWhenReady() gets what a session had to itself when that runs out", async () => {
  const { rotator, timers } = waitingBench();
  fill(rotator, 1);
  const ttlMs = 30 * 60_000;
  rotator.acquire({ session: "a", exclusive: true }).release();
  const waiting = wait(rotator, { timeoutMs: 2 * ttlMs });
  timers.advance(ttlMs - 1);
  await settle();
  assert.deepEqual(waiting, {});
  timers.advance(1);
  await settle();
  assert.ok(waiting.lease !== undefined);
});

test("acquireWhenReady() gets the probe of a circuit when it turns half-open, and another when that proved nothing", async () => {
  const { rotator, timers } = waitingBench();
  const [id] = fill(rotator, 1);
  for (let i = 0; i < 5; i++) rotator.report(id!, { verdict: "dead" });
  const [first, second] = [
    wait(rotator, { timeoutMs: 600_000 }),
    wait(rotator, { timeoutMs: 600_000 }),
  ];
  timers.advance(60_000);
  await settle();
  assert.ok(first.lease !== undefined);
  assert.deepEqual(second, {});
  first.lease.release();
  await settle();
  assert.ok(second.lease !== undefined);
});

test("acquireWhenReady() gives up after its time, and says why there was nothing", async () => {
  const { rotator, timers } = waitingBench({ pacing: "1/h" });
  fill(rotator, 1);
  rotator.acquire({ target }).release();
  const waiting = wait(rotator, { target, timeoutMs: 5000 });
  timers.advance(4999);
  await settle();
  assert.deepEqual(waiting, {});
  timers.advance(1);
  await settle();
  assert.ok(waiting.error instanceof NoProxyAvailableError);
  assert.deepEqual(waiting.error.counts, { paced: 1 });
  assert.equal(waiting.error.retryAfterMs, 3_595_000);
  assert.equal(timers.size, 0);
});

test("acquireWhenReady() with no time to wait behaves as acquire()", async () => {
  const { rotator, timers } = waitingBench({ pacing: "1/s" });
  fill(rotator, 1);
  const options = { target, timeoutMs: 0 };
  assert.ok((await rotator.acquireWhenReady(options)).target === target);
  await assert.rejects(rotator.acquireWhenReady(options), NoProxyAvailableError);
  assert.equal(timers.size, 0);
});

test("acquireWhenReady() does not wait for what no time brings", async () => {
  const { rotator, timers } = waitingBench();
  const [id] = fill(rotator, 1);
  await assert.rejects(rotator.acquireWhenReady({ region: "US" }), {
    message: "No proxy available: 1 in another region",
  });
  await assert.rejects(rotator.acquireWhenReady({ exclude: [id!] }), NoProxyAvailableError);
  assert.equal(timers.size, 0);
});

test("acquireWhenReady() stops waiting when it is aborted, and lets the next one move up", async () => {
  const { rotator, timers } = waitingBench({ pacing: "1/s" });
  fill(rotator, 1);
  rotator.acquire({ target }).release();
  const controller = new AbortController();
  const first = wait(rotator, { target, signal: controller.signal });
  const second = wait(rotator, { target });
  const reason = new Error("enough");
  controller.abort(reason);
  await settle();
  assert.equal(first.error, reason);
  timers.advance(1000);
  await settle();
  assert.ok(second.lease !== undefined);
  assert.equal(rotator.getProxy(second.lease.proxy.id)!.requestsStarted, 2);
  assert.equal(wait(rotator, { signal: controller.signal }).lease, undefined);
  await assert.rejects(rotator.acquireWhenReady({ signal: controller.signal }), reason);
  assert.equal(timers.size, 0);
});

test("acquireWhenReady() refuses a time that is none, and a target that cannot be read", async () => {
  const { rotator } = waitingBench();
  fill(rotator, 1);
  for (const timeoutMs of [-1, NaN]) {
    await assert.rejects(rotator.acquireWhenReady({ timeoutMs }), RangeError);
  }
  await assert.rejects(rotator.acquireWhenReady({ target: "http://" }), RangeError);
  await assert.rejects(rotator.acquireWhenReady({ ttlMs: -5 }), RangeError);
});

test("everybody who waits is served in turn, at the full rate, and no slot is used twice", async () => {
  const waits = fc.array(fc.nat(1500), { maxLength: 25, size: "max" });
  await fc.assert(
    fc.asyncProperty(waits, fc.integer({ min: 1, max: 3 }), async (waits, proxies) => {
      const { rotator, clock, timers } = waitingBench({ pacing: "1/s" });
      fill(rotator, proxies);
      const starts = new Map<string, number[]>();
      rotator.observe({
        changed: ({ id, requestsStarted }) => {
          const times = starts.get(id) ?? [];
          if (times.length < requestsStarted) starts.set(id, [...times, clock.time]);
        },
      });
      const served: number[] = [];
      for (const [asked, after] of waits.entries()) {
        timers.advance(after);
        rotator.acquireWhenReady({ target, timeoutMs: 1e9 }).then(() => served.push(asked));
        await settle();
      }
      timers.advance(1000 * Math.ceil(waits.length / proxies));
      await settle();
      assert.deepEqual(served, [...waits.keys()]);
      for (const times of starts.values()) {
        times.slice(1).forEach((at, index) => assert.ok(at - times[index]! >= 1000));
      }
      assert.equal(timers.size, 0);
    }),
    { numRuns: 100 },
  );
});

test("requests that are served while an outcome is taken in leave the number of pairs right", async () => {
  const { rotator, clock } = waitingBench({ pacing: "1/s", targets: { maxPairs: 3 } });
  const ids = fill(rotator, 6);
  for (let i = 0; i < 30; i++) {
    const leases = ids.map(() =>
      wait(rotator, { target: `t${i % 4}.example`, exclusive: true, timeoutMs: 0 })
    );
    await settle();
    for (const { lease } of leases) lease?.report({ verdict: i % 3 === 0 ? "dead" : "ok" });
    clock.advance(300);
  }
  const pairs = ids.flatMap((id) => rotator.targetsOf(id));
  assert.ok(pairs.length <= 3, `${pairs.length}`);
});
