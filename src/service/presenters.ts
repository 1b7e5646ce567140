/** How a proxy looks from outside: the guide's keys, public URLs only, numbers rounded, times in UTC. */
import type { PoolProxy } from "../core/mod.ts";

/** The guide's six keys of a proxy. */
export interface ProxySummary {
  /** UUID. */
  readonly id: string;
  /** URL without credentials. */
  readonly url: string;
  /** Health of the proxy itself. */
  readonly status: PoolProxy["status"];
  /** 0 to 1; 0 without data. */
  readonly success_rate: number;
  /** Arithmetic mean; 0 without data. */
  readonly avg_latency_ms: number;
  /** ISO 3166-1 alpha-2, or `UNKNOWN`. */
  readonly region: string;
}

/** The summary of a proxy. */
export function presentProxy(proxy: PoolProxy): ProxySummary {
  return {
    id: proxy.id,
    url: proxy.publicUrl,
    status: proxy.status,
    success_rate: presentRate(proxy.successRate),
    avg_latency_ms: presentLatency(proxy.avgLatencyMs),
    region: presentRegion(proxy.region),
  };
}

/** A region, or `UNKNOWN`. */
export function presentRegion(region: string | null): string {
  return region ?? "UNKNOWN";
}

/** A share between 0 and 1, four decimals. */
export function presentRate(rate: number): number {
  return Math.round(rate * 10_000) / 10_000;
}

/** Milliseconds, two decimals. */
export function presentLatency(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** Milliseconds as seconds, rounded up to a tenth: who waits that long does not come too early. */
export function presentWait(ms: number): number {
  return Math.ceil(Math.max(0, ms) / 100) / 10;
}

/** Epoch milliseconds as `2024-01-15T10:30:00Z`. */
export function presentTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
