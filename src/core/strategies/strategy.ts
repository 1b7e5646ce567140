/** What a strategy is: the part of the choice that is left when all filters have spoken. */

import type { EligibleProxies } from "../eligible_set.ts";
import type { PoolProxy } from "../proxy_entry.ts";
import type { Random } from "../types.ts";

/** What speaks for and against a proxy. Not whole numbers: old outcomes fade. */
export interface Evidence {
  /** Successes, ≥ 0. */
  readonly recentSuccesses: number;
  /** Failures, ≥ 0. */
  readonly recentFailures: number;
}

/** One choice to be made. */
export interface SelectionRequest {
  /**
   * Whether the proxy may be chosen for this request. The set given to `select` has passed the filters that
   * hold for everybody; this adds those of the one request (already tried, ejected or paced on its target).
   */
  accepts(proxy: PoolProxy): boolean;
  /**
   * Latency to be expected on this request's target, ms, in which a failure counts as a large latency;
   * undefined when this proxy was never seen there.
   */
  latencyMs(proxy: PoolProxy): number | undefined;
  /** Successes and failures of this proxy on this request's target, recent ones counting more. */
  record(proxy: PoolProxy): Evidence;
  /** Proxies that lately worked on this request's target; some may no longer be acceptable. */
  readonly proven: EligibleProxies;
  /** Session key, if any. */
  readonly session: string | undefined;
  /** Randomness, injected. */
  readonly random: Random;
  /** Time, ms on the rotator's clock. */
  readonly now: number;
}

/**
 * Chooses among one set of proxies. The rotator makes one selector for each combination of criteria in use
 * and tells it of every change of its set, so that a choice need not look at the whole set.
 */
export interface Selector {
  /** A proxy joined the set. */
  added?(proxy: PoolProxy): void;
  /** A proxy left the set. */
  removed?(proxy: PoolProxy): void;
  /** The counters or the description of a member changed. */
  changed?(proxy: PoolProxy): void;
  /**
   * Chooses one that `request.accepts`. Undefined means "none found with reasonable effort"; the rotator
   * then looks for itself, so a strategy need not search the whole set.
   */
  select(eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined;
  /** Like `select`, but changes nothing; needed only where choosing changes the selector. */
  peek?(eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined;
  /** Whether the strategy would ever choose this proxy; left out, it may choose all. */
  allows?(proxy: PoolProxy): boolean;
}

/** A rule for choosing. */
export interface Strategy {
  /** Plain name, lower case with hyphens: `round-robin`. */
  readonly name: string;
  /** Name as `proxy://config` shows it: `RoundRobinStrategy`. */
  readonly className: string;
  /** Whether a request must name a session. @default {false} */
  readonly requiresSession?: boolean;
  /** A selector for one set of proxies. */
  createSelector(): Selector;
  /**
   * As a filter of `composite`: proxies of a lower tier are tried first, those of tier `Infinity` never.
   * Depends on the proxy alone. Left out, the strategy cannot be a filter.
   */
  tierOf?(proxy: PoolProxy): number;
}

/** How many unacceptable proxies a selector passes over before it gives up. */
export const MAX_REJECTIONS = 32;

/** Draws uniformly until a proxy is acceptable, at most {@linkcode MAX_REJECTIONS} times. */
export function drawUniform(eligible: EligibleProxies, request: SelectionRequest): PoolProxy | undefined {
  const { size } = eligible;
  for (let draws = 0; draws < MAX_REJECTIONS && size > 0; draws++) {
    const proxy = eligible.at(Math.floor(request.random() * size));
    if (request.accepts(proxy)) return proxy;
  }
  return undefined;
}

/** Proxies that are compared lie within a window of so many… */
const WINDOW = 1024;
/** …which moves on by one place in this time, ms. */
const WINDOW_STEP_MS = 10;

/**
 * Draws from a window of the set that wanders through it as time passes.
 *
 * For strategies that compare several proxies to choose one: in a large pool each look at a proxy that no
 * cache holds costs as much as the rest of the choice. A thousand are plenty to choose from, and over time
 * everybody gets into the window. The set must not be empty.
 */
export function drawFromWindow(set: EligibleProxies, request: SelectionRequest): PoolProxy {
  const { size } = set;
  const place = Math.floor(request.random() * Math.min(size, WINDOW));
  return set.at(size <= WINDOW ? place : (Math.floor(request.now / WINDOW_STEP_MS) + place) % size);
}
