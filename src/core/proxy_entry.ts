/**
 * One proxy of the pool with its counters, its health and its circuit breaker.
 *
 * Two faces: {@linkcode PoolProxy} is what callers see and cannot change; `ProxyEntry` is what the rotator
 * works with. Hundreds of thousands of these live at once, so the parts of the URL are read when asked for
 * and nothing is kept that can be derived.
 */

import { CircuitBreaker } from "./circuit_breaker.ts";
import { type ProxyUrl, splitHref } from "./proxy_url.ts";
import { redactUrl } from "./redact.ts";
import type { PairState } from "./pair_state.ts";
import type { TargetState } from "./target_state.ts";
import type { CircuitState, HealthStatus, Protocol, ProxyMetadata, ProxySnapshot } from "./types.ts";

/** A proxy of the pool, as callers see it. Members change as requests are reported. */
export interface PoolProxy {
  /** UUID, kept for ever. */
  readonly id: string;
  /** Canonical URL **with credentials**: for dialling, never for a person or a model. */
  readonly url: string;
  /** The URL without credentials. */
  readonly publicUrl: string;
  /** How to speak to it. */
  readonly protocol: Protocol;
  /** Its parts: host, port, user name and password. */
  readonly endpoint: ProxyUrl;
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
  /** Cost of a request, in any one unit. */
  readonly cost: number | null;
  /** Where it came from. */
  readonly source: string | null;
  /** When it was first added, epoch ms. */
  readonly addedAt: number;
  /** Place in the order of adding, from 1; never given twice in the life of a rotator, and not kept on disk. */
  readonly ordinal: number;
  /** Health of the proxy itself. */
  readonly status: HealthStatus;
  /** Requests handed out, finished or not. */
  readonly requestsStarted: number;
  /** Requests handed out and not reported yet. */
  readonly inFlight: number;
  /** Requests that ended ok or dead. */
  readonly totalRequests: number;
  /** Requests that ended ok. */
  readonly totalSuccesses: number;
  /** Requests that ended dead. */
  readonly totalFailures: number;
  /** Successes / (successes + failures), 0 without data. */
  readonly successRate: number;
  /** Arithmetic mean, ms; 0 without data. */
  readonly avgLatencyMs: number;
  /** Exponential moving average, alpha 0.2, ms; `null` without data. */
  readonly emaLatencyMs: number | null;
  /** Dead outcomes since the last ok. */
  readonly consecutiveFailures: number;
  /** Ok outcomes since the last dead. */
  readonly consecutiveSuccesses: number;
  /** Last ok or dead, epoch ms. */
  readonly lastCheckAt: number | null;
  /** Last ok, epoch ms. */
  readonly lastSuccessAt: number | null;
  /** Last dead, epoch ms. */
  readonly lastFailureAt: number | null;
  /** State of the circuit breaker. */
  readonly circuit: CircuitState;
}

const EMA_ALPHA = 0.2;
const NONE = -0.5;
/** Stands for the circuit breaker of the many proxies that never failed. Nothing that it is asked changes it. */
const CLOSED: CircuitBreaker = new CircuitBreaker();
const NO_TAGS: readonly string[] = Object.freeze([]);

/**
 * A proxy of the pool, as the rotator works with it.
 *
 * What every request touches comes first and so lies together: in a large pool the time of a choice is the time
 * to fetch what no cache holds.
 */
export class ProxyEntry implements PoolProxy {
  /** Small integer, unique in the pool while the proxy is in it: index into per-proxy arrays. */
  readonly slot: number;
  requestsStarted = 0;
  inFlight = 0;
  /** Session that holds it alone, if any. */
  exclusiveTo: string | null = null;
  #breaker: CircuitBreaker | undefined;
  /** False once it left the pool. */
  isPooled = true;
  /** Whether it stands in the views of eligible proxies. */
  isInViews = false;
  /** When its circuit closed after having been open, whole ms on the rotator's clock. */
  recoveredAt = -1_000_000_000;
  /** The target looked up last for this proxy, and its pair there. */
  latestTarget: TargetState | undefined;
  latestPair: PairState | undefined;
  status: HealthStatus = "unknown";
  totalSuccesses = 0;
  totalFailures = 0;
  latencyCount = 0;
  latencySumMs = 0;
  // Numbers that are never null stay unboxed: these are written with every report.
  #emaLatencyMs = NONE;
  #lastSuccessAt = NONE;
  #lastFailureAt = NONE;
  consecutiveFailures = 0;
  consecutiveSuccesses = 0;
  region: string | null = null;
  readonly protocol: Protocol;
  tags: readonly string[] = NO_TAGS;
  weight: number | null = null;
  cost: number | null = null;

  readonly id: string;
  readonly url: string;
  readonly addedAt: number;
  /** Set by the pool. */
  ordinal = 0;
  city: string | null = null;
  asn: number | null = null;
  source: string | null = null;
  /** Targets that hold a pair of it; made with the first. */
  targets: Set<TargetState> | undefined;

  /**
   * @param id UUID
   * @param url Canonical URL
   * @param protocol Protocol of the URL
   * @param slot Free slot of the pool
   * @param addedAt Epoch ms
   */
  constructor(id: string, url: string, protocol: Protocol, slot: number, addedAt: number) {
    this.id = id;
    this.url = url;
    this.protocol = protocol;
    this.slot = slot;
    this.addedAt = addedAt;
  }

  get publicUrl(): string {
    return redactUrl(this.url);
  }

  get endpoint(): ProxyUrl {
    return splitHref(this.url);
  }

  get totalRequests(): number {
    return this.totalSuccesses + this.totalFailures;
  }

  get successRate(): number {
    const total = this.totalRequests;
    return total === 0 ? 0 : this.totalSuccesses / total;
  }

  get avgLatencyMs(): number {
    return this.latencyCount === 0 ? 0 : this.latencySumMs / this.latencyCount;
  }

  get emaLatencyMs(): number | null {
    return orNull(this.#emaLatencyMs);
  }

  get lastCheckAt(): number | null {
    return orNull(Math.max(this.#lastSuccessAt, this.#lastFailureAt));
  }

  get lastSuccessAt(): number | null {
    return orNull(this.#lastSuccessAt);
  }

  get lastFailureAt(): number | null {
    return orNull(this.#lastFailureAt);
  }

  get circuit(): CircuitState {
    return this.breaker.state;
  }

  /** The circuit breaker, to be asked. */
  get breaker(): CircuitBreaker {
    return this.#breaker ?? CLOSED;
  }

  /** The circuit breaker, to be changed: made when first needed. */
  get ownBreaker(): CircuitBreaker {
    return this.#breaker ??= new CircuitBreaker();
  }

  /**
   * Records an ok. One lifts unknown and degraded to healthy; from unhealthy and dead it leads to degraded,
   * and only three in a row to healthy. A degraded proxy on its way up is told by its earlier ok: one that
   * came down from healthy has had none since.
   */
  succeed(at: number): void {
    this.totalSuccesses++;
    this.consecutiveFailures = 0;
    this.consecutiveSuccesses++;
    this.#lastSuccessAt = at;
    if (this.status === "unhealthy" || this.status === "dead") {
      this.consecutiveSuccesses = 1;
      this.status = "degraded";
    } else if (this.status !== "degraded" || this.consecutiveSuccesses !== 2) this.status = "healthy";
  }

  /** Records a dead outcome: 1, 3 and 5 in a row make degraded, unhealthy and dead. */
  fail(at: number): void {
    this.totalFailures++;
    this.consecutiveSuccesses = 0;
    this.consecutiveFailures++;
    this.#lastFailureAt = at;
    if (this.consecutiveFailures >= 5) this.status = "dead";
    else if (this.consecutiveFailures >= 3) this.status = "unhealthy";
    else this.status = "degraded";
  }

  /** Adds a latency to the mean and the moving average. */
  addLatency(latencyMs: number): void {
    this.latencySumMs += latencyMs;
    this.latencyCount++;
    const ema = this.#emaLatencyMs;
    this.#emaLatencyMs = ema === NONE ? latencyMs : EMA_ALPHA * latencyMs + (1 - EMA_ALPHA) * ema;
  }

  /** Takes over what is given; `undefined` leaves a member, `null` clears it. Answers whether that changed anything. */
  describe(metadata: ProxyMetadata): boolean {
    const { region, city, asn, tags, weight, cost, source } = this;
    if (metadata.region !== undefined) this.region = metadata.region?.toUpperCase() ?? null;
    if (metadata.city !== undefined) this.city = metadata.city;
    if (metadata.asn !== undefined) this.asn = metadata.asn;
    if (metadata.tags !== undefined && !haveSame(metadata.tags, tags)) {
      this.tags = metadata.tags.length === 0 ? NO_TAGS : [...metadata.tags];
    }
    if (metadata.weight !== undefined) this.weight = metadata.weight;
    if (metadata.cost !== undefined) this.cost = metadata.cost;
    if (metadata.source !== undefined) this.source = metadata.source;
    return region !== this.region || city !== this.city || asn !== this.asn || tags !== this.tags ||
      weight !== this.weight || cost !== this.cost || source !== this.source;
  }

  /** Everything worth keeping. `wallOffset` turns the rotator's clock into epoch ms. */
  snapshot(wallOffset: number): ProxySnapshot {
    const { id, url, addedAt, region, city, asn, tags, weight, cost, source, status, requestsStarted } = this;
    const { totalSuccesses, totalFailures, latencySumMs, latencyCount, emaLatencyMs } = this;
    const { consecutiveFailures, consecutiveSuccesses, lastCheckAt, lastSuccessAt, lastFailureAt } = this;
    return {
      id,
      url,
      addedAt,
      region,
      city,
      asn,
      tags,
      weight,
      cost,
      source,
      status,
      requestsStarted,
      totalSuccesses,
      totalFailures,
      latencySumMs,
      latencyCount,
      emaLatencyMs,
      consecutiveFailures,
      consecutiveSuccesses,
      lastCheckAt,
      lastSuccessAt,
      lastFailureAt,
      circuit: this.breaker.snapshot(wallOffset),
    };
  }

  /** Takes over counters and health from a snapshot; the circuit is the rotator's business. */
  restoreCounters(from: ProxySnapshot): void {
    this.status = from.status;
    this.requestsStarted = from.requestsStarted;
    this.totalSuccesses = from.totalSuccesses;
    this.totalFailures = from.totalFailures;
    this.latencySumMs = from.latencySumMs;
    this.latencyCount = from.latencyCount;
    this.#emaLatencyMs = from.emaLatencyMs ?? NONE;
    this.consecutiveFailures = from.consecutiveFailures;
    this.consecutiveSuccesses = from.consecutiveSuccesses;
    this.#lastSuccessAt = from.lastSuccessAt ?? NONE;
    this.#lastFailureAt = from.lastFailureAt ?? NONE;
  }
}

function orNull(value: number): number | null {
  return value === NONE ? null : value;
}

function haveSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
