/** Finds strategies by name, and lets programs add their own. */

import { UnknownStrategyError } from "../errors.ts";
import { leastUsedStrategy } from "./least_used.ts";
import { randomStrategy } from "./random.ts";
import { roundRobinStrategy } from "./round_robin.ts";
import type { Strategy } from "./strategy.ts";
import { weightedStrategy } from "./weighted.ts";

/** A strategy by name, by name with options, or a strategy of one's own. */
export type StrategySpec = string | {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
} | Strategy;

/** Makes a strategy from its options. */
export type StrategyFactory = (options: Readonly<Record<string, unknown>>) => Strategy;

const FACTORIES: ReadonlyMap<string, StrategyFactory> = new Map([
  ["round-robin", () => roundRobinStrategy],
  ["random", () => randomStrategy],
  ["weighted", () => weightedStrategy],
  ["least-used", () => leastUsedStrategy],
]);

/** Plain names of the built-in strategies. */
export const STRATEGY_NAMES: readonly string[] = [...FACTORIES.keys()];

/**
 * The strategy that a specification means. Names may have `-` or `_` and any case.
 *
 * @throws {UnknownStrategyError} naming the allowed ones
 */
export function strategyFrom(spec: StrategySpec): Strategy {
  if (typeof spec === "object" && "createSelector" in spec) return spec;
  const { name, options = {} } = typeof spec === "string" ? { name: spec } : spec;
  const factory = FACTORIES.get(name.trim().toLowerCase().replaceAll("_", "-"));
  if (factory === undefined) throw new UnknownStrategyError(name, STRATEGY_NAMES);
  return factory(options);
}
