import assert from "node:assert/strict";
import { test } from "node:test";
import { UnknownStrategyError } from "../../../../src/core/errors.ts";
import { registerStrategy, STRATEGY_NAMES, strategyFrom } from "../../../../src/core/strategies/registry.ts";
import type { Strategy } from "../../../../src/core/strategies/strategy.ts";
import { bench, fill, thrown } from "../support.ts";

test("STRATEGY_NAMES are those of the documentation, and each makes a strategy of that name", () => {
  assert.deepEqual(STRATEGY_NAMES, [
    "round-robin",
    "random",
    "weighted",
    "least-used",
    "performance-based",
    "session-persistence",
    "geo-targeted",
    "cost-aware",
    "composite",
    "adaptive",
    "thompson",
  ]);
  for (const name of STRATEGY_NAMES) {
    const strategy = strategyFrom(name);
    assert.equal(strategy.name, name);
    assert.match(strategy.className, /^[A-Z]\w+Strategy$/);
  }
});

test("strategyFrom() takes a name with - or _ and in any case, with and without options", () => {
  for (const name of ["round-robin", "ROUND_ROBIN", " Round-Robin "]) {
    assert.equal(strategyFrom(name).name, "round-robin");
    assert.equal(strategyFrom({ name }).name, "round-robin");
    assert.equal(strategyFrom({ name, options: {} }).name, "round-robin");
  }
});

test("strategyFrom() names the allowed strategies, or the allowed options", () => {
  const { message } = thrown(UnknownStrategyError, () => strategyFrom("fastest"));
  for (const name of STRATEGY_NAMES) assert.ok(message.includes(name));
  const { message: options } = thrown(
    RangeError,
    () => strategyFrom({ name: "random", options: { seed: 1 } }),
  );
  assert.equal(options, `Unknown option "seed" of strategy random: it takes none`);
});

test("a strategy of one's own chooses, and what it does not find the rotator looks for", () => {
  const last: Strategy = {
    name: "last-added",
    className: "LastAddedStrategy",
    createSelector: () => {
      let latest: string | undefined;
      return {
        added: (proxy) => void (latest = proxy.id),
        select: (eligible, request) => {
          for (let index = 0; index < eligible.size; index++) {
            const proxy = eligible.at(index);
            if (proxy.id === latest && request.accepts(proxy)) return proxy;
          }
          return undefined;
        },
      };
    },
  };
  const { rotator } = bench({ strategy: last });
  const ids = fill(rotator, 3);
  assert.equal(rotator.acquire().proxy.id, ids[2]);
  assert.notEqual(rotator.acquire({ exclude: [ids[2]!] }).proxy.id, ids[2]);
  assert.equal(rotator.explain().choice?.proxy.id, ids[2]);
});

test("registerStrategy() makes a strategy known by name, once", () => {
  registerStrategy("first-of-all", () => ({
    name: "first-of-all",
    className: "FirstOfAllStrategy",
    createSelector: () => ({ select: (eligible) => eligible.size > 0 ? eligible.at(0) : undefined }),
  }));
  const { rotator } = bench({ strategy: "First_Of_All" });
  const ids = fill(rotator, 3);
  for (let i = 0; i < 3; i++) assert.equal(rotator.acquire().proxy.id, ids[0]);
  for (const name of ["first-of-all", "random", "Upper", "a b", "", "-a"]) {
    assert.throws(() => registerStrategy(name, () => strategyFrom("random")), RangeError);
  }
});
