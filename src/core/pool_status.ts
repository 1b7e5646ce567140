/** The state of the whole pool, kept up to date with every change instead of counted when asked. */

import type { ProxyEntry } from "./proxy_entry.ts";
import type { HealthStatus, PoolStatusName } from "./types.ts";

/** Figures of the whole pool. */
export interface PoolStatus {
  /** In a word. */
  readonly status: PoolStatusName;
  /** What to do, when something should be done. */
  readonly message?: string;
  /** Proxies in the pool. */
  readonly total: number;
  /** Never tried. */
  readonly unknown: number;
  /** Working. */
  readonly healthy: number;
  /** One or two failures in a row, or on the way up. */
  readonly degraded: number;
  /** Three or four failures in a row. */
  readonly unhealthy: number;
  /** Five or more failures in a row. */
  readonly dead: number;
  /** Circuits that let nothing, or only a probe, through. */
  readonly openCircuits: number;
  /** Mean success rate of the proxies with data, 0–1. */
  readonly averageSuccessRate: number;
  /** Mean of the average latencies of the proxies that have one, ms. */
  readonly averageLatencyMs: number;
  /** Requests that ended ok or dead. */
  readonly totalRequests: number;
  /** Requests that ended ok. */
  readonly totalSuccesses: number;
  /** Requests that ended dead. */
  readonly totalFailures: number;
  /** Last outcome, epoch ms; the start of the pool before the first. */
  readonly lastUpdate: number;
}

/**
 * Running sums over the pool. Whoever changes an entry calls {@linkcode subtract} before and
 * {@linkcode add} after. Rates are summed as whole billionths, so that the sums return exactly to zero.
 *
 * Cost of each call: O(1).
 */
export class PoolTotals {
  readonly #byStatus: Record<HealthStatus, number> = {
    unknown: 0,
    healthy: 0,
    degraded: 0,
    unhealthy: 0,
    dead: 0,
  };
  #total = 0;
  #openCircuits = 0;
  #successes = 0;
  #failures = 0;
  #rates = 0;
  #rated = 0;
  #latencies = 0;
  #timed = 0;

  /** Last outcome, epoch ms. */
  lastUpdate: number;

  /** @param now Epoch ms */
  constructor(now: number) {
    this.lastUpdate = now;
  }

  /** Counts an entry in. */
  add(entry: ProxyEntry): void {
    this.#count(entry, 1);
  }

  /** Counts an entry out, as it was when it was counted in. */
  subtract(entry: ProxyEntry): void {
    this.#count(entry, -1);
  }

  /** The figures now. */
  status(): PoolStatus {
    const { healthy, degraded, unhealthy, dead, unknown } = this.#byStatus;
    const verdict = this.#verdict();
    return {
      ...verdict,
      total: this.#total,
      unknown,
      healthy,
      degraded,
      unhealthy,
      dead,
      openCircuits: this.#openCircuits,
      averageSuccessRate: this.#rated === 0 ? 0 : this.#rates / SCALE / this.#rated,
      averageLatencyMs: this.#timed === 0 ? 0 : this.#latencies / LATENCY_SCALE / this.#timed,
      totalRequests: this.#successes + this.#failures,
      totalSuccesses: this.#successes,
      totalFailures: this.#failures,
      lastUpdate: this.lastUpdate,
    };
  }

  /** Changes whenever health, as a subscriber sees it, does. */
  healthKey(): string {
    const { healthy, degraded, unhealthy, dead, unknown } = this.#byStatus;
    return `${healthy},${degraded},${unhealthy},${dead},${unknown},${this.#openCircuits}`;
  }

  #verdict(): { status: PoolStatusName; message?: string } {
    const known = this.#total - this.#byStatus.unknown;
    if (this.#total === 0) return { status: "empty", message: "The pool is empty. Add proxies first." };
    if (known === 0) {
      return {
        status: "degraded",
        message: "No proxy has been tried yet. Use or validate some to know their health.",
      };
    }
    const share = this.#byStatus.healthy / known;
    if (share >= 0.7) return { status: "healthy" };
    return { status: share >= 0.3 ? "degraded" : "critical" };
  }

  #count(entry: ProxyEntry, sign: 1 | -1): void {
    this.#total += sign;
    this.#byStatus[entry.status] += sign;
    if (entry.breaker.state !== "closed") this.#openCircuits += sign;
    this.#successes += sign * entry.totalSuccesses;
    this.#failures += sign * entry.totalFailures;
    if (entry.totalRequests > 0) {
      this.#rated += sign;
      this.#rates += sign * Math.round(entry.successRate * SCALE);
    }
    if (entry.latencyCount > 0) {
      this.#timed += sign;
      this.#latencies += sign * Math.round(entry.avgLatencyMs * LATENCY_SCALE);
    }
  }
}

const SCALE = 1e9;
const LATENCY_SCALE = 1e3;
