/**
 * Decides whether a proxy may be used at all, from its own failures.
 *
 * Closed until `failureThreshold` dead outcomes fall within `windowDurationMs` *and* are at least half of
 * what happened since the first of them. The second condition is why a busy proxy with one error in fifty
 * stays in use: at twenty requests a second it would collect any absolute number of failures in two
 * minutes. Then open for a jittered, doubling time; then half-open: one request at a time is the probe.
 * A probe that ends in neither ok nor dead proves nothing and is given back.
 *
 * The shape is that of Nygard's "Release It!" (2007) with linkerd2-proxy's exponential probation
 * (`outbound/src/http/breaker`). Pure: the caller passes the time, which must never go back.
 */

import { backoffMs, type BackoffOptions } from "./backoff.ts";
import type { CircuitSnapshot, CircuitState, Random } from "./types.ts";

/** When a circuit opens and for how long. */
export interface CircuitBreakerOptions {
  /** Dead outcomes that open the circuit, ≥ 1. @default {5} */
  readonly failureThreshold: number;
  /** First time open, ms. @default {60_000} */
  readonly timeoutDurationMs: number;
  /** Age beyond which a dead outcome no longer counts, ms. @default {120_000} */
  readonly windowDurationMs: number;
  /** Longest time open, ms. @default {1_800_000} */
  readonly maxTimeoutMs: number;
}

/** Circumstances of a failure. */
export interface FailureContext {
  /** Time, ms on the rotator's clock. */
  readonly now: number;
  /** Successes of the same proxy so far. */
  readonly successes: number;
  /** Settings in force. */
  readonly options: CircuitBreakerOptions;
  /** Jitter. */
  readonly random: Random;
}

/** Told apart by identity alone, so that a late request cannot give back the probe of another. */
export type Probe = Readonly<Record<never, never>>;

interface Failure {
  readonly at: number;
  /** Successes of this proxy before it. */
  readonly successesBefore: number;
}

/** Circuit breaker of one proxy. */
export class CircuitBreaker {
  #state: CircuitState = "closed";
  #openUntil = 0;
  #timesOpened = 0;
  #probe: Probe | undefined;
  #failures: Failure[] | undefined;

  /** Closed, open or half-open. */
  get state(): CircuitState {
    return this.#state;
  }

  /** When an open circuit turns half-open, ms on the rotator's clock. */
  get openUntil(): number {
    return this.#openUntil;
  }

  /** Times opened in a row without an ok between. */
  get timesOpened(): number {
    return this.#timesOpened;
  }

  /** Whether a request may go out now. */
  get isAvailable(): boolean {
    return this.#state === "closed" || (this.#state === "half_open" && this.#probe === undefined);
  }

  /** Turns an open circuit half-open when its time is over; answers whether it did. */
  wake(now: number): boolean {
    if (this.#state !== "open" || now < this.#openUntil) return false;
    this.#state = "half_open";
    this.#probe = undefined;
    return true;
  }

  /** Makes the request that goes out now the probe, if one is wanted. */
  takeProbe(): Probe | undefined {
    if (this.#state !== "half_open" || this.#probe !== undefined) return undefined;
    return this.#probe = {};
  }

  /** Gives back a probe that proved nothing. Does nothing when it is not the one that is out. */
  returnProbe(probe: Probe): void {
    if (this.#probe === probe) this.#probe = undefined;
  }

  /** Records an ok. */
  succeed(): void {
    if (this.#state !== "closed") this.reset();
    else if (this.#timesOpened > 0) this.#timesOpened = 0;
  }

  /** Closes the circuit after an ok, but keeps count of the times it opened. */
  close(): void {
    const timesOpened = this.#timesOpened;
    if (this.#state !== "closed") this.reset();
    this.#timesOpened = timesOpened;
  }

  /** Takes one doubling off the next time open. */
  forgive(): void {
    if (this.#timesOpened > 0) this.#timesOpened--;
  }

  /** Records a dead outcome; answers whether the circuit opened by it. */
  fail(at: FailureContext): boolean {
    const { now, successes, options } = at;
    if (this.#state === "half_open") return this.#open(at);
    if (this.#state === "open") return false;
    const failures = this.#failures ??= [];
    failures.push({ at: now, successesBefore: successes });
    const oldest = now - options.windowDurationMs;
    while (failures.length > options.failureThreshold || (failures[0]?.at ?? now) < oldest) failures.shift();
    if (failures.length < options.failureThreshold) return false;
    const successesBetween = successes - (failures[0]?.successesBefore ?? 0);
    return successesBetween <= failures.length && this.#open(at);
  }

  /** Opens the circuit at once, for a failure that needs no second opinion; answers whether it opened. */
  trip(at: FailureContext): boolean {
    return this.#state !== "open" && this.#open(at);
  }

  /** Closes the circuit and forgets the failures. */
  reset(): void {
    this.#state = "closed";
    this.#probe = undefined;
    this.#timesOpened = 0;
    this.#failures = undefined;
  }

  /** State for the disk. `wallOffset` turns the rotator's clock into epoch ms. */
  snapshot(wallOffset: number): CircuitSnapshot {
    return {
      state: this.#state,
      openUntil: this.#state === "open" ? Math.round(this.#openUntil + wallOffset) : null,
      timesOpened: this.#timesOpened,
    };
  }

  /**
   * Takes over a state from the disk. A time open is cut to the longest that is allowed, so that a wall
   * clock that jumped cannot lock a proxy away; answers whether it was.
   */
  restore(
    snapshot: CircuitSnapshot,
    now: number,
    wallOffset: number,
    options: CircuitBreakerOptions,
  ): boolean {
    this.reset();
    this.#state = snapshot.state;
    this.#timesOpened = snapshot.timesOpened;
    const left = snapshot.openUntil === null ? 0 : snapshot.openUntil - wallOffset - now;
    this.#openUntil = now + Math.min(Math.max(left, 0), options.maxTimeoutMs);
    return left > options.maxTimeoutMs;
  }

  #open({ now, options, random }: FailureContext): boolean {
    this.#state = "open";
    this.#probe = undefined;
    this.#timesOpened++;
    this.#failures = undefined;
    this.#openUntil = now + backoffMs(this.#timesOpened, openBackoff(options), random);
    return true;
  }
}

function openBackoff(options: CircuitBreakerOptions): BackoffOptions {
  return { baseMs: options.timeoutDurationMs, maxMs: options.maxTimeoutMs };
}
