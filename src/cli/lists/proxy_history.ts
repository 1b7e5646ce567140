/**
 * What a list knows of a proxy's past: the names that this program and the Python program write.
 *
 * The latter gives rates as a share in most places and as a percentage in the export for its web site; there they
 * stand beside `total_checks`.
 */
import type { HealthStatus } from "../../core/mod.ts";
import type { ProxyHistory } from "./listed_proxy.ts";

/** An entry of a list: values by name. */
export type ListEntry = Readonly<Record<string, unknown>>;

const STATUS = ["status", "health_status"];
const SUCCESSES = ["total_successes", "successful_requests"];
const FAILURES = ["total_failures", "failed_requests", "total_health_failures"];
const REQUESTS = ["total_requests", "requests_completed", "total_checks"];
const RATE = ["success_rate"];
const LATENCY = [
  "avg_latency_ms",
  "average_response_time_ms",
  "avg_response_time_ms",
  "response_time_ms",
  "response_time",
  "latency_ms",
  "latency",
];
const EMA = ["ema_response_time_ms"];
const IN_A_ROW = { failures: ["consecutive_failures"], successes: ["consecutive_successes"] } as const;
const STARTED = ["requests_started"];
const LAST_CHECK = [
  "last_check_at",
  "last_checked",
  "last_check",
  "last_health_check",
  "last_validation_time",
];
const LAST_SUCCESS = ["last_success_at", "last_success"];
const LAST_FAILURE = ["last_failure_at", "last_failure"];

/** Names that {@linkcode historyOf} reads. */
export const HISTORY_KEYS: ReadonlySet<string> = new Set([
  STATUS,
  SUCCESSES,
  FAILURES,
  REQUESTS,
  RATE,
  LATENCY,
  EMA,
  IN_A_ROW.failures,
  IN_A_ROW.successes,
  STARTED,
  LAST_CHECK,
  LAST_SUCCESS,
  LAST_FAILURE,
].flat());

const STATUSES: readonly HealthStatus[] = ["unknown", "healthy", "degraded", "unhealthy", "dead"];
const MAX_COUNT = 1e12;
const MAX_LATENCY_MS = 86_400_000;

/** The past of a proxy; undefined when the entry tells of none. */
export function historyOf(entry: ListEntry): ProxyHistory | undefined {
  const { failures, successes } = countsOf(entry);
  const latency = numberOf(entry, LATENCY, MAX_LATENCY_MS);
  const status = STATUSES.find((status) => status === textOf(entry, STATUS)?.toLowerCase()) ?? "unknown";
  if (successes + failures === 0 && status === "unknown") return undefined;
  const latencyCount = latency === undefined || latency === 0 ? 0 : Math.max(1, successes);
  const lastSuccessAt = timeOf(entry, LAST_SUCCESS);
  const lastFailureAt = timeOf(entry, LAST_FAILURE);
  return {
    counters: {
      requestsStarted: Math.max(successes + failures, countOf(entry, STARTED) ?? 0),
      totalSuccesses: successes,
      totalFailures: failures,
      latencySumMs: (latency ?? 0) * latencyCount,
      latencyCount,
    },
    state: {
      status,
      emaLatencyMs: numberOf(entry, EMA, MAX_LATENCY_MS) ?? (latencyCount > 0 ? latency ?? null : null),
      consecutiveFailures: countOf(entry, IN_A_ROW.failures) ?? 0,
      consecutiveSuccesses: countOf(entry, IN_A_ROW.successes) ?? 0,
      lastCheckAt: timeOf(entry, LAST_CHECK) ?? latest(lastSuccessAt, lastFailureAt),
      lastSuccessAt,
      lastFailureAt,
      circuit: { state: "closed", openUntil: null, timesOpened: 0 },
    },
  };
}

function countsOf(entry: ListEntry): { readonly successes: number; readonly failures: number } {
  const [successes, failures] = [countOf(entry, SUCCESSES), countOf(entry, FAILURES)];
  const requests = countOf(entry, REQUESTS);
  const given = numberOf(entry, RATE, 100);
  const rate = given === undefined ? undefined : "total_checks" in entry || given > 1 ? given / 100 : given;
  const worked = successes ?? (requests === undefined ? 0 : Math.round(requests * (rate ?? 0)));
  const known = successes !== undefined || rate !== undefined;
  const failed = failures ?? (requests === undefined || !known ? 0 : Math.max(0, requests - worked));
  return { successes: worked, failures: failed };
}

function textOf(entry: ListEntry, names: readonly string[]): string | undefined {
  const name = names.find((name) => typeof entry[name] === "string" && entry[name] !== "");
  return name === undefined ? undefined : String(entry[name]).trim();
}

function numberOf(entry: ListEntry, names: readonly string[], most: number): number | undefined {
  for (const name of names) {
    const value = entry[name];
    const isNumber = typeof value === "number" || (typeof value === "string" && value.trim() !== "");
    const number = isNumber ? Number(value) : NaN;
    if (number >= 0 && number <= most) return number;
  }
  return undefined;
}

function countOf(entry: ListEntry, names: readonly string[]): number | undefined {
  const number = numberOf(entry, names, MAX_COUNT);
  return number === undefined ? undefined : Math.trunc(number);
}

/** `2026-11-22T11:27:57.362593` and `2026-11-22 11:27:57`: UTC without saying so. Never in the future. */
function timeOf(entry: ListEntry, names: readonly string[]): number | null {
  const text = textOf(entry, names);
  if (text === undefined || !/^\d{4}-\d\d-\d\d/.test(text)) return null;
  const digits = text.replace(" ", "T").replace(/(\.\d{3})\d+/, "$1");
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(digits);
  const time = Date.parse(hasZone || !digits.includes("T") ? digits : `${digits}Z`);
  return Number.isNaN(time) ? null : Math.min(time, Date.now());
}

function latest(left: number | null, right: number | null): number | null {
  return left === null || right === null ? left ?? right : Math.max(left, right);
}
