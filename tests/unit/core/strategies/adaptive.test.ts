import assert from "node:assert/strict";
import { test } from "node:test";
import { bench, countBy, fill, seededRandom } from "../support.ts";

const target = "shop.example";

/** Uses a pool in which some proxies are slow or refused; answers how many requests each got in the end. */
function learn(strategy: string, seed: number) {
  const { rotator, clock } = bench({ strategy, random: seededRandom(seed) });
  const ids = fill(rotator, 30);
  const random = seededRandom(seed + 1);
  const late: string[] = [];
  for (let i = 0; i < 3000; i++) {
    clock.advance(1000);
    const lease = rotator.acquire({ target });
    const index = ids.indexOf(lease.proxy.id);
    const isBlocked = index >= 20 && random() < 0.9;
    lease.report({
      verdict: isBlocked ? "blocked" : "ok",
      latencyMs: isBlocked ? 5 : index < 10 ? 100 : 2000,
    });
    if (i >= 1000) late.push(index < 10 ? "fast" : index < 20 ? "slow" : "refused");
  }
  const counts = countBy(late);
  return (kind: string) => (counts.get(kind) ?? 0) / late.length;
}

for (const strategy of ["adaptive", "thompson"]) {
  test(`${strategy} learns which proxies are fast on a target, and that a fast refusal is worth nothing`, () => {
    for (const seed of [1, 2, 3]) {
      const share = learn(strategy, seed);
      assert.ok(share("refused") < 0.12, `refused ${share("refused")}`);
      assert.ok(share("fast") > share("slow"), `fast ${share("fast")}, slow ${share("slow")}`);
    }
  });
}

test("adaptive learns for each target apart", () => {
  const { rotator } = bench({ strategy: { name: "adaptive", options: { explorationRate: 0 } } });
  const [a, b] = fill(rotator, 2);
  rotator.report(a!, { verdict: "ok", latencyMs: 100, target: "x.example" });
  rotator.report(b!, { verdict: "ok", latencyMs: 100, target: "y.example" });
  for (let i = 0; i < 10; i++) {
    for (const [host, id] of [["x.example", a], ["y.example", b]] as const) {
      const lease = rotator.acquire({ target: host });
      assert.equal(lease.proxy.id, id);
      lease.report({ verdict: "ok", latencyMs: 100 });
    }
  }
});

test("adaptive spares a proxy that has much to do already", () => {
  const { rotator } = bench({ strategy: { name: "adaptive", options: { explorationRate: 0 } } });
  const ids = fill(rotator, 2);
  for (const id of ids) rotator.report(id, { verdict: "ok", latencyMs: 100, target });
  for (let i = 0; i < 40; i++) rotator.acquire({ target });
  const flights = [...rotator.proxies()].map((proxy) => proxy.inFlight);
  assert.ok(Math.abs(flights[0]! - flights[1]!) <= 8, `${flights}`);
});

test("adaptive explores unknown proxies at about the rate that is set, and not at all at 0", () => {
  for (const [explorationRate, low, high] of [[0, 0, 0], [0.2, 0.1, 0.3]] as const) {
    const { rotator } = bench({ strategy: { name: "adaptive", options: { explorationRate } } });
    const ids = fill(rotator, 2000);
    const known = new Set(ids.slice(0, 10));
    for (const id of known) rotator.report(id, { verdict: "ok", latencyMs: 100, target });
    let explored = 0;
    for (let i = 0; i < 500; i++) {
      const lease = rotator.acquire({ target });
      if (!known.has(lease.proxy.id)) explored++;
      lease.release();
    }
    assert.ok(explored / 500 >= low && explored / 500 <= high, `${explored} at ${explorationRate}`);
  }
});

test("adaptive takes its option in range only", () => {
  for (const explorationRate of [-0.1, 1.1, NaN, "0.5"]) {
    assert.throws(() => bench({ strategy: { name: "adaptive", options: { explorationRate } } }), RangeError);
  }
});
