/**
 * Figures of a running service: what happened since its start, and how things are now.
 *
 * Counting is always on, since it costs next to nothing; nobody needs to look. Figures hold neither proxies nor
 * sites, so they may be shown to whoever may know that the program runs.
 *
 * @module
 */
import type { HealthStatus, Protocol, ProxyRotator } from "../core/mod.ts";
import { PROTOCOLS } from "../core/mod.ts";
import { runtimeInfo } from "../runtime/mod.ts";
import {
  type HistogramData,
  type MetricFamily,
  MetricRegistry,
  type ObservationListener,
  type Reading,
} from "./metric_registry.ts";
import { BUCKETS_S, LABEL_VALUES, type MetricName } from "./metric_table.ts";
import { prometheusText } from "./prometheus_text.ts";

/** Durations of one kind. */
export interface DurationFigures {
  /** How many there were. */
  readonly count: number;
  /** Arithmetic mean; 0 without data. */
  readonly avg_ms: number;
  /** 95 in 100 took at most this long: the upper end of the bucket; 0 without data. */
  readonly p95_ms: number;
}

/** Figures of one action. */
export interface ActionFigures extends DurationFigures {
  /** How many ended in an error, by code. */
  readonly errors: Readonly<Record<string, number>>;
}

/** What {@linkcode ServiceMetrics.snapshot} shows; the content of `proxy://metrics`. */
export interface MetricsSnapshot {
  /** Seconds since the pool was opened. */
  readonly uptime_s: number;
  /** Proxies in the pool. */
  readonly proxies: {
    /** All of them. */
    readonly total: number;
    /** By health. */
    readonly by_status: Readonly<Record<HealthStatus, number>>;
    /** By protocol. */
    readonly by_protocol: Readonly<Record<Protocol, number>>;
  };
  /** Circuit breakers that let nothing, or only a probe, through. */
  readonly open_circuits: number;
  /** Proxies handed out and not reported yet. */
  readonly leases_in_flight: number;
  /** Sessions that hold a proxy. */
  readonly sessions: number;
  /** Actions done, by name; those never called are absent. */
  readonly actions: Readonly<Record<string, ActionFigures>>;
  /** Requests through the pool. */
  readonly requests: DurationFigures & {
    /** By verdict on the answer, or why there was none. */
    readonly by_result: Readonly<Record<string, number>>;
  };
  /** Attempts of requests and checks. */
  readonly attempts: DurationFigures & {
    /** By verdict. */
    readonly by_verdict: Readonly<Record<string, number>>;
  };
  /** Connections opened through proxies. */
  readonly dials: {
    /** Those that succeeded. */
    readonly ok: number;
    /** Those that failed. */
    readonly failed: number;
    /** Failed ones by stage. */
    readonly failed_by_stage: Readonly<Record<string, number>>;
    /** Failed ones by what went wrong. */
    readonly failed_by_outcome: Readonly<Record<string, number>>;
  };
  /** Connections through proxies that are open now. */
  readonly connections: number;
  /** Proxies tried against judges, by whether they work. */
  readonly trials: Readonly<Record<string, number>>;
  /** Proxy lists by state; empty until lists are first used. */
  readonly sources: Readonly<Record<string, number>>;
  /** Writes to the database. */
  readonly store: DurationFigures & {
    /** Writes that failed, by reason. */
    readonly errors: Readonly<Record<string, number>>;
    /** Proxies with changes that are not in the database yet. */
    readonly pending: number;
  };
}

/** What the figures are taken from. */
export interface ServiceMetricsOptions {
  /** The pool. */
  readonly rotator: ProxyRotator;
  /** Version of the program. */
  readonly version: string;
  /** Milliseconds that never go back. @default {performance.now} */
  readonly clock?: () => number;
}

/** Counts what a service does. */
export class ServiceMetrics {
  readonly #registry = new MetricRegistry();
  readonly #rotator: ProxyRotator;
  readonly #clock: () => number;
  readonly #start: number;

  /**
   * Everything is zero at first.
   *
   * @param options The pool, the version and the clock
   */
  constructor(options: ServiceMetricsOptions) {
    this.#rotator = options.rotator;
    this.#clock = options.clock ?? (() => performance.now());
    this.#start = this.#clock();
    const { name: runtime } = runtimeInfo();
    this.setReader("proxywhirl_proxies", () => this.#countProxies().readings);
    this.setReader("proxywhirl_open_circuits", () => [[[], this.#rotator.poolStatus().openCircuits]]);
    this.setReader("proxywhirl_leases_in_flight", () => [[[], this.#countProxies().inFlight]]);
    this.setReader("proxywhirl_sessions", () => [[[], this.#rotator.sessionCount]]);
    this.setReader("proxywhirl_uptime_seconds", () => [[[], this.#uptimeS]]);
    this.setReader("proxywhirl_build_info", () => [[[options.version, runtime.toLowerCase()], 1]]);
  }

  /** An action ended: its name, 200 or the code of its error, and how long it took. */
  recordAction(action: string, code: number, durationMs: number): void {
    this.#registry.add("proxywhirl_actions_total", [action, String(code)]);
    this.#registry.observe("proxywhirl_action_duration_seconds", [action], durationMs / 1000);
  }

  /** A request ended: the verdict on its answer, or why there was none, and how long it took. */
  recordRequest(result: string, durationMs: number): void {
    this.#registry.add("proxywhirl_requests_total", [result]);
    this.#registry.observe("proxywhirl_request_duration_seconds", [], durationMs / 1000);
  }

  /** An attempt ended. */
  recordAttempt(verdict: string, durationMs: number): void {
    this.#registry.add("proxywhirl_attempts_total", [verdict]);
    this.#registry.observe("proxywhirl_attempt_duration_seconds", [], durationMs / 1000);
  }

  /** A connection was opened, or was not: at which stage it ended, and how. */
  recordDial(stage: string, outcome: string): void {
    this.#registry.add("proxywhirl_dials_total", [stage, outcome]);
  }

  /** Proxies were tried against judges. */
  recordTrials(valid: number, invalid: number): void {
    this.#registry.add("proxywhirl_trials_total", ["valid"], valid);
    this.#registry.add("proxywhirl_trials_total", ["invalid"], invalid);
  }

  /** A write to the database ended; `reason` says why it failed. */
  recordStoreWrite(operation: string, durationMs: number, reason?: string): void {
    this.#registry.observe("proxywhirl_store_write_duration_seconds", [operation], durationMs / 1000);
    if (reason !== undefined) this.#registry.add("proxywhirl_store_errors_total", [reason]);
  }

  /** Says how a gauge is read from now on. */
  setReader(name: MetricName, read: () => Iterable<Reading>): void {
    this.#registry.setReader(name, read);
  }

  /** Calls back for every duration from now on; one listener at a time. */
  onObservation(listener: ObservationListener | undefined): void {
    this.#registry.onObservation(listener);
  }

  /** All metrics at this moment. Cost: O(pool). */
  collect(): readonly MetricFamily[] {
    return this.#registry.collect();
  }

  /** The metrics in the text format of Prometheus; see `PROMETHEUS_CONTENT_TYPE`. Cost: O(pool). */
  prometheus(): string {
    return prometheusText(this.collect());
  }

  /** The metrics as JSON: the content of `proxy://metrics`. Cost: O(pool). */
  snapshot(): MetricsSnapshot {
    const { byProtocol, byStatus, inFlight } = this.#countProxies();
    const dials = this.#registry.samples("proxywhirl_dials_total");
    const failed = dials.filter(({ labels }) => labels[1] !== "ok");
    return {
      uptime_s: Math.round(this.#uptimeS),
      proxies: { total: this.#rotator.size, by_status: byStatus, by_protocol: byProtocol },
      open_circuits: this.#rotator.poolStatus().openCircuits,
      leases_in_flight: inFlight,
      sessions: this.#rotator.sessionCount,
      actions: this.#actions(),
      requests: {
        ...this.#durations("proxywhirl_request_duration_seconds"),
        by_result: this.#by("proxywhirl_requests_total"),
      },
      attempts: {
        ...this.#durations("proxywhirl_attempt_duration_seconds"),
        by_verdict: this.#by("proxywhirl_attempts_total"),
      },
      dials: {
        ok: total(dials) - total(failed),
        failed: total(failed),
        failed_by_stage: sumBy(failed, 0),
        failed_by_outcome: sumBy(failed, 1),
      },
      connections: total(this.#registry.samples("proxywhirl_connections")),
      trials: this.#by("proxywhirl_trials_total"),
      sources: this.#by("proxywhirl_sources"),
      store: {
        ...this.#durations("proxywhirl_store_write_duration_seconds"),
        errors: this.#by("proxywhirl_store_errors_total"),
        pending: total(this.#registry.samples("proxywhirl_store_pending")),
      },
    };
  }

  get #uptimeS(): number {
    return (this.#clock() - this.#start) / 1000;
  }

  #actions(): Record<string, ActionFigures> {
    const counts = this.#registry.samples("proxywhirl_actions_total");
    const times = this.#registry.samples("proxywhirl_action_duration_seconds");
    return Object.fromEntries(times.map(({ histogram, labels: [action = ""] }) => {
      const failed = counts.filter(({ labels }) => labels[0] === action && labels[1] !== "200");
      return [action, { ...figures([histogram]), errors: sumBy(failed, 1) }];
    }));
  }

  #durations(name: MetricName): DurationFigures {
    return figures(this.#registry.samples(name).map(({ histogram }) => histogram));
  }

  /** Values by the first label, those of zero left out. */
  #by(name: MetricName): Record<string, number> {
    return sumBy(this.#registry.samples(name).filter(({ value }) => value !== 0), 0);
  }

  #countProxies(): ProxyCounts {
    const byStatus = zeros(STATUSES);
    const byProtocol = zeros(PROTOCOLS);
    const both = new Map<string, number>();
    let inFlight = 0;
    for (const proxy of this.#rotator.proxies()) {
      const { protocol, status } = proxy;
      byStatus[status]++;
      byProtocol[protocol]++;
      inFlight += proxy.inFlight;
      const key = `${status} ${protocol}`;
      both.set(key, (both.get(key) ?? 0) + 1);
    }
    const readings = STATUSES.flatMap((status) =>
      PROTOCOLS.map((protocol): Reading => [[status, protocol], both.get(`${status} ${protocol}`) ?? 0])
    );
    return { byStatus, byProtocol, inFlight, readings };
  }
}

interface ProxyCounts {
  readonly byStatus: Record<HealthStatus, number>;
  readonly byProtocol: Record<Protocol, number>;
  readonly inFlight: number;
  readonly readings: readonly Reading[];
}

interface Counted {
  readonly labels: readonly string[];
  readonly value: number;
}

const STATUSES = LABEL_VALUES.status as readonly HealthStatus[];

function zeros<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
}

function total(samples: readonly Counted[]): number {
  return samples.reduce((sum, { value }) => sum + value, 0);
}

function sumBy(samples: readonly Counted[], label: number): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { labels, value } of samples) {
    const key = labels[label] ?? "";
    sums[key] = (sums[key] ?? 0) + value;
  }
  return sums;
}

function figures(histograms: readonly (HistogramData | undefined)[]): DurationFigures {
  let count = 0;
  let sum = 0;
  const buckets = new Array<number>(BUCKETS_S.length + 1).fill(0);
  for (const histogram of histograms) {
    count += histogram?.count ?? 0;
    sum += histogram?.sum ?? 0;
    histogram?.buckets.forEach((value, index) => buckets[index] = (buckets[index] ?? 0) + value);
  }
  return { count, avg_ms: count === 0 ? 0 : toMs(sum / count), p95_ms: toMs(quantile(buckets, count, 0.95)) };
}

function quantile(buckets: readonly number[], count: number, share: number): number {
  if (count === 0) return 0;
  let upTo = 0;
  const at = buckets.findIndex((value) => (upTo += value) >= share * count);
  return BUCKETS_S[Math.min(at, BUCKETS_S.length - 1)] ?? 0;
}

function toMs(seconds: number): number {
  return Math.round(seconds * 100_000) / 100;
}
