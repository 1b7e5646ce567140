import assert from "node:assert/strict";
import { test } from "node:test";
import { ProxyRotator, registerStrategy, STRATEGY_NAMES, STRATEGY_OPTIONS } from "../../../src/core/mod.ts";
import { DEFAULT_SETTINGS } from "../../../gen/settings.ts";
import { rotatorOptions } from "../../../src/service/open_pool.ts";
import { readStrategySetting, toStrategySpec } from "../../../src/service/strategy_spec.ts";
import { loadSettings } from "../../../src/service/settings.ts";
import { makeWorld } from "./support.ts";

test("STRATEGY_OPTIONS names the options that each strategy takes, and no other", () => {
  for (const name of STRATEGY_NAMES) {
    const expected = STRATEGY_OPTIONS.get(name)?.join(", ") || "it takes none";
    const make = () => new ProxyRotator({ strategy: { name, options: { "no option": 1 } } });
    assert.throws(
      make,
      (error: Error) =>
        error.message.endsWith(`: use ${expected}`) || error.message.endsWith(`: ${expected}`),
    );
  }
});

test("set_strategy hands every option to the strategy that has it", async () => {
  const world = makeWorld();
  world.rotator.addProxy("http://203.0.113.1:80", { region: "DE", cost: 3 });
  world.rotator.addProxy("http://203.0.113.2:80", { region: "AT", cost: 1 });
  world.rotator.addProxy("http://203.0.113.3:80", { region: "US", cost: 0 });
  const chosen = async () => (await world.call("rotate", { session: "s", renew: true })).proxy.region;
  const changed = await world.call("set_strategy", {
    strategy: "geo_targeted",
    options: { regions: ["de", "AT"], fallback: false, chooser: "cost-aware", max_cost: 5 },
  });
  assert.equal(
    changed.message,
    "Strategy changed from round-robin to geo-targeted with regions de, AT, fallback false, max_cost 5, chooser cost-aware",
  );
  assert.equal(await chosen(), "DE");
  assert.deepEqual(world.rotator.explain().rejected, { strategy: 1 });
  const composed = await world.call("set_strategy", {
    strategy: "composite",
    options: {
      strategies: ["geo-targeted", "cost-aware", "adaptive"],
      regions: ["US"],
      max_cost: 5,
      exploration_rate: 0,
    },
  });
  assert.equal(composed.new_strategy, "composite");
  assert.equal(await chosen(), "US");
  await world.call("set_strategy", { strategy: "performance-based", options: { exploration_count: 3 } });
  const again = await world.call("set_strategy", {
    strategy: "performance-based",
    options: { exploration_count: 0 },
  });
  assert.equal(again.message, "Strategy is performance-based still, now with exploration_count 0");
});

test("set_strategy names the option, its value and what is allowed", async () => {
  const world = makeWorld();
  const cases = [
    [
      { strategy: "adaptive", options: { max_cost: 1 } },
      'Unknown option "max_cost" of strategy adaptive: use exploration_rate',
    ],
    [
      { strategy: "Round_Robin", options: { regions: ["DE"] } },
      'Unknown option "regions" of strategy round-robin: it takes none',
    ],
    [
      { strategy: "composite", options: { strategies: ["cost-aware", "random"], regions: ["DE"] } },
      'Unknown option "regions" of strategy composite: use min_success_rate, max_cost, strategies',
    ],
    [
      { strategy: "adaptive", options: { exploration_rate: 2 } },
      "options.exploration_rate must be a number from 0 to 1, got 2",
    ],
    [
      { strategy: "geo-targeted", options: { regions: ["Germany"] } },
      'options.regions[0] must be a two-letter country code such as US, got "Germany"',
    ],
    [
      { strategy: "composite", options: { strategies: ["adaptive", "random"] } },
      "Cannot use adaptive as a filter of composite: use geo-targeted or cost-aware",
    ],
    [
      { strategy: "adaptive", options: { rate: 1 } },
      'Unknown key "rate" in options. Allowed: regions, fallback, min_success_rate, max_cost, exploration_rate, ' +
      "exploration_count, chooser, strategies",
    ],
  ] as const;
  for (const [input, message] of cases) {
    const error = await world.fail({ action: "set_strategy", ...input });
    assert.deepEqual([error.code, error.error], [400, message]);
  }
  const unknown = await world.fail({
    action: "set_strategy",
    strategy: "geo-targeted",
    options: { chooser: "best" },
  });
  assert.match(unknown.error, /^Unknown strategy: best/);
  assert.equal(world.rotator.strategy.name, "round-robin");
});

test("set_strategy says what the new strategy needs", async () => {
  const world = makeWorld();
  const sticky = await world.call("set_strategy", {
    strategy: "session-persistence",
    options: { chooser: "random" },
  });
  assert.match(sticky.next_step ?? "", /session name with every rotate/);
  assert.match(
    (await world.call("set_strategy", { strategy: "geo-targeted" })).next_step ?? "",
    /options\.regions/,
  );
  assert.equal((await world.call("set_strategy", { strategy: "adaptive" })).next_step, undefined);
});

test("set_strategy reaches a strategy of one's own, with whatever options it is given", async () => {
  const seen: unknown[] = [];
  registerStrategy("first-2", (options) => {
    seen.push(options);
    return {
      name: "first-2",
      className: "FirstStrategy",
      createSelector: () => ({ select: (eligible) => eligible.at(0) }),
    };
  });
  const world = makeWorld();
  await world.call("set_strategy", { strategy: "FIRST_2" });
  await world.call("set_strategy", { strategy: "first-2", options: { max_cost: 3, chooser: "random" } });
  assert.deepEqual(seen, [{}, { maxCost: 3, strategy: { name: "random", options: {} } }]);
  assert.match((await world.fail({ action: "set_strategy", strategy: "nobody" })).error, /first-2/);
});

test("the setting strategy takes a name, or a name with options as JSON or, in the file, as an object", async () => {
  const value = { name: "geo-targeted", options: { regions: ["DE"], fallback: false } };
  const load = async (sources: Parameters<typeof loadSettings>[0]) =>
    (await loadSettings({ readEnvironment: () => ({}), ...sources })).settings.strategy;
  const texts = [
    await load({ flags: new Map([["strategy", JSON.stringify(value)]]) }),
    await load({ readEnvironment: () => ({ PROXYWHIRL_STRATEGY: ` ${JSON.stringify(value)}` }) }),
    await load({
      flags: new Map([["config", "pool.json"]]),
      readTextFile: () => Promise.resolve(JSON.stringify({ strategy: value })),
    }),
  ];
  for (const strategy of texts) {
    const rotator = new ProxyRotator(rotatorOptions({ ...DEFAULT_SETTINGS, strategy }));
    rotator.addProxy("http://203.0.113.1:80", { region: "US" });
    assert.equal(rotator.strategy.name, "geo-targeted");
    assert.deepEqual(rotator.explain().rejected, { strategy: 1 });
  }
  assert.equal(await load({ flags: new Map([["strategy", "adaptive"]]) }), "adaptive");
});

test("readStrategySetting says what is wrong and what is allowed", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["{name:", /^Setting strategy is not JSON: give a name, or \{"name"/],
    ["{}", /^Setting strategy: name required$/],
    ['{"name": 5}', /^Setting strategy: strategy must be the name of a strategy such as round-robin, got 5$/],
    ['{"name": "adaptive", "option": {}}', /^Unknown key "option" of setting strategy: use name, options$/],
    ['{"name": "adaptive", "options": {"max_cost": 1}}', /^Unknown option "max_cost" of strategy adaptive/],
    [
      '{"name": "cost-aware", "options": {"max_cost": -1}}',
      /options\.max_cost must be a number from 0, got -1$/,
    ],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => readStrategySetting(text), { name: "RangeError", message });
  }
});

test("toStrategySpec leaves a plain name alone, and does not loop", () => {
  assert.equal(toStrategySpec("Adaptive"), "Adaptive");
  assert.deepEqual(toStrategySpec("geo-targeted", { chooser: "geo-targeted", regions: ["DE"] }), {
    name: "geo-targeted",
    options: { regions: ["DE"], strategy: { name: "geo-targeted", options: { regions: ["DE"] } } },
  });
});
