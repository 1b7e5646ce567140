/** The resources: four addresses, and two templates of addresses. */
import { z } from "zod";
import { action as status } from "./actions/status.ts";
import { named, type ResourceDefinition } from "./define.ts";
import {
  count,
  EXAMPLE_ID,
  HEALTH_EXAMPLE,
  latency,
  optionalLatency,
  poolHealth,
  protocol,
  time,
  verdict,
} from "./models.ts";

const breaker = named(
  "BreakerConfig",
  "Settings of the circuit breakers.",
  z.object({
    failure_threshold: z.number().int().min(1).describe("Failures in the window that open it"),
    timeout_duration: z.number().min(0).describe("Seconds for which it stays open the first time"),
    window_duration: z.number().min(0).describe("Seconds over which failures count"),
  }),
);

const retry = named(
  "RetryConfig",
  "Settings of failover and its waits.",
  z.object({
    max_attempts: z.number().int().min(1).describe("Attempts in all"),
    backoff_strategy: z.string().describe("How waits grow"),
    base_delay: z.number().min(0).describe("First wait, seconds"),
    max_backoff_delay: z.number().min(0).describe("Longest wait, seconds"),
    multiplier: z.number().min(1).describe("Growth of the wait"),
  }),
);

const logging = named(
  "LoggingConfig",
  "Settings of the log.",
  z.object({
    level: z.string().describe("Least level written"),
    format: z.string().describe("Form of a line"),
    redact_credentials: z.boolean().describe("Always true"),
  }),
);

const source = named(
  "SourceState",
  "A proxy list, and what is remembered of it.",
  z.object({
    name: z.string().describe("Name, as the fetch action takes it"),
    protocol: protocol.nullable().describe("Protocol of its proxies; null when they name their own"),
    recommended: z.boolean().describe("Whether `recommended` includes it now"),
    enabled: z.boolean().describe("Whether `all` includes it"),
    alive: z.boolean().nullable().describe("Whether it could be read the last time; null before the first"),
    fetches: count.describe("Times it was asked"),
    failures: count.describe("Times it could not be read"),
    last_fetch: time.nullable().describe("When it was last asked"),
    last_ok: time.nullable().describe("When it last could be read"),
    last_count: count.describe("Proxies in it then"),
    last_error: z.string().nullable().describe("What went wrong the last time; null when nothing did"),
    tried: count.describe("Proxies of it that were tried"),
    worked: count.describe("Of these, those that worked"),
  }),
);

const targetProxy = named(
  "ProxyOnTarget",
  "How one proxy fares with the site.",
  z.object({
    proxy_id: z.string().describe("UUID"),
    url: z.string().describe("Address without credentials"),
    last_verdict: verdict.nullable().describe("Last outcome there; null before the first"),
    last_seen: time.describe("When, ISO 8601"),
    successes: count.describe("Outcomes `ok`"),
    blocks: count.describe("Outcomes `blocked`"),
    failures: count.describe("Outcomes `dead`"),
    expected_latency_ms: optionalLatency.describe("What the choice reckons with; null without data"),
    ejected_for_s: z.number().min(0).nullable().describe(
      "Seconds until it may go there again; null when it may",
    ),
    reason: z.string().nullable().describe("Why it may not: ejected_on_target, paced, …; null when it may"),
  }),
);

const durations = {
  count: count.describe("How many there were"),
  avg_ms: latency.describe("Mean; 0 without data"),
  p95_ms: latency.describe("95 in 100 took at most this long; 0 without data"),
};

const byName = z.record(z.string(), count);

const proxyFigures = named(
  "ProxyFigures",
  "Proxies in the pool.",
  z.object({
    total: count.describe("All of them"),
    by_status: byName.describe("By health"),
    by_protocol: byName.describe("By protocol"),
  }),
);

const actionFigures = named(
  "ActionFiguresContent",
  "Figures of one action.",
  z.object({ ...durations, errors: byName.describe("Those that ended in an error, by code") }),
);

const requestFigures = named(
  "RequestFigures",
  "Requests through the pool.",
  z.object({ ...durations, by_result: byName.describe("By verdict, or why there was none") }),
);

const attemptFigures = named(
  "AttemptFigures",
  "Attempts of requests and checks.",
  z.object({ ...durations, by_verdict: byName.describe("By verdict") }),
);

const dialFigures = named(
  "DialFigures",
  "Connections opened through proxies.",
  z.object({
    ok: count.describe("Those that succeeded"),
    failed: count.describe("Those that failed"),
    failed_by_stage: byName.describe("Failed ones by stage"),
    failed_by_outcome: byName.describe("Failed ones by what went wrong"),
  }),
);

const storeFigures = named(
  "StoreFigures",
  "Writes to the database.",
  z.object({
    ...durations,
    errors: byName.describe("Writes that failed, by reason"),
    pending: count.describe("Proxies with changes that are not in the database yet"),
  }),
);

const NO_DURATIONS = { count: 0, avg_ms: 0, p95_ms: 0 };

/** Resources in the order in which they are listed. */
export const resources: readonly ResourceDefinition[] = [
  {
    uri: "proxy://health",
    name: "proxy_health",
    title: "Pool health",
    description: "Overview of the pool, the same as the health action. Can be subscribed to.",
    mimeType: "application/json",
    requiresKey: false,
    subscribable: true,
    maxAgeS: 1,
    typeName: "HealthResource",
    output: poolHealth,
    example: HEALTH_EXAMPLE,
  },
  {
    uri: "proxy://config",
    name: "proxy_config",
    title: "Configuration",
    description: "The settings in force. Holds no secret. Can be subscribed to.",
    mimeType: "application/json",
    requiresKey: true,
    subscribable: true,
    maxAgeS: 60,
    typeName: "ConfigResource",
    output: {
      rotation_strategy: z.string().describe("Class name of the strategy, for example `RoundRobinStrategy`"),
      timeout: z.number().min(0).describe("Time limit of a request, seconds"),
      verify_ssl: z.boolean().describe("Whether certificates of sites are checked"),
      follow_redirects: z.boolean().describe("Whether redirects are followed"),
      pool_connections: z.number().int().min(1).describe("Connections kept per proxy and site"),
      pool_max_keepalive: z.number().int().min(0).describe("Idle connections kept per proxy and site"),
      circuit_breaker: breaker.describe("Circuit breakers"),
      retry_policy: retry.describe("Failover"),
      logging: logging.describe("Log"),
      strategy: z.string().optional().describe("Plain name of the strategy, for example `round-robin`"),
      read_only: z.boolean().optional().describe("Whether actions that change something are refused"),
      pacing: z.string().nullable().optional().describe("Requests per proxy and site, for example `15/min`"),
      tools: z.string().optional().describe("Layout of the tools: unified or split"),
      allow_actions: z.array(z.string()).nullable().optional().describe("Actions allowed; null for all"),
      confirm: z.string().optional().describe("Whether the user is asked before a removal: auto or never"),
      persistent: z.boolean().optional().describe("Whether the pool is kept on disk"),
    },
    example: {
      rotation_strategy: "RoundRobinStrategy",
      timeout: 30,
      verify_ssl: true,
      follow_redirects: true,
      pool_connections: 10,
      pool_max_keepalive: 5,
      circuit_breaker: { failure_threshold: 5, timeout_duration: 60, window_duration: 120 },
      retry_policy: {
        max_attempts: 3,
        backoff_strategy: "exponential",
        base_delay: 1,
        max_backoff_delay: 60,
        multiplier: 2,
      },
      logging: { level: "INFO", format: "json", redact_credentials: true },
      strategy: "round-robin",
    },
  },
  {
    uri: "proxy://sources",
    name: "proxy_sources",
    title: "Proxy lists",
    description:
      "The proxy lists that fetch knows: which are alive, and how good they have been. Can be subscribed to.",
    mimeType: "application/json",
    requiresKey: true,
    subscribable: true,
    maxAgeS: 10,
    typeName: "SourcesResource",
    output: {
      total: count.describe("Lists known"),
      alive: count.describe("Those that could be read the last time"),
      failing: count.describe("Those that could not"),
      sources: z.array(source).describe("Recommended ones first, then by name"),
      message: z.string().describe("The same in words"),
    },
    example: {
      total: 1,
      alive: 1,
      failing: 0,
      sources: [{
        name: "example-http",
        protocol: "http",
        recommended: true,
        enabled: true,
        alive: true,
        fetches: 3,
        failures: 0,
        last_fetch: "2024-01-15T10:00:00Z",
        last_ok: "2024-01-15T10:00:00Z",
        last_count: 1200,
        last_error: null,
        tried: 360,
        worked: 50,
      }],
      message: "1 list known: 1 alive, 0 failing, 0 never asked",
    },
  },
  {
    uri: "proxy://metrics",
    name: "proxy_metrics",
    title: "Figures of the server",
    description:
      "What happened since the start: actions, requests, attempts, connections, writes. No proxy, no site.",
    mimeType: "application/json",
    requiresKey: true,
    subscribable: false,
    maxAgeS: 1,
    typeName: "MetricsResource",
    output: {
      uptime_s: count.describe("Seconds since the pool was opened"),
      proxies: proxyFigures.describe("Proxies in the pool"),
      open_circuits: count.describe("Circuit breakers that are open"),
      leases_in_flight: count.describe("Proxies handed out and not reported yet"),
      sessions: count.describe("Sessions that hold a proxy"),
      actions: z.record(z.string(), actionFigures).describe("Actions done, by name"),
      requests: requestFigures.describe("Requests through the pool"),
      attempts: attemptFigures.describe("Attempts of requests and checks"),
      dials: dialFigures.describe("Connections opened through proxies"),
      connections: count.describe("Connections that are open now"),
      trials: byName.describe("Proxies tried against judges, by whether they work"),
      sources: byName.describe("Proxy lists by state"),
      store: storeFigures.describe("Writes to the database"),
    },
    example: {
      uptime_s: 3600,
      proxies: { total: 1, by_status: { healthy: 1 }, by_protocol: { http: 1 } },
      open_circuits: 0,
      leases_in_flight: 0,
      sessions: 0,
      actions: { health: { count: 2, avg_ms: 0.12, p95_ms: 1, errors: {} } },
      requests: { ...NO_DURATIONS, by_result: {} },
      attempts: { ...NO_DURATIONS, by_verdict: {} },
      dials: { ok: 0, failed: 0, failed_by_stage: {}, failed_by_outcome: {} },
      connections: 0,
      trials: {},
      sources: {},
      store: { ...NO_DURATIONS, errors: {}, pending: 0 },
    },
  },
  {
    uri: "proxy://proxies/{id}",
    name: "proxy_status",
    title: "One proxy",
    description: "Everything about one proxy, the same as the status action. Can be subscribed to.",
    mimeType: "application/json",
    requiresKey: true,
    subscribable: true,
    maxAgeS: 1,
    action: "status",
    completes: "proxy_id",
    valueKey: "proxy_id",
    typeName: "ProxyResource",
    output: status.output,
    example: status.example.response,
  },
  {
    uri: "proxy://targets/{target}",
    name: "proxy_target",
    title: "One site",
    description:
      "How the pool fares with one site: which proxies it refuses, which are paced, whether it cools down.",
    mimeType: "application/json",
    requiresKey: true,
    subscribable: false,
    maxAgeS: 1,
    action: "status",
    completes: "target",
    valueKey: "target",
    typeName: "TargetResource",
    output: {
      target: z.string().describe("Registrable domain or address"),
      total: count.describe("Proxies in the pool"),
      eligible: count.describe("Proxies that may go there now"),
      rejected: byName.describe("Proxies that may not, counted by reason"),
      cooling_down_s: z.number().min(0).nullable().describe(
        "Seconds for which the site asked everybody to wait; null when it did not",
      ),
      next_free_in_s: z.number().min(0).optional().describe(
        "Seconds until another proxy frees up, when known",
      ),
      pacing: z.string().nullable().describe("Requests per proxy there, for example `15/min`"),
      seen: count.describe("Proxies that were used there"),
      successes: count.describe("Their outcomes `ok`"),
      blocks: count.describe("Their outcomes `blocked`"),
      failures: count.describe("Their outcomes `dead`"),
      proxies: z.array(targetProxy).describe(
        "Those that may not go there first, then the latest; at most 50",
      ),
      message: z.string().describe("The same in words"),
    },
    example: {
      target: "shop.example",
      total: 10,
      eligible: 9,
      rejected: { ejected_on_target: 1 },
      cooling_down_s: null,
      next_free_in_s: 12.4,
      pacing: null,
      seen: 1,
      successes: 31,
      blocks: 2,
      failures: 0,
      proxies: [{
        proxy_id: EXAMPLE_ID,
        url: "http://proxy1.example.com:8080",
        last_verdict: "blocked",
        last_seen: "2024-01-15T10:28:40Z",
        successes: 31,
        blocks: 2,
        failures: 0,
        expected_latency_ms: 4870.5,
        ejected_for_s: 12.4,
        reason: "ejected_on_target",
      }],
      message: "9 of 10 proxies may go to shop.example now; the others: 1 refused there lately",
    },
  },
];
