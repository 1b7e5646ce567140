import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Pacing, parsePace } from "../../../src/core/pacing.ts";
import { bench, fill, thrown } from "./support.ts";
import { NoProxyAvailableError } from "../../../src/core/errors.ts";

test("parsePace() reads rates in every unit", () => {
  const rates: readonly [string, number][] = [
    ["15/min", 4000],
    ["2/s", 500],
    ["1/10s", 10_000],
    ["100/h", 36_000],
    ["1/day", 86_400_000],
    [" 0.5 / Second ", 2000],
    ["3/2m", 40_000],
  ];
  for (const [rate, intervalMs] of rates) assert.deepEqual(parsePace(rate), { intervalMs, burstMs: 0 }, rate);
  assert.deepEqual(parsePace("1/s", 5), { intervalMs: 1000, burstMs: 4000 });
});

test("parsePace() refuses anything else, and names the value and what is allowed", () => {
  for (
    const rate of [
      "",
      "15",
      "0/s",
      "1/0s",
      "-1/s",
      "1/fortnight",
      "1/s/s",
      "NaN/s",
      "Infinity/s",
      "1e3/s",
      "x".repeat(999),
    ]
  ) {
    assert.match(
      thrown(RangeError, () => parsePace(rate)).message,
      /^Cannot read pace ".{0,40}": use a rate such as/,
    );
  }
  for (const burst of [0, -1, 1.5, NaN, Infinity]) {
    assert.match(thrown(RangeError, () => parsePace("1/s", burst)).message, /^Cannot use burst/);
  }
});

test("Pacing prefers the rate of a target to the general one", () => {
  const pacing = new Pacing({ rate: "1/s", targets: { "slow.example": "1/min" }, burst: 2 });
  assert.deepEqual(pacing.of("slow.example"), { intervalMs: 60_000, burstMs: 60_000 });
  assert.deepEqual(pacing.of("other.example"), { intervalMs: 1000, burstMs: 1000 });
  assert.equal(new Pacing(undefined).of("a.example"), undefined);
  assert.equal(new Pacing({ targets: { "a.example": "1/s" } }).of("b.example"), undefined);
  assert.equal(new Pacing("1/s").of("a.example")?.intervalMs, 1000);
});

test("ProxyRotator refuses a pace that cannot be read", () => {
  assert.throws(() => bench({ pacing: "often" }), RangeError);
  assert.throws(() => bench({ pacing: { targets: { "a.example": "0/s" } } }), RangeError);
});

test("pacing holds a proxy back on its target until its slot, and on no other target", () => {
  const { rotator, clock } = bench({ pacing: "15/min" });
  fill(rotator, 1);
  const target = "https://shop.example/";
  rotator.acquire({ target }).report({ verdict: "ok" });
  const error = thrown(NoProxyAvailableError, () => rotator.acquire({ target }));
  assert.deepEqual(error.counts, { paced: 1 });
  assert.equal(error.retryAfterMs, 4000);
  assert.match(error.message, /shop\.example/);
  rotator.acquire({ target: "other.example" }).release();
  rotator.acquire().release();
  clock.advance(3999);
  assert.equal(thrown(NoProxyAvailableError, () => rotator.acquire({ target })).retryAfterMs, 1);
  clock.advance(1);
  rotator.acquire({ target }).release();
});

test("pacing lets a burst through after a rest, and no more", () => {
  const { rotator, clock } = bench({ pacing: { rate: "1/s", burst: 3 } });
  fill(rotator, 1);
  const target = "a.example";
  for (let i = 0; i < 3; i++) rotator.acquire({ target }).release();
  assert.equal(thrown(NoProxyAvailableError, () => rotator.acquire({ target })).retryAfterMs, 1000);
  clock.advance(1000);
  rotator.acquire({ target }).release();
  assert.throws(() => rotator.acquire({ target }), NoProxyAvailableError);
  clock.advance(60_000);
  for (let i = 0; i < 3; i++) rotator.acquire({ target }).release();
  assert.throws(() => rotator.acquire({ target }), NoProxyAvailableError);
});

test("pacing grants no more than the burst at first, however slow the rate", () => {
  const { rotator } = bench({ pacing: { rate: "1/day", burst: 20 } });
  fill(rotator, 1);
  for (let i = 0; i < 20; i++) rotator.acquire({ target: "a.example" }).release();
  assert.throws(() => rotator.acquire({ target: "a.example" }), NoProxyAvailableError);
});

test("pacing is hard: in no window does a proxy go more often to a target than its rate allows", () => {
  const waits = fc.array(fc.integer({ min: 0, max: 2500 }), { minLength: 1, maxLength: 80, size: "max" });
  const strategy = fc.constantFrom("round-robin", "random", "weighted", "least-used");
  fc.assert(
    fc.property(waits, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), strategy, (
      waits,
      proxies,
      burst,
      strategy,
    ) => {
      const { rotator, clock } = bench({ pacing: { rate: "1/s", burst }, strategy });
      fill(rotator, proxies);
      const visits = new Map<string, number[]>();
      for (const wait of waits) {
        clock.advance(wait);
        const free = rotator.explain({ target: "a.example" }).eligible;
        try {
          const { proxy } = rotator.acquire({ target: "a.example" });
          visits.set(proxy.id, [...visits.get(proxy.id) ?? [], clock.now()]);
          assert.ok(free > 0);
        } catch (error) {
          assert.ok(error instanceof NoProxyAvailableError);
          assert.equal(free, 0);
        }
      }
      for (const times of visits.values()) {
        for (let i = burst; i < times.length; i++) {
          assert.ok(times[i]! - times[i - burst]! >= 1000, `${burst + 1} visits within a second`);
        }
      }
    }),
  );
});

test("pacing uses every slot: as many requests go out as the rate allows", () => {
  const { rotator, clock } = bench({ pacing: "1/s" });
  fill(rotator, 3);
  let sent = 0;
  for (let ms = 0; ms < 10_000; ms += 100) {
    try {
      rotator.acquire({ target: "a.example" }).release();
      sent++;
    } catch (error) {
      assert.ok(error instanceof NoProxyAvailableError);
    }
    clock.advance(100);
  }
  assert.equal(sent, 30);
});
