/**
 * Every metric as data: name, kind, labels and what it counts. The registry, the Prometheus text, the OpenTelemetry
 * instruments and the documentation follow from it.
 *
 * A label only ever takes one of the values listed here; anything else becomes `other`. So the number of time
 * series is bounded, and neither a proxy, a site nor anything that a user wrote can become one.
 *
 * @module
 */
import { ACTIONS } from "../../gen/actions.ts";
import { PROTOCOLS, VERDICTS } from "../core/mod.ts";
import { VERSION } from "./version.ts";

/** What a metric does over time. */
export type MetricKind = "counter" | "gauge" | "histogram";

/** One metric. */
export interface MetricSpec {
  /** Name, in the conventions of Prometheus: base units, counters end in `_total`. */
  readonly name: string;
  /** Whether it only rises, goes up and down, or spreads over buckets. */
  readonly kind: MetricKind;
  /** Names of its labels, in order. */
  readonly labels: readonly LabelName[];
  /** What it counts, in one line. */
  readonly help: string;
}

/** Values that each label may take, besides `other`. */
export const LABEL_VALUES = {
  action: ACTIONS.map(({ name }) => name) as readonly string[],
  code: ["200", "400", "401", "403", "404", "409", "429", "500", "501", "503", "504"] as readonly string[],
  status: ["unknown", "healthy", "degraded", "unhealthy", "dead"] as readonly string[],
  protocol: PROTOCOLS as readonly string[],
  verdict: VERDICTS as readonly string[],
  result: [...VERDICTS, "unavailable", "refused"] as readonly string[],
  stage: [
    "resolve",
    "connect",
    "proxy_tls",
    "proxy_handshake",
    "target_tls",
    "done",
  ] as readonly string[],
  outcome: [
    "ok",
    "name_not_found",
    "connection_refused",
    "connection_failed",
    "connection_reset",
    "connection_closed",
    "timed_out",
    "proxy_auth_required",
    "proxy_refused",
    "protocol_error",
    "too_large",
    "tls_failed",
    "certificate_invalid",
    "target_refused",
    "aborted",
  ] as readonly string[],
  operation: ["upsert", "remove", "apply", "notes"] as readonly string[],
  reason: [
    "busy",
    "full",
    "corrupt",
    "newer",
    "foreign",
    "unreadable",
    "read_only",
    "unavailable",
    "closed",
    "failed",
  ] as readonly string[],
  trial: ["valid", "invalid"] as readonly string[],
  state: ["alive", "failing", "untried"] as readonly string[],
  version: [VERSION] as readonly string[],
  runtime: ["deno", "node", "bun"] as readonly string[],
} as const;

/** Name of a label. */
export type LabelName = keyof typeof LABEL_VALUES;

/** Upper ends of the buckets of every histogram, seconds: from what memory answers to what a slow proxy needs. */
export const BUCKETS_S: readonly number[] = [
  0.0001,
  0.0005,
  0.001,
  0.005,
  0.01,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
  30,
  60,
];

/** Every metric, in the order of the documentation. */
export const METRICS = [
  {
    name: "proxywhirl_proxies",
    kind: "gauge",
    labels: ["status", "protocol"],
    help: "Proxies in the pool",
  },
  {
    name: "proxywhirl_open_circuits",
    kind: "gauge",
    labels: [],
    help: "Circuit breakers that let nothing, or only a probe, through",
  },
  {
    name: "proxywhirl_leases_in_flight",
    kind: "gauge",
    labels: [],
    help: "Proxies handed out and not reported yet",
  },
  {
    name: "proxywhirl_sessions",
    kind: "gauge",
    labels: [],
    help: "Sessions that hold a proxy",
  },
  {
    name: "proxywhirl_actions_total",
    kind: "counter",
    labels: ["action", "code"],
    help: "Actions done, by result: 200, or the code of the error",
  },
  {
    name: "proxywhirl_action_duration_seconds",
    kind: "histogram",
    labels: ["action"],
    help: "Time that an action took",
  },
  {
    name: "proxywhirl_requests_total",
    kind: "counter",
    labels: ["result"],
    help: "Requests through the pool, by verdict on the answer, or why there was none",
  },
  {
    name: "proxywhirl_request_duration_seconds",
    kind: "histogram",
    labels: [],
    help: "Time from a request to the head of its answer, all attempts included",
  },
  {
    name: "proxywhirl_attempts_total",
    kind: "counter",
    labels: ["verdict"],
    help: "Attempts of requests and checks, each through one proxy",
  },
  {
    name: "proxywhirl_attempt_duration_seconds",
    kind: "histogram",
    labels: [],
    help: "Time of one attempt",
  },
  {
    name: "proxywhirl_dials_total",
    kind: "counter",
    labels: ["stage", "outcome"],
    help: "Connections opened through proxies: the stage at which each ended, and how",
  },
  {
    name: "proxywhirl_connections",
    kind: "gauge",
    labels: [],
    help: "Connections through proxies that are open now, idle ones included",
  },
  {
    name: "proxywhirl_trials_total",
    kind: "counter",
    labels: ["trial"],
    help: "Proxies tried against judges, by whether they work",
  },
  {
    name: "proxywhirl_sources",
    kind: "gauge",
    labels: ["state"],
    help: "Proxy lists known, by whether the last reading worked; none until lists are first used",
  },
  {
    name: "proxywhirl_store_write_duration_seconds",
    kind: "histogram",
    labels: ["operation"],
    help: "Time that a write to the database took",
  },
  {
    name: "proxywhirl_store_errors_total",
    kind: "counter",
    labels: ["reason"],
    help: "Writes to the database that failed; they are tried again",
  },
  {
    name: "proxywhirl_store_pending",
    kind: "gauge",
    labels: [],
    help: "Proxies with changes that are not in the database yet",
  },
  {
    name: "proxywhirl_uptime_seconds",
    kind: "gauge",
    labels: [],
    help: "Time since the pool was opened",
  },
  {
    name: "proxywhirl_build_info",
    kind: "gauge",
    labels: ["version", "runtime"],
    help: "Always 1; its labels say what runs",
  },
] as const;

/** Name of a metric. */
export type MetricName = typeof METRICS[number]["name"];

/** The name of a metric in OpenTelemetry, which has its own conventions: `proxywhirl.action.duration`. */
export function openTelemetryName({ name }: MetricSpec): string {
  return name.replace(/_(?:total|seconds)$/, "").replace(/_duration$/, ".duration").replace("_", ".");
}
