/**
 * From a strategy as callers and settings name it to one that the rotator makes.
 *
 * On the wire all options stand in one flat object, since hosts refuse schemas that refer to themselves. Here each
 * strategy, and each that it is made of, gets its own.
 *
 * @module
 */
import type { StrategyOptionsInput } from "../../gen/models.ts";
import { parseSetStrategyInput } from "../../gen/validators.ts";
import {
  type NamedStrategy,
  plainStrategyName,
  STRATEGY_NAMES,
  STRATEGY_OPTIONS,
  type StrategyOptions,
  type StrategySpec,
  UnknownStrategyError,
} from "../core/mod.ts";
import { excerpt } from "./boundary.ts";

type OptionName = keyof StrategyOptionsInput;

/** What the core calls them. */
const CORE_NAMES: Readonly<Record<OptionName, string>> = {
  regions: "regions",
  fallback: "fallback",
  min_success_rate: "minSuccessRate",
  max_cost: "maxCost",
  exploration_rate: "explorationRate",
  exploration_count: "explorationCount",
  chooser: "strategy",
  strategies: "strategies",
};

const OPTION_NAMES = Object.keys(CORE_NAMES) as OptionName[];

/**
 * A strategy with its options.
 *
 * @throws {UnknownStrategyError} for what cannot be the name of one
 * @throws {RangeError} for an option that neither the strategy nor those that it is made of have
 */
export function toStrategySpec(name: string, options: StrategyOptionsInput = {}): StrategySpec {
  checkName(name);
  const given = OPTION_NAMES.filter((option) => options[option] !== undefined);
  if (given.length === 0) return name;
  const known = new Set<OptionName>();
  const spec = build(name, options, known);
  const foreign = given.find((option) => !known.has(option));
  if (foreign === undefined) return spec;
  const allowed = OPTION_NAMES.filter((option) => known.has(option));
  throw new RangeError(
    `Unknown option "${foreign}" of strategy ${plainStrategyName(name)}: ` +
      (allowed.length === 0 ? "it takes none" : `use ${allowed.join(", ")}`),
  );
}

/**
 * Reads a strategy as it stands in the settings: a name, or a name with options as JSON.
 *
 * @throws {RangeError} saying what is wrong and what is allowed
 */
export function readStrategySetting(text: string): StrategySpec {
  if (!text.trimStart().startsWith("{")) return text;
  const { name, options, ...others } = parseObject(text);
  const [foreign] = Object.keys(others);
  if (foreign !== undefined) {
    throw new RangeError(`Unknown key "${foreign.slice(0, 60)}" of setting strategy: use name, options`);
  }
  const result = parseSetStrategyInput({ strategy: name, options });
  if (!result.ok) {
    const message = result.message.replace("strategy required for set_strategy action", "name required");
    throw new RangeError(`Setting strategy: ${message}`);
  }
  return toStrategySpec(result.value.strategy, result.value.options);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new RangeError(
      'Setting strategy is not JSON: give a name, or {"name": "geo-targeted", "options": {"regions": ["DE"]}}',
      { cause },
    );
  }
}

/** What does not even look like a name may be a mistake that holds a password. */
function checkName(name: string): void {
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name.trim())) {
    throw new UnknownStrategyError(excerpt(name), STRATEGY_NAMES);
  }
}

/** Notes in `known` the options that it and its parts have. A strategy of one's own gets all of them. */
function build(name: string, options: StrategyOptionsInput, known: Set<OptionName>): NamedStrategy {
  checkName(name);
  const own = STRATEGY_OPTIONS.get(plainStrategyName(name));
  const { chooser, strategies, ...others } = options;
  const taken: Record<string, unknown> = {};
  for (const option of OPTION_NAMES) {
    const coreName = CORE_NAMES[option];
    if (own !== undefined && !own.includes(coreName)) continue;
    known.add(option);
    const value = valueOf(option);
    if (value !== undefined) taken[coreName] = value;
  }
  return { name, options: taken satisfies StrategyOptions };

  function valueOf(option: OptionName): unknown {
    if (option === "chooser") return chooser === undefined ? undefined : build(chooser, others, known);
    if (option === "strategies") return strategies?.map((part) => build(part, others, known));
    return others[option];
  }
}
