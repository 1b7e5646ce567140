/**
 * What an argument of a prompt may be completed with.
 *
 * @module
 */
import type { ProxyRotator } from "../core/mod.ts";

/** A client shows at most 100 values; one more tells it that there are others. */
const MAX_IDS = 101;

/**
 * Ids of proxies in the order of adding, or the regions of the pool in alphabetical order, that begin with what
 * has been typed.
 *
 * Cost: linear in the pool's size.
 */
export function completionsFor(
  rotator: ProxyRotator,
  kind: "proxy_id" | "region",
  prefix: string,
): readonly string[] {
  const start = prefix.trim().toLowerCase();
  const values = new Set<string>();
  for (const { id, region } of rotator.proxies()) {
    const value = kind === "proxy_id" ? id : region;
    if (value?.toLowerCase().startsWith(start)) values.add(value);
    if (kind === "proxy_id" && values.size === MAX_IDS) break;
  }
  return kind === "region" ? [...values].sort() : [...values];
}
