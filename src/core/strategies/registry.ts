/** Finds strategies by name, and lets programs add their own. */

import { UnknownStrategyError } from "../errors.ts";
import { adaptiveStrategy } from "./adaptive.ts";
import { compositeStrategy } from "./composite.ts";
import { costAwareStrategy } from "./cost_aware.ts";
import { geoTargetedStrategy } from "./geo_targeted.ts";
import { leastUsedStrategy } from "./least_used.ts";
import { checkOptionNames, type StrategyOptions } from "./options.ts";
import { performanceBasedStrategy } from "./performance_based.ts";
import { randomStrategy } from "./random.ts";
import { roundRobinStrategy } from "./round_robin.ts";
import { sessionPersistenceStrategy } from "./session_persistence.ts";
import type { Strategy } from "./strategy.ts";
import { thompsonStrategy } from "./thompson.ts";
import { weightedStrategy } from "./weighted.ts";

/** A strategy with its options. */
export interface NamedStrategy {
  /** Plain name. */
  readonly name: string;
  /** Options of that strategy. */
  readonly options?: StrategyOptions;
}

/** A strategy by name, by name with options, or a strategy of one's own. */
export type StrategySpec = string | NamedStrategy | Strategy;

/** Makes a strategy from its options. */
export type StrategyFactory = (options: StrategyOptions) => Strategy;

/** Name, names of the options, and how to make it. */
type BuiltIn = readonly [name: string, optionNames: readonly string[], factory: StrategyFactory];

const BUILT_IN: readonly BuiltIn[] = [
  ["round-robin", [], (options) => withoutOptions(roundRobinStrategy, options)],
  ["random", [], (options) => withoutOptions(randomStrategy, options)],
  ["weighted", [], (options) => withoutOptions(weightedStrategy, options)],
  ["least-used", [], (options) => withoutOptions(leastUsedStrategy, options)],
  ["performance-based", ["explorationCount"], performanceBasedStrategy],
  [
    "session-persistence",
    ["strategy"],
    (options) => sessionPersistenceStrategy(options, chooserOf(options)),
  ],
  [
    "geo-targeted",
    ["regions", "fallback", "strategy"],
    (options) => geoTargetedStrategy(options, chooserOf(options)),
  ],
  ["cost-aware", ["minSuccessRate", "maxCost"], costAwareStrategy],
  ["composite", ["strategies"], compositeOf],
  ["adaptive", ["explorationRate"], adaptiveStrategy],
  ["thompson", [], (options) => withoutOptions(thompsonStrategy, options)],
];

/** Plain names of the built-in strategies. */
export const STRATEGY_NAMES: readonly string[] = BUILT_IN.map(([name]) => name);

/** Names of the options of each built-in strategy, by its plain name. */
export const STRATEGY_OPTIONS: ReadonlyMap<string, readonly string[]> = new Map(
  BUILT_IN.map(([name, optionNames]) => [name, optionNames]),
);

const factories: Map<string, StrategyFactory> = new Map(BUILT_IN.map(([name, , factory]) => [name, factory]));

/** The plain name that is meant: lower case, with hyphens. */
export function plainStrategyName(name: string): string {
  return name.trim().toLowerCase().replaceAll("_", "-");
}

/**
 * Makes a strategy of one's own known under a name, for every rotator of the program.
 *
 * @example
 * ```ts
 * import { ProxyRotator, registerStrategy } from "@proxywhirl/mcp/core";
 *
 * registerStrategy("first-come", () => ({
 *   name: "first-come",
 *   className: "FirstComeStrategy",
 *   createSelector: () => ({
 *     select(eligible, request) {
 *       for (let i = 0; i < Math.min(eligible.size, 8); i++) {
 *         if (request.accepts(eligible.at(i))) return eligible.at(i);
 *       }
 *       return undefined; // the rotator then looks for itself
 *     },
 *   }),
 * }));
 * const rotator = new ProxyRotator({ strategy: "first-come" });
 * ```
 *
 * @throws {RangeError} when the name is taken or is not lower case words with hyphens
 */
export function registerStrategy(name: string, factory: StrategyFactory): void {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || factories.has(name)) {
    throw new RangeError(
      `Cannot register strategy "${name}": the name must be new, lower case words with hyphens`,
    );
  }
  factories.set(name, factory);
}

/**
 * The strategy that a specification means. Names may have `-` or `_` and any case.
 *
 * @throws {UnknownStrategyError} naming the allowed ones
 * @throws {RangeError} for an option that is unknown or out of range
 */
export function strategyFrom(spec: StrategySpec): Strategy {
  if (typeof spec === "object" && "createSelector" in spec) return spec;
  const { name, options = {} } = typeof spec === "string" ? { name: spec } : spec;
  const factory = factories.get(plainStrategyName(name));
  if (factory === undefined) throw new UnknownStrategyError(name, [...factories.keys()]);
  return factory(options);
}

function withoutOptions(strategy: Strategy, options: StrategyOptions): Strategy {
  checkOptionNames(strategy.name, options, []);
  return strategy;
}

/** The strategy that another one uses to choose within a group: option `strategy`, round-robin by default. */
function chooserOf(options: StrategyOptions): Strategy {
  return strategyFrom(asSpec(options.strategy ?? "round-robin"));
}

function compositeOf(options: StrategyOptions): Strategy {
  checkOptionNames("composite", options, ["strategies"]);
  const { strategies = ["round-robin"] } = options;
  if (!Array.isArray(strategies)) {
    throw new RangeError(`Cannot use option strategies ${JSON.stringify(strategies)}: it must be a list`);
  }
  return compositeStrategy(strategies.map((spec: unknown) => strategyFrom(asSpec(spec))));
}

function asSpec(value: unknown): StrategySpec {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && "name" in value && typeof value.name === "string") {
    return value as NamedStrategy | Strategy;
  }
  throw new RangeError(`Cannot use strategy ${JSON.stringify(value)}: give a name, or { name, options }`);
}
