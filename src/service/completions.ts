/**
 * What an argument of a prompt, or the variable of a template, may be completed with.
 *
 * @module
 */
import type { CompletionKind } from "../contract/spec.ts";
import { type PoolProxy, PROTOCOLS, type ProxyRotator, STRATEGY_NAMES } from "../core/mod.ts";
import { targetsLike } from "./resources/target.ts";

/** A client shows at most 100 values; one more tells it that there are others. */
const MAX_VALUES = 101;

/**
 * Values that begin with what has been typed, in any case: ids in the order of adding, regions, tags and sites of
 * the pool in alphabetical order, names that are always the same in their own order. At most 101.
 *
 * Cost: linear in the pool's size.
 */
export function completionsFor(
  rotator: ProxyRotator,
  kind: CompletionKind,
  prefix: string,
): readonly string[] {
  const start = prefix.slice(0, 256).trim().toLowerCase();
  switch (kind) {
    case "performance":
      return beginning(["high", "medium", "low"], start);
    case "protocol":
      return beginning(PROTOCOLS, start);
    case "strategy":
      return beginning(STRATEGY_NAMES, start.replaceAll("_", "-"));
    case "proxy_id":
      return [...distinct(rotator, start, ({ id }) => [id], MAX_VALUES)];
    case "region":
      return sorted(distinct(rotator, start, ({ region }) => region === null ? [] : [region]));
    case "tag":
      return sorted(distinct(rotator, start, ({ tags }) => tags));
    case "target":
      return targetsLike(rotator, start, MAX_VALUES);
  }
}

function beginning(values: readonly string[], start: string): readonly string[] {
  return values.filter((value) => value.toLowerCase().startsWith(start)).slice(0, MAX_VALUES);
}

function sorted(values: ReadonlySet<string>): readonly string[] {
  return [...values].sort().slice(0, MAX_VALUES);
}

function distinct(
  rotator: ProxyRotator,
  start: string,
  valuesOf: (proxy: PoolProxy) => readonly string[],
  limit = Infinity,
): ReadonlySet<string> {
  const values = new Set<string>();
  for (const proxy of rotator.proxies()) {
    for (const value of valuesOf(proxy)) if (value.toLowerCase().startsWith(start)) values.add(value);
    if (values.size >= limit) break;
  }
  return values;
}
