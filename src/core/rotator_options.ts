/** How a rotator is set up. */

import type { CircuitBreakerOptions } from "./circuit_breaker.ts";
import type { PacingOptions } from "./pacing.ts";
import type { SessionOptions } from "./sessions.ts";
import type { StrategySpec } from "./strategies/registry.ts";
import type { TargetOf } from "./target.ts";
import type { TargetTableOptions } from "./target_table.ts";
import type { Clock, Criteria, ProxyMetadata, Random } from "./types.ts";

/** Settings of a rotator; all optional. */
export interface ProxyRotatorOptions {
  /** How to choose. @default {"round-robin"} */
  readonly strategy?: StrategySpec;
  /** Circuit breaker of each proxy. */
  readonly circuitBreaker?: Partial<CircuitBreakerOptions>;
  /** First rest of a proxy on a target that refused it, ms. @default {10_000} */
  readonly ejectionBaseMs?: number;
  /** How often one proxy may visit one target; a string is the rate everywhere. @default {undefined} */
  readonly pacing?: PacingOptions | string;
  /** Sticky sessions. */
  readonly sessions?: SessionOptions;
  /** Bounds of what is remembered of targets. */
  readonly targets?: TargetTableOptions;
  /** Names the target of a URL or host. @default {targetOf} */
  readonly targetOf?: TargetOf;
  /** Monotonic time. @default {performance} */
  readonly clock?: Clock;
  /** Wall clock, epoch ms, for time stamps that leave the process. @default {Date} */
  readonly wallClock?: Clock;
  /** Randomness. @default {Math.random} */
  readonly random?: Random;
  /** Calls back after some ms, for {@linkcode ProxyRotator.acquireWhenReady}; answers how to cancel. @default {setTimeout} */
  readonly setTimer?: SetTimer;
  /** Makes UUIDs. @default {crypto.randomUUID} */
  readonly newId?: () => string;
}

/** Calls back once after some ms; the answer cancels. */
export type SetTimer = (callBack: () => void, ms: number) => () => void;

/** {@linkcode SetTimer} on the timers of the platform. */
export function defaultTimer(callBack: () => void, ms: number): () => void {
  const timer = setTimeout(callBack, Math.min(ms, 2_147_483_647));
  return () => clearTimeout(timer);
}

/** What a request asks of {@linkcode ProxyRotator.acquire}. */
export interface AcquireOptions extends Criteria {
  /** Sticky session: the same key gets the same proxy while it lasts. */
  readonly session?: string;
  /** Give the session another proxy than the one it holds. @default {false} */
  readonly renew?: boolean;
  /** Let nobody else use the proxy: until the session ends, or without one until the lease does. @default {false} */
  readonly exclusive?: boolean;
  /** Ids that this request tried already. */
  readonly exclude?: Iterable<string>;
  /** End the lease by itself, as `aborted`, after this time, ms. @default {never} */
  readonly ttlMs?: number;
}

/** What a request asks of {@linkcode ProxyRotator.acquireWhenReady}. */
export interface WaitOptions extends AcquireOptions {
  /** Longest wait, ms, ≥ 0. @default {30_000} */
  readonly timeoutMs?: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

/** Breaker settings in force. */
export const DEFAULT_CIRCUIT_BREAKER: CircuitBreakerOptions = Object.freeze({
  failureThreshold: 5,
  timeoutDurationMs: 60_000,
  windowDurationMs: 120_000,
  maxTimeoutMs: 30 * 60_000,
});

/** Failures of the proxy itself that eject it from one target. */
export const EJECTION_THRESHOLD = 2;

/**
 * Fills in the defaults.
 *
 * @throws {RangeError} naming the member, its value and what is allowed
 */
export function breakerOptions(given: Partial<CircuitBreakerOptions> | undefined): CircuitBreakerOptions {
  const options = { ...DEFAULT_CIRCUIT_BREAKER, ...given };
  for (const [name, value] of Object.entries(options)) checkPositive(`circuitBreaker.${name}`, value);
  checkCount("circuitBreaker.failureThreshold", options.failureThreshold);
  return { ...options, maxTimeoutMs: Math.max(options.maxTimeoutMs, options.timeoutDurationMs) };
}

/**
 * Refuses what is no finite number above 0.
 *
 * @throws {RangeError} naming the setting, its value and what is allowed
 */
export function checkPositive(name: string, value: unknown): void {
  if (typeof value === "number" && value > 0 && Number.isFinite(value)) return;
  throw new RangeError(`Cannot use ${name} ${value}: it must be a number above 0`);
}

/**
 * Refuses what is no whole number from 1.
 *
 * @throws {RangeError} naming the setting, its value and what is allowed
 */
export function checkCount(name: string, value: unknown): void {
  if (Number.isInteger(value) && Number(value) >= 1) return;
  throw new RangeError(`Cannot use ${name} ${value}: it must be a whole number, 1 or more`);
}

/** Refuses a weight or cost that no strategy could use. */
export function checkMetadata({ weight, cost }: ProxyMetadata): void {
  if (weight !== undefined && weight !== null && !(weight > 0 && Number.isFinite(weight))) {
    throw new RangeError(`Cannot use weight ${weight}: it must be a finite number above 0`);
  }
  if (cost !== undefined && cost !== null && !(cost >= 0 && Number.isFinite(cost))) {
    throw new RangeError(`Cannot use cost ${cost}: it must be a finite number, 0 or more`);
  }
}
