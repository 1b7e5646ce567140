/** Words, shapes and units that the whole rotator shares. No code. */

/** How the client speaks to the proxy. `https` is HTTP proxying over TLS to the proxy itself. */
export type Protocol = "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h";

/** A proxy's own health, independent of any site. */
export type HealthStatus = "unknown" | "healthy" | "degraded" | "unhealthy" | "dead";

/** State of a proxy's circuit breaker. */
export type CircuitState = "closed" | "open" | "half_open";

/** State of the whole pool. */
export type PoolStatusName = "empty" | "healthy" | "degraded" | "critical";

/** Performance tier of a recommendation. */
export type PerformanceTier = "high" | "medium" | "low";

/**
 * What happened to a request.
 *
 * - `ok`: the site answered as wished.
 * - `blocked`: this site refuses this exit (403, 429, 451, challenge or captcha page).
 * - `dead`: the proxy itself failed (refused, timed out, reset, 407, CONNECT refused).
 * - `target_error`: the site failed (5xx, bad certificate); nobody's fault here.
 * - `aborted`: the caller gave up.
 */
export type Verdict = "ok" | "blocked" | "dead" | "target_error" | "aborted";

/** A source of time. */
export interface Clock {
  /** Milliseconds; only differences are meaningful, never goes back. */
  now(): number;
}

/** A source of randomness: a number in [0, 1). */
export type Random = () => number;

/** What a caller asks of a proxy. All members narrow the choice; absent members do not. */
export interface Criteria {
  /** Country, ISO 3166-1 alpha-2, any case. */
  readonly region?: string;
  /** How the client speaks to the proxy. */
  readonly protocol?: Protocol;
  /** A tag that the proxy must carry. */
  readonly tag?: string;
  /** Ordering of `recommend`; other calls ignore it. @default {"medium"} */
  readonly performance?: PerformanceTier;
  /** URL or host of the site to be reached. */
  readonly target?: string;
}

/** What is known of a proxy besides its URL. `null` is "not known". */
export interface ProxyMetadata {
  /** Country of the exit, ISO 3166-1 alpha-2. */
  readonly region?: string | null;
  /** City of the exit. */
  readonly city?: string | null;
  /** Autonomous system number of the exit. */
  readonly asn?: number | null;
  /** Free labels of the owner. */
  readonly tags?: readonly string[];
  /** Share of traffic under the `weighted` strategy, > 0. */
  readonly weight?: number | null;
  /** Cost of a request, in any one unit, ≥ 0. */
  readonly cost?: number | null;
  /** Where the proxy came from, for example the name of a list. */
  readonly source?: string | null;
}

/** Circuit breaker state as it is kept on disk. */
export interface CircuitSnapshot {
  /** State when the snapshot was taken. */
  readonly state: CircuitState;
  /** When an open circuit lets a probe through, wall clock, epoch ms. */
  readonly openUntil: number | null;
  /** Times opened in a row without a success between. */
  readonly timesOpened: number;
}

/** Everything about one proxy that is worth keeping over a restart. Times are wall clock, epoch ms. */
export interface ProxySnapshot {
  /** UUID, kept for ever. */
  readonly id: string;
  /** Canonical URL, with credentials. */
  readonly url: string;
  /** When the proxy was first added. */
  readonly addedAt: number;
  /** Country of the exit, upper case. */
  readonly region: string | null;
  /** City of the exit. */
  readonly city: string | null;
  /** Autonomous system number of the exit. */
  readonly asn: number | null;
  /** Free labels of the owner. */
  readonly tags: readonly string[];
  /** Given weight, > 0. */
  readonly weight: number | null;
  /** Cost of a request. */
  readonly cost: number | null;
  /** Where the proxy came from. */
  readonly source: string | null;
  /** Health of the proxy itself. */
  readonly status: HealthStatus;
  /** Requests handed out, finished or not. */
  readonly requestsStarted: number;
  /** Outcomes `ok`. */
  readonly totalSuccesses: number;
  /** Outcomes `dead`. */
  readonly totalFailures: number;
  /** Sum of the latencies of all outcomes that carried one, ms. */
  readonly latencySumMs: number;
  /** Number of latencies in {@linkcode latencySumMs}. */
  readonly latencyCount: number;
  /** Exponential moving average of latency, alpha 0.2; `null` without data. */
  readonly emaLatencyMs: number | null;
  /** `dead` outcomes since the last `ok`. */
  readonly consecutiveFailures: number;
  /** `ok` outcomes since the last `dead`. */
  readonly consecutiveSuccesses: number;
  /** Last outcome of either kind. */
  readonly lastCheckAt: number | null;
  /** Last `ok`. */
  readonly lastSuccessAt: number | null;
  /** Last `dead`. */
  readonly lastFailureAt: number | null;
  /** Circuit breaker. */
  readonly circuit: CircuitSnapshot;
}
