// Generated from schema/ by `deno task gen`. Do not edit.

/**
 * Shapes on the wire: inputs and outputs of every action, and contents of the resources.
 *
 * @module
 */

/** Name of an action. */
export type ActionName =
  | "list"
  | "rotate"
  | "status"
  | "recommend"
  | "health"
  | "reset_cb"
  | "add"
  | "remove"
  | "fetch"
  | "validate"
  | "set_strategy"
  | "request"
  | "report"
  | "explain"
  | "check_target";

/** What a caller asks of a proxy. All members narrow the choice; absent ones do not. */
export interface CriteriaInput {
  /** Country code, e.g. US. */
  readonly region?: string;
  /** Tier of recommend; default medium. */
  readonly performance?: PerformanceTierName;
  /** How the client speaks to the proxy. */
  readonly protocol?: ProtocolName;
  /** Label the proxy carries. */
  readonly tag?: string;
  /** URL or host of a site. */
  readonly target?: string;
}

/** What a recommendation puts first: `high` speed and reliability, `medium` reliability, `low` cost. */
export type PerformanceTierName = "high" | "medium" | "low";

/** How the client speaks to the proxy; `https` is TLS to the proxy itself. */
export type ProtocolName = "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h";

/** A proxy's own health, independent of any site. */
export type HealthStatusName = "healthy" | "degraded" | "unhealthy" | "dead" | "unknown";

/** A proxy as `list` shows it. */
export interface ProxyRow {
  /** UUID. */
  readonly id: string;
  /** Address without credentials. */
  readonly url: string;
  /** Health. */
  readonly status: HealthStatusName;
  /** Successes / (successes + failures); 0 without data. */
  readonly success_rate: number;
  /** Mean latency; 0 without data. */
  readonly avg_latency_ms: number;
  /** Country code of the exit, upper case; UNKNOWN when not known. */
  readonly region: string;
  /** Outcomes counted. */
  readonly total_requests: number;
  /** Outcomes `ok`. */
  readonly total_successes: number;
  /** Outcomes `dead`. */
  readonly total_failures: number;
}

/** A proxy in few words. */
export interface ProxySummary {
  /** UUID. */
  readonly id: string;
  /** Address without credentials. */
  readonly url: string;
  /** Health. */
  readonly status: HealthStatusName;
  /** Successes / (successes + failures); 0 without data. */
  readonly success_rate: number;
  /** Mean latency; 0 without data. */
  readonly avg_latency_ms: number;
  /** Country code of the exit, upper case; UNKNOWN when not known. */
  readonly region: string;
}

/** Counters and latencies of one proxy. */
export interface ProxyMetrics {
  /** Successes / (successes + failures); 0 without data. */
  readonly success_rate: number;
  /** Mean latency; 0 without data. */
  readonly avg_latency_ms: number;
  /** Outcomes counted. */
  readonly total_requests: number;
  /** Outcomes `ok`. */
  readonly successful_requests: number;
  /** Outcomes `dead`. */
  readonly failed_requests: number;
  /** Moving average of latency, alpha 0.2; null without data. */
  readonly ema_response_time_ms: number | null;
}

/** Last outcomes of one proxy and its circuit breaker. Times are ISO 8601, null before the first. */
export interface ProxyHealth {
  /** Last outcome of either kind. */
  readonly last_check: string | null;
  /** Last `ok`. */
  readonly last_success: string | null;
  /** Last `dead`. */
  readonly last_failure: string | null;
  /** open: not selected for a while. */
  readonly circuit_breaker: CircuitStateName;
  /** `dead` outcomes since the last `ok`. */
  readonly consecutive_failures: number;
  /** `ok` outcomes since the last `dead`. */
  readonly consecutive_successes: number;
}

/** State of a proxy's circuit breaker. */
export type CircuitStateName = "closed" | "open" | "half_open";

/** How one proxy fares with one site. */
export interface TargetState {
  /** Registrable domain or address. */
  readonly target: string;
  /** Last outcome there; null before the first. */
  readonly last_verdict: VerdictName | null;
  /** When, ISO 8601. */
  readonly last_seen: string;
  /** Outcomes `ok`. */
  readonly successes: number;
  /** Outcomes `blocked`. */
  readonly blocks: number;
  /** Outcomes `dead`. */
  readonly failures: number;
  /** Latency of the last `ok` there; null without one. */
  readonly latency_ms: number | null;
  /** What the choice reckons with: failures count as seconds and fade; null without data. */
  readonly expected_latency_ms: number | null;
  /** Seconds until it may go there again; null when it may now. */
  readonly ejected_for_s: number | null;
  /** Why it may not: ejected_on_target, paced, target_cooling_down, probe_in_flight; null when it may. */
  readonly reason: string | null;
}

/** What happened to a request: `blocked` is the site's doing, `dead` the proxy's. */
export type VerdictName = "ok" | "blocked" | "dead" | "target_error" | "aborted";

/** The best proxy for the criteria, and others. */
export interface RecommendedProxy {
  /** UUID. */
  readonly id: string;
  /** Address without credentials. */
  readonly url: string;
  /** 0 to 1, higher is better. */
  readonly score: number;
  /** Tier, region and what decided. */
  readonly reason: string;
  /** What it rests on. */
  readonly metrics: RecommendationMetrics;
  /** At most 3 others. */
  readonly alternatives: readonly ProxyAlternative[];
}

/** What a recommendation rests on. */
export interface RecommendationMetrics {
  /** Successes / (successes + failures); 0 without data. */
  readonly success_rate: number;
  /** Mean latency; 0 without data. */
  readonly avg_latency_ms: number;
  /** Country code of the exit, upper case; UNKNOWN when not known. */
  readonly region: string;
  /** Tier that was asked for. */
  readonly performance_tier: PerformanceTierName;
  /** Outcomes counted. */
  readonly total_requests: number;
}

/** A proxy that could be taken instead. */
export interface ProxyAlternative {
  /** UUID. */
  readonly id: string;
  /** Address without credentials. */
  readonly url: string;
  /** 0 to 1, higher is better. */
  readonly score: number;
  /** Why it is a choice. */
  readonly reason: string;
}

/** State of the whole pool. */
export type PoolStatusLabel = "empty" | "healthy" | "degraded" | "critical";

/** Whether requests are paced. */
export interface RateLimitInfo {
  /** Whether a pace is set. */
  readonly enabled: boolean;
  /** The pace in words. */
  readonly message: string;
}

/** An entry that was not taken. */
export interface RejectedInput {
  /** The entry, shortened, without credentials. */
  readonly input: string;
  /** What is wrong with it. */
  readonly reason: string;
}

/** What one public list gave. */
export interface SourceResult {
  /** Name of the list. */
  readonly name: string;
  /** Whether it could be read. */
  readonly ok: boolean;
  /** Proxies found in it. */
  readonly count: number;
  /** What went wrong; null when nothing did. */
  readonly error: string | null;
}

/** What a trial of one proxy showed. */
export interface ValidationResult {
  /** UUID. */
  readonly proxy_id: string;
  /** Address without credentials. */
  readonly url: string;
  /** Whether it works. */
  readonly valid: boolean;
  /** Time it took; null when it does not work. */
  readonly latency_ms: number | null;
  /** HTTP status; null without an answer. */
  readonly status_code: number | null;
  /** What went wrong. */
  readonly error?: string;
  /** Country of the exit, when known. */
  readonly region?: string;
  /** What sites learn: the user's own address, that a proxy is used, or neither; absent when not known. */
  readonly anonymity?: "transparent" | "anonymous" | "elite";
  /** Whether https sites can be reached; absent when not known. */
  readonly https?: boolean;
  /** Address that sites see, when known. */
  readonly exit_ip?: string;
}

/** Options of a strategy, and of those that it is made of: each takes its own. */
export interface StrategyOptionsInput {
  /** geo-targeted, in order. */
  readonly regions?: readonly string[];
  /** geo-targeted; true. */
  readonly fallback?: boolean;
  /** cost-aware; 0.5. */
  readonly min_success_rate?: number;
  /** cost-aware; none. */
  readonly max_cost?: number;
  /** adaptive; 0.02. */
  readonly exploration_rate?: number;
  /** performance-based; 5. */
  readonly exploration_count?: number;
  /** who chooses within. */
  readonly chooser?: string;
  /** composite: filters, chooser. */
  readonly strategies?: readonly string[];
}

/** Methods that `request` sends. */
export type MethodName = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

/** One try through one proxy. */
export interface RequestAttempt {
  /** UUID. */
  readonly proxy_id: string;
  /** What happened. */
  readonly verdict: VerdictName;
  /** Time it took; null when there was no answer. */
  readonly latency_ms: number | null;
  /** Verdict rule that decided, or the kind of failure, for example `forbidden`. */
  readonly rule: string;
  /** The same in a few words. */
  readonly reason: string;
}

/** Outcomes that can be reported. */
export type OutcomeName = "ok" | "blocked" | "dead";

/** The proxy that would be chosen, and why. */
export interface ExplainedChoice {
  /** UUID. */
  readonly id: string;
  /** Address without credentials. */
  readonly url: string;
  /** Country code of the exit, upper case; UNKNOWN when not known. */
  readonly region: string;
  /** What decided. */
  readonly reason: string;
  /**
   * What speaks for and against it: expected_latency_ms there (failures count as seconds), in_flight, cost_ms
   * (their product), success_rate, total_requests, price, weight; as far as known.
   */
  readonly terms: Readonly<Record<string, number>>;
}

/** Why one proxy would or would not be chosen. */
export interface ExplainedProxy {
  /** UUID. */
  readonly id: string;
  /** Address without credentials. */
  readonly url: string;
  /** Whether it can be chosen now. */
  readonly eligible: boolean;
  /** Why it cannot, in one word; `eligible` when it can. */
  readonly reason: string;
  /** The same in words. */
  readonly message: string;
  /** Seconds until that ends, when time ends it. */
  readonly free_in_s?: number;
  /**
   * What speaks for and against it: expected_latency_ms there (failures count as seconds), in_flight, cost_ms
   * (their product), success_rate, total_requests, price, weight; as far as known.
   */
  readonly terms: Readonly<Record<string, number>>;
}

/** The proxy that a session holds. */
export interface SessionHold {
  /** UUID of the proxy. */
  readonly id: string;
  /** Address without credentials. */
  readonly url: string;
  /** Whether the session would get it now. */
  readonly eligible: boolean;
  /** Why not, in one word; `eligible` when it would. */
  readonly reason: string;
  /** The same in words. */
  readonly message: string;
  /** Seconds until that ends, when time ends it. */
  readonly free_in_s?: number;
  /** Seconds after which the session ends unless it is used. */
  readonly ends_in_s: number;
  /** Whether nobody else may use the proxy meanwhile. */
  readonly exclusive: boolean;
}

/** What one proxy got from the site. */
export interface TargetProbe {
  /** UUID. */
  readonly proxy_id: string;
  /** What happened. */
  readonly verdict: VerdictName;
  /** HTTP status; null without an answer. */
  readonly status: number | null;
  /** Time it took; null without an answer. */
  readonly latency_ms: number | null;
  /** Verdict rule that decided, or the kind of failure, for example `forbidden`. */
  readonly rule: string;
}

/** Settings of the circuit breakers. */
export interface BreakerConfig {
  /** Failures in the window that open it. */
  readonly failure_threshold: number;
  /** Seconds for which it stays open the first time. */
  readonly timeout_duration: number;
  /** Seconds over which failures count. */
  readonly window_duration: number;
}

/** Settings of failover and its waits. */
export interface RetryConfig {
  /** Attempts in all. */
  readonly max_attempts: number;
  /** How waits grow. */
  readonly backoff_strategy: string;
  /** First wait, seconds. */
  readonly base_delay: number;
  /** Longest wait, seconds. */
  readonly max_backoff_delay: number;
  /** Growth of the wait. */
  readonly multiplier: number;
}

/** Settings of the log. */
export interface LoggingConfig {
  /** Least level written. */
  readonly level: string;
  /** Form of a line. */
  readonly format: string;
  /** Always true. */
  readonly redact_credentials: boolean;
}

/** A proxy list, and what is remembered of it. */
export interface SourceState {
  /** Name, as the fetch action takes it. */
  readonly name: string;
  /** Protocol of its proxies; null when they name their own. */
  readonly protocol: ProtocolName | null;
  /** Whether `recommended` includes it now. */
  readonly recommended: boolean;
  /** Whether `all` includes it. */
  readonly enabled: boolean;
  /** Whether it could be read the last time; null before the first. */
  readonly alive: boolean | null;
  /** Times it was asked. */
  readonly fetches: number;
  /** Times it could not be read. */
  readonly failures: number;
  /** When it was last asked. */
  readonly last_fetch: string | null;
  /** When it last could be read. */
  readonly last_ok: string | null;
  /** Proxies in it then. */
  readonly last_count: number;
  /** What went wrong the last time; null when nothing did. */
  readonly last_error: string | null;
  /** Proxies of it that were tried. */
  readonly tried: number;
  /** Of these, those that worked. */
  readonly worked: number;
}

/** Proxies in the pool. */
export interface ProxyFigures {
  /** All of them. */
  readonly total: number;
  /** By health. */
  readonly by_status: Readonly<Record<string, number>>;
  /** By protocol. */
  readonly by_protocol: Readonly<Record<string, number>>;
}

/** Figures of one action. */
export interface ActionFiguresContent {
  /** How many there were. */
  readonly count: number;
  /** Mean; 0 without data. */
  readonly avg_ms: number;
  /** 95 in 100 took at most this long; 0 without data. */
  readonly p95_ms: number;
  /** Those that ended in an error, by code. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Requests through the pool. */
export interface RequestFigures {
  /** How many there were. */
  readonly count: number;
  /** Mean; 0 without data. */
  readonly avg_ms: number;
  /** 95 in 100 took at most this long; 0 without data. */
  readonly p95_ms: number;
  /** By verdict, or why there was none. */
  readonly by_result: Readonly<Record<string, number>>;
}

/** Attempts of requests and checks. */
export interface AttemptFigures {
  /** How many there were. */
  readonly count: number;
  /** Mean; 0 without data. */
  readonly avg_ms: number;
  /** 95 in 100 took at most this long; 0 without data. */
  readonly p95_ms: number;
  /** By verdict. */
  readonly by_verdict: Readonly<Record<string, number>>;
}

/** Connections opened through proxies. */
export interface DialFigures {
  /** Those that succeeded. */
  readonly ok: number;
  /** Those that failed. */
  readonly failed: number;
  /** Failed ones by stage. */
  readonly failed_by_stage: Readonly<Record<string, number>>;
  /** Failed ones by what went wrong. */
  readonly failed_by_outcome: Readonly<Record<string, number>>;
}

/** Writes to the database. */
export interface StoreFigures {
  /** How many there were. */
  readonly count: number;
  /** Mean; 0 without data. */
  readonly avg_ms: number;
  /** 95 in 100 took at most this long; 0 without data. */
  readonly p95_ms: number;
  /** Writes that failed, by reason. */
  readonly errors: Readonly<Record<string, number>>;
  /** Proxies with changes that are not in the database yet. */
  readonly pending: number;
}

/** How one proxy fares with the site. */
export interface ProxyOnTarget {
  /** UUID. */
  readonly proxy_id: string;
  /** Address without credentials. */
  readonly url: string;
  /** Last outcome there; null before the first. */
  readonly last_verdict: VerdictName | null;
  /** When, ISO 8601. */
  readonly last_seen: string;
  /** Outcomes `ok`. */
  readonly successes: number;
  /** Outcomes `blocked`. */
  readonly blocks: number;
  /** Outcomes `dead`. */
  readonly failures: number;
  /** What the choice reckons with; null without data. */
  readonly expected_latency_ms: number | null;
  /** Seconds until it may go there again; null when it may. */
  readonly ejected_for_s: number | null;
  /** Why it may not: ejected_on_target, paced, …; null when it may. */
  readonly reason: string | null;
}

/**
 * Input of `list`. Lists the proxies in the order in which they were added, page by page. The counts are of
 * all proxies that match, not of the page.
 */
export interface ListInput {
  /** Selects the action. */
  readonly action: "list";
  /** Which proxies. */
  readonly criteria?: CriteriaInput;
  /** Health to show. */
  readonly status?: HealthStatusName;
  /** At most, 1-1000; default 100. */
  readonly limit?: number;
  /** next_cursor of the page before. */
  readonly cursor?: string;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `list`. */
export interface ListOutput {
  /** The page. */
  readonly proxies: readonly ProxyRow[];
  /** Proxies that match. */
  readonly total: number;
  /** Of these, healthy. */
  readonly healthy: number;
  /** Of these, degraded. */
  readonly degraded: number;
  /** Of these, unhealthy. */
  readonly unhealthy: number;
  /** Of these, dead. */
  readonly dead: number;
  /** Of these, never tried. */
  readonly unknown: number;
  /** Cursor of the next page; absent on the last. */
  readonly next_cursor?: string;
  /** What to do next. */
  readonly next_step?: string;
}

/**
 * Input of `rotate`. Picks the next proxy by the current strategy among those that may be used now, and
 * leases it for five minutes. Tell with `report` how the request went. The same `session` gives the same
 * proxy; `renew` gives it a new one.
 */
export interface RotateInput {
  /** Selects the action. */
  readonly action: "rotate";
  /** Which proxies. */
  readonly criteria?: CriteriaInput;
  /** Any name; it keeps its proxy. */
  readonly session?: string;
  /** Give the session another proxy. */
  readonly renew?: boolean;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `rotate`. */
export interface RotateOutput {
  /** The proxy. */
  readonly proxy: ProxySummary;
  /** Handle for `report`. */
  readonly lease_id: string;
  /** Local address through which this lease can be used. */
  readonly gateway_url?: string;
  /** What to do next. */
  readonly next_step?: string;
}

/**
 * Input of `status`. Shows one proxy's metrics, health, circuit breaker and how it fares with the sites it
 * was used for.
 */
export interface StatusInput {
  /** Selects the action. */
  readonly action: "status";
  /** Id, as in list. */
  readonly proxy_id: string;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `status`. */
export interface StatusOutput {
  /** UUID. */
  readonly proxy_id: string;
  /** Address without credentials. */
  readonly url: string;
  /** Health. */
  readonly status: HealthStatusName;
  /** Counters and latencies. */
  readonly metrics: ProxyMetrics;
  /** Last outcomes and circuit breaker. */
  readonly health: ProxyHealth;
  /** Country code of the exit, upper case; UNKNOWN when not known. */
  readonly region: string;
  /** How the client speaks to the proxy. */
  readonly protocol: ProtocolName;
  /** Sites, latest first, at most 20. */
  readonly targets: readonly TargetState[];
  /** What to do next. */
  readonly next_step?: string;
}

/**
 * Input of `recommend`. Names the best proxy for the criteria and up to three alternatives, each with a score
 * and a reason. Never names a proxy that could not be selected now, and leases nothing.
 */
export interface RecommendInput {
  /** Selects the action. */
  readonly action: "recommend";
  /** Which proxies. */
  readonly criteria?: CriteriaInput;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `recommend`. */
export interface RecommendOutput {
  /** The best proxy, and others. */
  readonly recommendation: RecommendedProxy;
  /** What to do next. */
  readonly next_step?: string;
}

/**
 * Input of `health`. Shows how many proxies are in which health, the success rate and the latency of the
 * whole pool. Needs no API key.
 */
export interface HealthInput {
  /** Selects the action. */
  readonly action: "health";
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `health`. */
export interface HealthOutput {
  /** healthy: 70 % or more are; degraded: 30 % or more; critical: fewer; empty: no proxies. */
  readonly pool_status: PoolStatusLabel;
  /** Proxies in the pool. */
  readonly total_proxies: number;
  /** Proxies that are healthy. */
  readonly healthy_proxies: number;
  /** Proxies that are degraded. */
  readonly degraded_proxies: number;
  /** Proxies that are unhealthy or dead. */
  readonly failed_proxies: number;
  /** Mean over proxies with outcomes; 0 without data. */
  readonly average_success_rate: number;
  /** Mean latency; 0 without data. */
  readonly average_latency_ms: number;
  /** When this was true, ISO 8601. */
  readonly last_update: string;
  /** Outcomes counted. */
  readonly total_requests: number;
  /** Outcomes `ok`. */
  readonly total_successes: number;
  /** Outcomes `dead`. */
  readonly total_failures: number;
  /** Pacing. */
  readonly rate_limit: RateLimitInfo;
  /** Proxies never tried yet. */
  readonly unknown_proxies: number;
  /** Proxies whose circuit breaker is open. */
  readonly open_circuits: number;
  /** What stands out. */
  readonly message?: string;
  /** What to do next. */
  readonly next_step?: string;
}

/** Input of `reset_cb`. Closes a proxy's circuit breaker, so that it can be selected again at once. */
export interface ResetCbInput {
  /** Selects the action. */
  readonly action: "reset_cb";
  /** Id, as in list. */
  readonly proxy_id: string;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `reset_cb`. */
export interface ResetCbOutput {
  /** Always true. */
  readonly success: boolean;
  /** UUID. */
  readonly proxy_id: string;
  /** State before. */
  readonly previous_state: CircuitStateName;
  /** State now: closed. */
  readonly new_state: CircuitStateName;
  /** The same in words. */
  readonly message: string;
  /** What to do next. */
  readonly next_step?: string;
}

/**
 * Input of `add`. Adds one proxy or many to the pool and keeps them on disk. A bad entry stops nothing: it is
 * listed with its reason. Adding a known proxy again updates its region and tags and keeps its id. Proxies on
 * private addresses are refused unless the server allows them.
 */
export interface AddInput {
  /** Selects the action. */
  readonly action: "add";
  /** host:port, URL or host:port:user:password. */
  readonly proxy_url?: string;
  /** The same for up to 10000. */
  readonly proxy_urls?: readonly string[];
  /** Country code, e.g. US. */
  readonly region?: string;
  /** Labels. */
  readonly tags?: readonly string[];
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `add`. */
export interface AddOutput {
  /** Whether every entry is in the pool now. */
  readonly success: boolean;
  /** New proxies. */
  readonly added: number;
  /** Entries that were there already, or given twice. */
  readonly duplicates: number;
  /** Entries not taken, at most 100. */
  readonly rejected: readonly RejectedInput[];
  /** The proxy, when `proxy_url` was given. */
  readonly proxy?: ProxySummary;
  /** Proxies in the pool now. */
  readonly pool_size: number;
  /** The same in words. */
  readonly message?: string;
  /** What to do next. */
  readonly next_step?: string;
}

/** Input of `remove`. Removes a proxy from the pool and from disk, with its counters. */
export interface RemoveInput {
  /** Selects the action. */
  readonly action: "remove";
  /** Id, as in list. */
  readonly proxy_id: string;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `remove`. */
export interface RemoveOutput {
  /** Whether it was removed; false when the user was asked and did not agree. */
  readonly success: boolean;
  /** UUID. */
  readonly proxy_id: string;
  /** The same in words. */
  readonly message: string;
  /** Proxies in the pool now. */
  readonly pool_size: number;
  /** What to do next. */
  readonly next_step?: string;
}

/**
 * Input of `fetch`. Reads public proxy lists side by side, tries the proxies found against judges, and adds
 * those that work, up to `max_proxies`. Stops at the time limit (setting `validation.time_limit`) with what
 * it has found. Which lists are alive and how many of their proxies worked is remembered, and `recommended`
 * follows it.
 */
export interface FetchInput {
  /** Selects the action. */
  readonly action: "fetch";
  /** Names of lists, URLs, a protocol, all or recommended (default). */
  readonly sources?: readonly string[];
  /** Add at most; default 100. */
  readonly max_proxies?: number;
  /** Try each before adding; default true. */
  readonly validate?: boolean;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `fetch`. */
export interface FetchOutput {
  /** Whether any list could be read. */
  readonly success: boolean;
  /** Proxies found. */
  readonly fetched: number;
  /** New proxies. */
  readonly added: number;
  /** Known already. */
  readonly duplicates: number;
  /** Not readable, or tried and not working. */
  readonly rejected: number;
  /** Proxies in the pool now. */
  readonly pool_size: number;
  /** Each list. */
  readonly sources: readonly SourceResult[];
  /** The same in words. */
  readonly message: string;
  /** What to do next. */
  readonly next_step?: string;
}

/**
 * Input of `validate`. Sends a small request through proxies to judges, many at once, and records how each
 * did: its health, its latency, and as tags its level of anonymity (`transparent`, `anonymous` or `elite`)
 * and `https` when it reaches such sites. Proxies never tried come first, then those tried longest ago. Stops
 * at the time limit (setting `validation.time_limit`) with what it has; call it again to go on.
 */
export interface ValidateInput {
  /** Selects the action. */
  readonly action: "validate";
  /** Id, as in list. */
  readonly proxy_id?: string;
  /** Which proxies. */
  readonly criteria?: CriteriaInput;
  /** At most, 1-1000; default 100. */
  readonly limit?: number;
  /** Seconds; validate: of each trial. */
  readonly timeout_s?: number;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `validate`. */
export interface ValidateOutput {
  /** Proxies tried. */
  readonly validated: number;
  /** Of these, working. */
  readonly valid: number;
  /** Of these, not working. */
  readonly invalid: number;
  /** At most 10 of the trials. */
  readonly results: readonly ValidationResult[];
  /** The same in words. */
  readonly message: string;
  /** What to do next. */
  readonly next_step?: string;
}

/**
 * Input of `set_strategy`. Changes the rotation strategy of this process. Names are taken in any case, with
 * `-` or `_`. Counters and circuit breakers stay as they are. Options that are not given have their defaults.
 * Those of `composite`, and of a strategy that another one uses, stand in the same object.
 */
export interface SetStrategyInput {
  /** Selects the action. */
  readonly action: "set_strategy";
  /**
   * round-robin, random, weighted, least-used, performance-based, session-persistence, geo-targeted,
   * cost-aware, composite, adaptive, thompson.
   */
  readonly strategy: string;
  /**
   * geo-targeted: regions (list), fallback; cost-aware: min_success_rate, max_cost; adaptive:
   * exploration_rate; performance-based: exploration_count; composite: strategies (list), chooser.
   */
  readonly options?: StrategyOptionsInput;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `set_strategy`. */
export interface SetStrategyOutput {
  /** Always true. */
  readonly success: boolean;
  /** Strategy before. */
  readonly previous_strategy: string;
  /** Strategy now. */
  readonly new_strategy: string;
  /** The same in words. */
  readonly message: string;
  /** What to do next. */
  readonly next_step?: string;
}

/**
 * Input of `request`. Sends an HTTP request through a proxy of the pool, tries others when one fails, and
 * records how each did. A chosen proxy is never bypassed.
 */
export interface RequestInput {
  /** Selects the action. */
  readonly action: "request";
  /** http(s) URL of the site. */
  readonly url: string;
  /** Default GET. */
  readonly method?: MethodName;
  /** Names to values. */
  readonly headers?: Readonly<Record<string, string>>;
  /** As text. */
  readonly body?: string;
  /** Which proxies. */
  readonly criteria?: CriteriaInput;
  /** Any name; it keeps its proxy. */
  readonly session?: string;
  /** Of the body; default 20000. */
  readonly max_bytes?: number;
  /** Of HTML; default raw. */
  readonly format?: "raw" | "text" | "markdown";
  /** Seconds; validate: of each trial. */
  readonly timeout_s?: number;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `request`. */
export interface RequestOutput {
  /** HTTP status; null when no attempt got an answer. */
  readonly status: number | null;
  /** What happened. */
  readonly verdict: VerdictName;
  /** Header fields of the answer, names in lower case; cookies a line each. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body as text, cut at `max_bytes`. */
  readonly body: string;
  /** Whether the body was cut. */
  readonly truncated: boolean;
  /** Size of the whole body. */
  readonly bytes: number;
  /** Proxy that answered; null when none did. */
  readonly proxy_id: string | null;
  /** Every try, in order. */
  readonly attempts: readonly RequestAttempt[];
  /** What to do next. */
  readonly next_step?: string;
}

/**
 * Input of `report`. Tells how a request through a proxy went, so that the pool learns: by the `lease_id` of
 * `rotate`, or by `proxy_id` and `target`. `blocked` is the site refusing the proxy, `dead` the proxy
 * failing.
 */
export interface ReportInput {
  /** Selects the action. */
  readonly action: "report";
  /** Lease, as in rotate. */
  readonly lease_id?: string;
  /** Id, as in list. */
  readonly proxy_id?: string;
  /** URL or host of a site. */
  readonly target?: string;
  /** blocked: site refused; dead: proxy failed. */
  readonly outcome: OutcomeName;
  /** Of the request. */
  readonly latency_ms?: number;
  /** HTTP status. */
  readonly status_code?: number;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `report`. */
export interface ReportOutput {
  /** Always true. */
  readonly success: boolean;
  /** UUID. */
  readonly proxy_id: string;
  /** Health of the proxy now. */
  readonly status: HealthStatusName;
  /** The same in words. */
  readonly message: string;
  /** What to do next. */
  readonly next_step?: string;
}

/**
 * Input of `explain`. Shows how many proxies could be chosen now, why the others could not and when the next
 * of them can, and which one would be taken, without taking it. With `proxy_id` or `session`, the same for
 * one proxy, or for the one that a session holds.
 */
export interface ExplainInput {
  /** Selects the action. */
  readonly action: "explain";
  /** Which proxies. */
  readonly criteria?: CriteriaInput;
  /** Any name; it keeps its proxy. */
  readonly session?: string;
  /** Id, as in list. */
  readonly proxy_id?: string;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `explain`. */
export interface ExplainOutput {
  /** Current strategy. */
  readonly strategy: string;
  /** Proxies in the pool. */
  readonly total: number;
  /** Proxies that can be chosen now. */
  readonly eligible: number;
  /** Proxies that cannot, counted by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  /** The proxy that would be chosen; absent when there is none. */
  readonly choice?: ExplainedChoice;
  /** The proxy of `proxy_id`. */
  readonly proxy?: ExplainedProxy;
  /** What `session` holds; absent when it holds nothing. */
  readonly session?: SessionHold;
  /** Seconds until another proxy frees up, when that is known. */
  readonly next_free_in_s?: number;
  /** The same in words. */
  readonly message: string;
  /** What to do next. */
  readonly next_step?: string;
}

/**
 * Input of `check_target`. Requests a page through a sample of the pool and tells which proxies the site lets
 * in.
 */
export interface CheckTargetInput {
  /** Selects the action. */
  readonly action: "check_target";
  /** http(s) URL of the site. */
  readonly url: string;
  /** Proxies to try, 1-50; default 10. */
  readonly sample?: number;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of `check_target`. */
export interface CheckTargetOutput {
  /** Registrable domain or address. */
  readonly target: string;
  /** Proxies tried. */
  readonly checked: number;
  /** Each proxy. */
  readonly results: readonly TargetProbe[];
  /** Share of the proxies that the site lets in. */
  readonly clean_ratio: number;
  /** What to do with it. */
  readonly advice: string;
  /** What to do next. */
  readonly next_step?: string;
}

/** Content of `proxy://health`. Overview of the pool, the same as the health action. Can be subscribed to. */
export interface HealthResource {
  /** healthy: 70 % or more are; degraded: 30 % or more; critical: fewer; empty: no proxies. */
  readonly pool_status: PoolStatusLabel;
  /** Proxies in the pool. */
  readonly total_proxies: number;
  /** Proxies that are healthy. */
  readonly healthy_proxies: number;
  /** Proxies that are degraded. */
  readonly degraded_proxies: number;
  /** Proxies that are unhealthy or dead. */
  readonly failed_proxies: number;
  /** Mean over proxies with outcomes; 0 without data. */
  readonly average_success_rate: number;
  /** Mean latency; 0 without data. */
  readonly average_latency_ms: number;
  /** When this was true, ISO 8601. */
  readonly last_update: string;
  /** Outcomes counted. */
  readonly total_requests: number;
  /** Outcomes `ok`. */
  readonly total_successes: number;
  /** Outcomes `dead`. */
  readonly total_failures: number;
  /** Pacing. */
  readonly rate_limit: RateLimitInfo;
  /** Proxies never tried yet. */
  readonly unknown_proxies: number;
  /** Proxies whose circuit breaker is open. */
  readonly open_circuits: number;
  /** What stands out. */
  readonly message?: string;
  /** What to do next. */
  readonly next_step?: string;
}

/** Content of `proxy://config`. The settings in force. Holds no secret. Can be subscribed to. */
export interface ConfigResource {
  /** Class name of the strategy, for example `RoundRobinStrategy`. */
  readonly rotation_strategy: string;
  /** Time limit of a request, seconds. */
  readonly timeout: number;
  /** Whether certificates of sites are checked. */
  readonly verify_ssl: boolean;
  /** Whether redirects are followed. */
  readonly follow_redirects: boolean;
  /** Connections kept per proxy and site. */
  readonly pool_connections: number;
  /** Idle connections kept per proxy and site. */
  readonly pool_max_keepalive: number;
  /** Circuit breakers. */
  readonly circuit_breaker: BreakerConfig;
  /** Failover. */
  readonly retry_policy: RetryConfig;
  /** Log. */
  readonly logging: LoggingConfig;
  /** Plain name of the strategy, for example `round-robin`. */
  readonly strategy?: string;
  /** Whether actions that change something are refused. */
  readonly read_only?: boolean;
  /** Requests per proxy and site, for example `15/min`. */
  readonly pacing?: string | null;
  /** Layout of the tools: unified or split. */
  readonly tools?: string;
  /** Actions allowed; null for all. */
  readonly allow_actions?: readonly string[] | null;
  /** Whether the user is asked before a removal: auto or never. */
  readonly confirm?: string;
  /** Whether the pool is kept on disk. */
  readonly persistent?: boolean;
}

/**
 * Content of `proxy://sources`. The proxy lists that fetch knows: which are alive, and how good they have
 * been. Can be subscribed to.
 */
export interface SourcesResource {
  /** Lists known. */
  readonly total: number;
  /** Those that could be read the last time. */
  readonly alive: number;
  /** Those that could not. */
  readonly failing: number;
  /** Recommended ones first, then by name. */
  readonly sources: readonly SourceState[];
  /** The same in words. */
  readonly message: string;
}

/**
 * Content of `proxy://metrics`. What happened since the start: actions, requests, attempts, connections,
 * writes. No proxy, no site.
 */
export interface MetricsResource {
  /** Seconds since the pool was opened. */
  readonly uptime_s: number;
  /** Proxies in the pool. */
  readonly proxies: ProxyFigures;
  /** Circuit breakers that are open. */
  readonly open_circuits: number;
  /** Proxies handed out and not reported yet. */
  readonly leases_in_flight: number;
  /** Sessions that hold a proxy. */
  readonly sessions: number;
  /** Actions done, by name. */
  readonly actions: Readonly<Record<string, ActionFiguresContent>>;
  /** Requests through the pool. */
  readonly requests: RequestFigures;
  /** Attempts of requests and checks. */
  readonly attempts: AttemptFigures;
  /** Connections opened through proxies. */
  readonly dials: DialFigures;
  /** Connections that are open now. */
  readonly connections: number;
  /** Proxies tried against judges, by whether they work. */
  readonly trials: Readonly<Record<string, number>>;
  /** Proxy lists by state. */
  readonly sources: Readonly<Record<string, number>>;
  /** Writes to the database. */
  readonly store: StoreFigures;
}

/**
 * Content of `proxy://proxies/{id}`. Everything about one proxy, the same as the status action. Can be
 * subscribed to.
 */
export interface ProxyResource {
  /** UUID. */
  readonly proxy_id: string;
  /** Address without credentials. */
  readonly url: string;
  /** Health. */
  readonly status: HealthStatusName;
  /** Counters and latencies. */
  readonly metrics: ProxyMetrics;
  /** Last outcomes and circuit breaker. */
  readonly health: ProxyHealth;
  /** Country code of the exit, upper case; UNKNOWN when not known. */
  readonly region: string;
  /** How the client speaks to the proxy. */
  readonly protocol: ProtocolName;
  /** Sites, latest first, at most 20. */
  readonly targets: readonly TargetState[];
  /** What to do next. */
  readonly next_step?: string;
}

/**
 * Content of `proxy://targets/{target}`. How the pool fares with one site: which proxies it refuses, which
 * are paced, whether it cools down.
 */
export interface TargetResource {
  /** Registrable domain or address. */
  readonly target: string;
  /** Proxies in the pool. */
  readonly total: number;
  /** Proxies that may go there now. */
  readonly eligible: number;
  /** Proxies that may not, counted by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Seconds for which the site asked everybody to wait; null when it did not. */
  readonly cooling_down_s: number | null;
  /** Seconds until another proxy frees up, when known. */
  readonly next_free_in_s?: number;
  /** Requests per proxy there, for example `15/min`. */
  readonly pacing: string | null;
  /** Proxies that were used there. */
  readonly seen: number;
  /** Their outcomes `ok`. */
  readonly successes: number;
  /** Their outcomes `blocked`. */
  readonly blocks: number;
  /** Their outcomes `dead`. */
  readonly failures: number;
  /** Those that may not go there first, then the latest; at most 50. */
  readonly proxies: readonly ProxyOnTarget[];
  /** The same in words. */
  readonly message: string;
}

/** Input of any action. */
export type ActionInput =
  | ListInput
  | RotateInput
  | StatusInput
  | RecommendInput
  | HealthInput
  | ResetCbInput
  | AddInput
  | RemoveInput
  | FetchInput
  | ValidateInput
  | SetStrategyInput
  | RequestInput
  | ReportInput
  | ExplainInput
  | CheckTargetInput;

/** Inputs by action. */
export interface ActionInputs {
  /** Input of `list`. */
  readonly list: ListInput;
  /** Input of `rotate`. */
  readonly rotate: RotateInput;
  /** Input of `status`. */
  readonly status: StatusInput;
  /** Input of `recommend`. */
  readonly recommend: RecommendInput;
  /** Input of `health`. */
  readonly health: HealthInput;
  /** Input of `reset_cb`. */
  readonly reset_cb: ResetCbInput;
  /** Input of `add`. */
  readonly add: AddInput;
  /** Input of `remove`. */
  readonly remove: RemoveInput;
  /** Input of `fetch`. */
  readonly fetch: FetchInput;
  /** Input of `validate`. */
  readonly validate: ValidateInput;
  /** Input of `set_strategy`. */
  readonly set_strategy: SetStrategyInput;
  /** Input of `request`. */
  readonly request: RequestInput;
  /** Input of `report`. */
  readonly report: ReportInput;
  /** Input of `explain`. */
  readonly explain: ExplainInput;
  /** Input of `check_target`. */
  readonly check_target: CheckTargetInput;
}

/** Outputs by action. */
export interface ActionOutputs {
  /** Output of `list`. */
  readonly list: ListOutput;
  /** Output of `rotate`. */
  readonly rotate: RotateOutput;
  /** Output of `status`. */
  readonly status: StatusOutput;
  /** Output of `recommend`. */
  readonly recommend: RecommendOutput;
  /** Output of `health`. */
  readonly health: HealthOutput;
  /** Output of `reset_cb`. */
  readonly reset_cb: ResetCbOutput;
  /** Output of `add`. */
  readonly add: AddOutput;
  /** Output of `remove`. */
  readonly remove: RemoveOutput;
  /** Output of `fetch`. */
  readonly fetch: FetchOutput;
  /** Output of `validate`. */
  readonly validate: ValidateOutput;
  /** Output of `set_strategy`. */
  readonly set_strategy: SetStrategyOutput;
  /** Output of `request`. */
  readonly request: RequestOutput;
  /** Output of `report`. */
  readonly report: ReportOutput;
  /** Output of `explain`. */
  readonly explain: ExplainOutput;
  /** Output of `check_target`. */
  readonly check_target: CheckTargetOutput;
}

/** Result of an action that failed. */
export interface ActionErrorBody {
  /** What went wrong and what is allowed; never holds a credential. */
  readonly error: string;
  /** HTTP-like code. */
  readonly code: number;
  /** Seconds after which a repetition can succeed. */
  readonly retry_after_s?: number;
  /** What to do next. */
  readonly next_step?: string;
}
