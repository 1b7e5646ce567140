import { z } from "zod";
import { type ActionDefinition, named } from "../define.ts";
import {
  circuitState,
  count,
  EXAMPLE_ID,
  healthStatus,
  knownRegion,
  latency,
  nextStep,
  optionalLatency,
  protocol,
  proxyId,
  share,
  time,
  verdict,
} from "../models.ts";

const metrics = named(
  "ProxyMetrics",
  "Counters and latencies of one proxy.",
  z.object({
    success_rate: share.describe("Successes / (successes + failures); 0 without data"),
    avg_latency_ms: latency.describe("Mean latency; 0 without data"),
    total_requests: count.describe("Outcomes counted"),
    successful_requests: count.describe("Outcomes `ok`"),
    failed_requests: count.describe("Outcomes `dead`"),
    ema_response_time_ms: optionalLatency.describe("Moving average of latency, alpha 0.2; null without data"),
  }),
);

const health = named(
  "ProxyHealth",
  "Last outcomes of one proxy and its circuit breaker. Times are ISO 8601, null before the first.",
  z.object({
    last_check: time.nullable().describe("Last outcome of either kind"),
    last_success: time.nullable().describe("Last `ok`"),
    last_failure: time.nullable().describe("Last `dead`"),
    circuit_breaker: circuitState.describe("open: not selected for a while"),
    consecutive_failures: count.describe("`dead` outcomes since the last `ok`"),
    consecutive_successes: count.describe("`ok` outcomes since the last `dead`"),
  }),
);

const targetState = named(
  "TargetState",
  "How one proxy fares with one site.",
  z.object({
    target: z.string().describe("Registrable domain or address"),
    last_verdict: verdict.nullable().describe("Last outcome there; null before the first"),
    last_seen: time.describe("When, ISO 8601"),
    successes: count.describe("Outcomes `ok`"),
    blocks: count.describe("Outcomes `blocked`"),
    failures: count.describe("Outcomes `dead`"),
    latency_ms: optionalLatency.describe("Latency of the last `ok` there; null without one"),
    expected_latency_ms: optionalLatency.describe(
      "What the choice reckons with: failures count as seconds and fade; null without data",
    ),
    ejected_for_s: z.number().min(0).nullable().describe(
      "Seconds until it may go there again; null when it may now",
    ),
    reason: z.string().nullable().describe(
      "Why it may not: ejected_on_target, paced, target_cooling_down, probe_in_flight; null when it may",
    ),
  }),
);

/** `status`: everything about one proxy. */
export const action: ActionDefinition = {
  name: "status",
  position: 30,
  title: "Status of a proxy",
  summary: "all about one proxy",
  description:
    "Shows one proxy's metrics, health, circuit breaker and how it fares with the sites it was used for.",
  effect: "read",
  idempotent: true,
  openWorld: false,
  published: true,
  input: { proxy_id: proxyId },
  output: {
    proxy_id: z.string().describe("UUID"),
    url: z.string().describe("Address without credentials"),
    status: healthStatus.describe("Health"),
    metrics: metrics.describe("Counters and latencies"),
    health: health.describe("Last outcomes and circuit breaker"),
    region: knownRegion,
    protocol: protocol.describe("How the client speaks to the proxy"),
    targets: z.array(targetState).describe("Sites, latest first, at most 20"),
    next_step: nextStep,
  },
  errors: [
    { code: 400, text: "proxy_id required for status action", when: "`proxy_id` is missing" },
    { code: 400, text: "Invalid proxy_id format: <proxy_id>", when: "`proxy_id` is not a UUID" },
    { code: 404, text: "Proxy not found: <proxy_id>", when: "no proxy has this id" },
  ],
  example: {
    request: { action: "status", proxy_id: EXAMPLE_ID },
    response: {
      proxy_id: EXAMPLE_ID,
      url: "http://proxy1.example.com:8080",
      status: "healthy",
      metrics: {
        success_rate: 0.95,
        avg_latency_ms: 120.5,
        total_requests: 150,
        successful_requests: 142,
        failed_requests: 8,
        ema_response_time_ms: 115.3,
      },
      health: {
        last_check: "2024-01-15T10:30:00Z",
        last_success: "2024-01-15T10:29:55Z",
        last_failure: "2024-01-15T09:15:00Z",
        circuit_breaker: "closed",
        consecutive_failures: 0,
        consecutive_successes: 25,
      },
      region: "US",
      protocol: "http",
      targets: [
        {
          target: "shop.example",
          last_verdict: "blocked",
          last_seen: "2024-01-15T10:28:40Z",
          successes: 31,
          blocks: 2,
          failures: 0,
          latency_ms: 140.2,
          expected_latency_ms: 4870.5,
          ejected_for_s: 12.4,
          reason: "ejected_on_target",
        },
      ],
    },
  },
  cli: { positionals: ["proxy_id"] },
};
