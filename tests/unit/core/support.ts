/** What the tests of the core share: time that they move, randomness that repeats, and some statistics. */

import { ProxyEntry } from "../../../src/core/proxy_entry.ts";
import { parseProxyUrl } from "../../../src/core/proxy_url.ts";
import { ProxyRotator } from "../../../src/core/rotator.ts";
import type { ProxyRotatorOptions } from "../../../src/core/rotator_options.ts";
import type { Clock, ProxyMetadata, Random } from "../../../src/core/types.ts";

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  /** The time now, ms. */
  time: number;

  /** @param time Where it starts */
  constructor(time = 0) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  /** Lets time pass. */
  advance(ms: number): void {
    this.time += ms;
  }
}

/** Epoch ms at which the wall clock of the tests starts. */
export const EPOCH: number = Date.UTC(2026, 0, 1);

/** The same random numbers for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** UUIDs that count: `00000000-0000-4000-8000-000000000001`, … */
export function countingIds(): () => string {
  let last = 0;
  return () => `00000000-0000-4000-8000-${(++last).toString(16).padStart(12, "0")}`;
}

/** A rotator whose time and randomness belong to the test. */
export interface Bench {
  readonly rotator: ProxyRotator;
  readonly clock: FakeClock;
  readonly wallClock: Clock;
}

/** Makes a rotator; the wall clock is {@linkcode EPOCH} plus the clock unless given. */
export function bench(options: ProxyRotatorOptions = {}): Bench {
  const clock = new FakeClock(1000);
  const wallClock = options.wallClock ?? { now: () => EPOCH + clock.time };
  const rotator = new ProxyRotator({
    clock,
    random: seededRandom(1),
    newId: countingIds(),
    ...options,
    wallClock,
  });
  return { rotator, clock, wallClock };
}

/** URL number `index`: `http://10.0.0.1:8080`, … */
export function urlOf(index: number): string {
  return `http://10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}:8080`;
}

/** Adds `count` proxies; answers their ids. */
export function fill(
  rotator: ProxyRotator,
  count: number,
  metadata?: (index: number) => ProxyMetadata,
): string[] {
  return Array.from({ length: count }, (_, index) => rotator.addProxy(urlOf(index), metadata?.(index)).id);
}

/** Entries outside of any pool, with slots 0, 1, … */
export function makeEntries(count: number): ProxyEntry[] {
  return Array.from({ length: count }, (_, slot) => {
    const { href, protocol } = parseProxyUrl(urlOf(slot));
    return new ProxyEntry(`id-${slot}`, href, protocol, slot, EPOCH);
  });
}

/** How often each value occurs. */
export function countBy<T>(values: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/**
 * Pearson's statistic. Compare it with {@linkcode chiSquareLimit}.
 *
 * @param observed Counts
 * @param expected Counts of the same categories, each above 5
 */
export function chiSquare(observed: readonly number[], expected: readonly number[]): number {
  return observed.reduce((sum, count, index) => sum + (count - expected[index]!) ** 2 / expected[index]!, 0);
}

/** What chi-square exceeds with a probability below 0.001 (Wilson and Hilferty, 1931). */
export function chiSquareLimit(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + 3.09 * Math.sqrt(spread)) ** 3;
}

/** Runs `call`; answers what it throws, and fails when it throws nothing or another kind of error. */
export function thrown<E extends Error>(kind: new (...args: never[]) => E, call: () => unknown): E {
  try {
    call();
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
  throw new Error(`Nothing thrown, expected ${kind.name}`);
}
