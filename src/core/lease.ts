/** A proxy handed out for one request. */

import type { Probe } from "./circuit_breaker.ts";
import type { PoolProxy, ProxyEntry } from "./proxy_entry.ts";
import type { TargetProbe } from "./target_state.ts";
import type { Verdict } from "./types.ts";

/** How a request ended. */
export interface Outcome {
  /** What happened. */
  readonly verdict: Verdict;
  /** Time from start to the answer's head, ms, 0 to a day. */
  readonly latencyMs?: number;
  /** HTTP status that the site answered. */
  readonly statusCode?: number;
  /** The site asked everybody to wait this long, ms (`Retry-After`). */
  readonly retryAfterMs?: number;
  /** Why, in a few words. */
  readonly reason?: string;
}

/** A proxy handed out for one request. It counts as in flight until it is reported or released. */
export interface Lease {
  /** UUID. */
  readonly id: string;
  /** The proxy. */
  readonly proxy: PoolProxy;
  /** Registrable domain it was asked for, if any. */
  readonly target: string | null;
  /** Session it was asked for, if any. */
  readonly session: string | null;
  /** Whether it was reported, released or has expired. */
  readonly isEnded: boolean;
  /**
   * Ends the lease with what happened. Only the first call counts; answers whether it did.
   *
   * @throws {TypeError} for an unknown verdict
   * @throws {RangeError} for a latency or wait that is negative or not finite, or a latency of more than a day
   */
  report(outcome: Outcome): boolean;
  /** Ends the lease without an outcome, as `aborted`. */
  release(): void;
  /** Same as {@linkcode Lease.release}, for `using`. */
  [Symbol.dispose](): void;
}

/** What a lease needs of its rotator. */
export interface LeaseOwner {
  /** A new UUID. */
  newId(): string;
  /** Makes a lease findable by the id it was just given. */
  register(lease: OpenLease): void;
  /** Takes in the outcome of a lease. */
  settle(lease: OpenLease, outcome: Outcome): void;
}

const ABORTED: Outcome = Object.freeze({ verdict: "aborted" });

/** A lease as the rotator keeps it. Its id is made when first asked for: most leases never need one. */
export class OpenLease implements Lease {
  readonly proxy: ProxyEntry;
  readonly target: string | null;
  readonly session: string | null;
  /** Set when this request is the probe of a half-open circuit. */
  readonly probe: Probe | undefined;
  /** Set when it is the probe of an ejected pair. */
  readonly targetProbe: TargetProbe | undefined;
  /** Whether the proxy is kept from everybody else until the end. */
  readonly isExclusive: boolean;
  readonly #owner: LeaseOwner;
  #id: string | undefined;
  #isEnded = false;

  /**
   * @param owner Rotator
   * @param parts What was handed out, and on what terms
   */
  constructor(owner: LeaseOwner, parts: LeaseParts) {
    this.#owner = owner;
    this.proxy = parts.proxy;
    this.target = parts.target;
    this.session = parts.session;
    this.probe = parts.probe;
    this.targetProbe = parts.targetProbe;
    this.isExclusive = parts.isExclusive;
  }

  get id(): string {
    if (this.#id === undefined) {
      this.#id = this.#owner.newId();
      this.#owner.register(this);
    }
    return this.#id;
  }

  /** Whether anybody was told the id. */
  get hasId(): boolean {
    return this.#id !== undefined;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  report(outcome: Outcome): boolean {
    checkOutcome(outcome);
    if (this.#isEnded) return false;
    this.#isEnded = true;
    this.#owner.settle(this, outcome);
    return true;
  }

  release(): void {
    this.report(ABORTED);
  }

  [Symbol.dispose](): void {
    this.report(ABORTED);
  }
}

/** What was handed out. */
export interface LeaseParts {
  readonly proxy: ProxyEntry;
  readonly target: string | null;
  readonly session: string | null;
  readonly probe: Probe | undefined;
  readonly targetProbe: TargetProbe | undefined;
  readonly isExclusive: boolean;
}

/** Every verdict. */
export const VERDICTS: readonly Verdict[] = ["ok", "blocked", "dead", "target_error", "aborted"];

/** Longer than this is no latency, and would drown those of all others in the sums of the pool. */
const MAX_LATENCY_MS = 86_400_000;

/** Refuses an outcome that would spoil the figures. */
export function checkOutcome(outcome: Outcome): void {
  if (!VERDICTS.includes(outcome.verdict)) {
    throw new TypeError(`Cannot report verdict "${outcome.verdict}": use one of ${VERDICTS.join(", ")}`);
  }
  checkDuration("latencyMs", outcome.latencyMs);
  checkDuration("retryAfterMs", outcome.retryAfterMs);
  if ((outcome.latencyMs ?? 0) > MAX_LATENCY_MS) {
    throw new RangeError(`Cannot report latencyMs ${outcome.latencyMs}: it must be at most a day`);
  }
}

function checkDuration(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isFinite(value) && value >= 0)) return;
  throw new RangeError(`Cannot report ${name} ${value}: it must be a finite number, 0 or more`);
}
