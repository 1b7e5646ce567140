import assert from "node:assert/strict";
import { test } from "node:test";
import { STRATEGY_NAMES } from "../../../src/core/mod.ts";
import { simulate, type SimulationOptions } from "../../../src/simulation/mod.ts";

const SEEDS = [1, 2, 3];
const REFUSALS: SimulationOptions = {
  requests: 20_000,
  sites: [{ name: "a.example", refusing: 0.35 }, { name: "b.example", refusing: 0.1 }],
};
const FAST_403: SimulationOptions = { requests: 20_000, sites: [{ name: "a.example", refusing: 0.35 }] };
const BURN: SimulationOptions = { requests: 10_000, sites: [{ name: "a.example", banAbovePerMinute: 20 }] };

function runs(world: SimulationOptions, more: SimulationOptions) {
  return SEEDS.map((seed) => simulate({ ...world, ...more, seed }));
}

test("simulate() gives the same result for the same options, and another for another seed", () => {
  const world = { ...REFUSALS, requests: 2000, strategy: "adaptive" };
  assert.deepEqual(simulate({ ...world, seed: 5 }), simulate({ ...world, seed: 5 }));
  assert.notDeepEqual(simulate({ ...world, seed: 5 }), simulate({ ...world, seed: 6 }));
});

test("simulate() counts what a world without faults must give", () => {
  const result = simulate({ requests: 500, dead: 0, errors: 0, drift: 0, strategy: "random" });
  assert.deepEqual([result.requests, result.successPercent, result.attempts, result.refusals, result.bans], [
    500,
    100,
    1,
    0,
    0,
  ]);
});

test("simulate() leaves the warm-up out of its figures", () => {
  const result = simulate({ ...FAST_403, requests: 3000, warmUp: 1000, strategy: "adaptive" });
  assert.equal(result.requests, 2000);
});

test("adaptive serves 99.5 % at five times the throughput of plain round-robin where sites refuse a third", () => {
  for (const seed of SEEDS) {
    const plain = simulate({ ...REFUSALS, strategy: "plain", seed });
    const adaptive = simulate({ ...REFUSALS, strategy: "adaptive", seed });
    assert.ok(adaptive.successPercent >= 99.5, `seed ${seed}: ${adaptive.successPercent} %`);
    const ratio = adaptive.perSecond / plain.perSecond;
    assert.ok(ratio >= 5, `seed ${seed}: ${ratio} times`);
  }
});

test("no strategy falls into the trap of the fast 403", () => {
  for (const strategy of STRATEGY_NAMES) {
    for (const { successPercent } of runs(FAST_403, { strategy })) {
      assert.ok(successPercent >= 97, `${strategy}: ${successPercent} %`);
    }
  }
});

test("pacing keeps every proxy from burning, and every request gets through", () => {
  for (const { successPercent, bans } of runs(BURN, { strategy: "adaptive", pacing: "15/min" })) {
    assert.equal(bans, 0);
    assert.ok(successPercent >= 99.95, `${successPercent} %`);
  }
  for (const { bans } of runs(BURN, { strategy: "adaptive" })) assert.ok(bans > 100);
});

test("pacing also saves the neighbours, where a ban takes the network along", () => {
  const world = {
    ...BURN,
    sites: [{ name: "a.example", banAbovePerMinute: 20, banSubnet: 0.5, banAsn: 0.2 }],
  };
  for (const { bans } of runs(world, { strategy: "thompson", pacing: "15/min" })) assert.equal(bans, 0);
});

test("adaptive serves 95 % when it is told of one refusal in twenty", () => {
  for (const { successPercent } of runs(FAST_403, { strategy: "adaptive", reported: 0.05 })) {
    assert.ok(successPercent >= 95, `${successPercent} %`);
  }
});

test("adaptive finds the few that live on a public list", () => {
  const world = { proxies: 2000, dead: 0.9, requests: 10_000, warmUp: 1000, strategy: "adaptive" };
  for (const { successPercent, attempts } of runs(world, {})) {
    assert.ok(successPercent >= 99.5, `${successPercent} %`);
    assert.ok(attempts <= 1.2, `${attempts} attempts`);
  }
});
