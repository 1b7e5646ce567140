/**
 * How long a proxy rests after failing again and again.
 *
 * Doubling keeps a dead proxy from being tried for ever at the same rate; the jitter keeps a thousand
 * proxies that died together from being tried together. Full jitter (any wait down to 0) would send some
 * back at once, so only up to a fifth is added: rests never shrink from one failure to the next.
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (2015), narrowed.
 */

import type { Random } from "./types.ts";

/** Shape of an exponential back-off. */
export interface BackoffOptions {
  /** First wait, ms. */
  readonly baseMs: number;
  /** Longest wait, ms. */
  readonly maxMs: number;
}

const JITTER = 0.2;

/** Wait number `times` (from 1): `base × 2^(times − 1)` and up to a fifth more, at most `maxMs`. */
export function backoffMs(times: number, options: BackoffOptions, random: Random): number {
  const doublings = Math.min(Math.max(times - 1, 0), 40);
  return Math.min(options.baseMs * 2 ** doublings * (1 + JITTER * random()), options.maxMs);
}
