/** Schemas that several actions share. A key has one meaning and one schema wherever it appears. */
import { z } from "zod";
import { STRATEGY_NAMES } from "../src/core/mod.ts";
import { type ErrorDefinition, named, plain, type Shape, withExpectation, withMessage } from "./define.ts";

/** Longest URL taken. */
export const MAX_URL: number = 2048;

/** Strategies that `set_strategy` and `--strategy` know. */
export const STRATEGIES: readonly string[] = STRATEGY_NAMES;

const ID = "550e8400-e29b-41d4-a716-446655440000";

/** Id of the examples. */
export const EXAMPLE_ID: string = ID;

const UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

// ---------------------------------------------------------------- input

/** Id of a proxy, checked for its form. */
export const proxyId: z.ZodType = withMessage(
  z.string().regex(UUID).describe("Id, as in list"),
  "Invalid proxy_id format: {value}",
);

/** Id of a proxy whose form is not checked: a wrong one is simply not found. */
export const anyProxyId: z.ZodType = z.string().min(1).max(256).describe("Id, as in list");

/** Country code. */
export const region: z.ZodType = withExpectation(
  z.string().regex(/^[A-Za-z]{2}$/).describe("Country code, e.g. US"),
  "a two-letter country code such as US",
);

/** How the client speaks to the proxy. */
export const protocol: z.ZodType = named(
  "ProtocolName",
  "How the client speaks to the proxy; `https` is TLS to the proxy itself.",
  z.enum(["http", "https", "socks4", "socks4a", "socks5", "socks5h"]),
);

/** Health of one proxy. */
export const healthStatus: z.ZodType = named(
  "HealthStatusName",
  "A proxy's own health, independent of any site.",
  z.enum(["healthy", "degraded", "unhealthy", "dead", "unknown"]),
);

/** Tier of a recommendation. */
export const performance: z.ZodType = withMessage(
  named(
    "PerformanceTierName",
    "What a recommendation puts first: `high` speed and reliability, `medium` reliability, `low` cost.",
    z.enum(["high", "medium", "low"]),
  ),
  "Invalid performance level. Must be one of: high, medium, low",
);

/** URL or host of a site. */
export const target: z.ZodType = z.string().min(1).max(MAX_URL).describe("URL or host of a site");

/** What a caller asks of a proxy. */
export const criteria: z.ZodType = named(
  "CriteriaInput",
  "What a caller asks of a proxy. All members narrow the choice; absent ones do not.",
  z.strictObject({
    region: region.optional(),
    performance: plain(performance.describe("Tier of recommend; default medium")).optional(),
    protocol: plain(protocol.describe("How the client speaks to the proxy")).optional(),
    tag: plain(z.string().min(1).max(64).describe("Label the proxy carries")).optional(),
    target: target.optional(),
  }),
).describe("Which proxies");

/** Sticky session. */
export const session: z.ZodType = z.string().min(1).max(256).describe("Any name; it keeps its proxy");

/** Error of every action that takes a target. */
export const BAD_TARGET: ErrorDefinition = {
  code: 400,
  text: "Invalid target: <target>",
  when: "the target is neither a URL nor a host",
};

/** Error of every action that asks judges. */
export const NO_JUDGE: ErrorDefinition = {
  code: 503,
  text: "Cannot validate: no judge answers",
  when: "no judge can be reached; no proxy is blamed",
};

/** Web address. */
export const url: z.ZodType = withExpectation(
  z.string().max(MAX_URL).regex(/^[Hh][Tt][Tt][Pp][Ss]?:\/\/\S+$/).describe("http(s) URL of the site"),
  "a URL that starts with http:// or https://",
);

/** Time limit in seconds. */
export const timeoutS: z.ZodType = z.number().min(0.1).max(300).describe(
  "Seconds; validate: of each trial",
);

// ---------------------------------------------------------------- output

/** A whole number from 0. */
export const count: z.ZodType = z.number().int().min(0);

/** A share from 0 to 1. */
export const share: z.ZodType = z.number().min(0).max(1);

/** Milliseconds; 0 without data, as in the guide. */
export const latency: z.ZodType = z.number().min(0);

/** Milliseconds, or null when there is nothing to show. */
export const optionalLatency: z.ZodType = latency.nullable();

/** Time of the wall clock. */
export const time: z.ZodType = z.iso.datetime();

/** Country of a proxy. */
export const knownRegion: z.ZodType = z.string().describe(
  "Country code of the exit, upper case; UNKNOWN when not known",
);

/** State of a breaker. */
export const circuitState: z.ZodType = named(
  "CircuitStateName",
  "State of a proxy's circuit breaker.",
  z.enum(["closed", "open", "half_open"]),
);

/** What happened to a request. */
export const verdict: z.ZodType = named(
  "VerdictName",
  "What happened to a request: `blocked` is the site's doing, `dead` the proxy's.",
  z.enum(["ok", "blocked", "dead", "target_error", "aborted"]),
);

const summaryShape = {
  id: z.string().describe("UUID"),
  url: z.string().describe("Address without credentials"),
  status: healthStatus.describe("Health"),
  success_rate: share.describe("Successes / (successes + failures); 0 without data"),
  avg_latency_ms: latency.describe("Mean latency; 0 without data"),
  region: knownRegion,
};

/** A proxy in few words. */
export const proxySummary: z.ZodType = named("ProxySummary", "A proxy in few words.", z.object(summaryShape));

/** A row of `list`. */
export const proxyRow: z.ZodType = named(
  "ProxyRow",
  "A proxy as `list` shows it.",
  z.object({
    ...summaryShape,
    total_requests: count.describe("Outcomes counted"),
    total_successes: count.describe("Outcomes `ok`"),
    total_failures: count.describe("Outcomes `dead`"),
  }),
);

/** Whether pacing is on. */
export const rateLimit: z.ZodType = named(
  "RateLimitInfo",
  "Whether requests are paced.",
  z.object({
    enabled: z.boolean().describe("Whether a pace is set"),
    message: z.string().describe("The pace in words"),
  }),
);

/** Overview of the pool: the `health` action and the `proxy://health` resource. */
export const poolHealth: Shape = {
  pool_status: named(
    "PoolStatusLabel",
    "State of the whole pool.",
    z.enum(["empty", "healthy", "degraded", "critical"]),
  ).describe("healthy: 70 % or more are; degraded: 30 % or more; critical: fewer; empty: no proxies"),
  total_proxies: count.describe("Proxies in the pool"),
  healthy_proxies: count.describe("Proxies that are healthy"),
  degraded_proxies: count.describe("Proxies that are degraded"),
  failed_proxies: count.describe("Proxies that are unhealthy or dead"),
  average_success_rate: share.describe("Mean over proxies with outcomes; 0 without data"),
  average_latency_ms: latency.describe("Mean latency; 0 without data"),
  last_update: time.describe("When this was true, ISO 8601"),
  total_requests: count.describe("Outcomes counted"),
  total_successes: count.describe("Outcomes `ok`"),
  total_failures: count.describe("Outcomes `dead`"),
  rate_limit: rateLimit.describe("Pacing"),
  unknown_proxies: count.describe("Proxies never tried yet"),
  open_circuits: count.describe("Proxies whose circuit breaker is open"),
  message: z.string().optional().describe("What stands out"),
  next_step: z.string().optional().describe("What to do next"),
};

/** Guidance that any result may carry. */
export const nextStep: z.ZodType = z.string().optional().describe("What to do next");

/** The health of the guide's pool. */
export const HEALTH_EXAMPLE: Readonly<Record<string, unknown>> = {
  pool_status: "healthy",
  total_proxies: 10,
  healthy_proxies: 8,
  degraded_proxies: 1,
  failed_proxies: 1,
  average_success_rate: 0.89,
  average_latency_ms: 145.3,
  last_update: "2024-01-15T10:30:00Z",
  total_requests: 5000,
  total_successes: 4450,
  total_failures: 550,
  rate_limit: { enabled: false, message: "Rate limiting not configured" },
  unknown_proxies: 0,
  open_circuits: 0,
};

/** The proxy of the guide's examples, in few words. */
export const SUMMARY_EXAMPLE: Readonly<Record<string, unknown>> = {
  id: ID,
  url: "http://proxy1.example.com:8080",
  status: "healthy",
  success_rate: 0.95,
  avg_latency_ms: 120.5,
  region: "US",
};
