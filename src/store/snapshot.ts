/** Arithmetic on proxies at rest: new ones, metadata merged in, counters added and subtracted. Pure. */

import type { ProxyMetadata, ProxySnapshot } from "../core/types.ts";
import type { NewProxy, ProxyCounters, ProxyDelta, ProxyState } from "./store.ts";

/** The metadata of a {@linkcode ProxySnapshot}: every member known, `null` for "not known". */
export type KnownMetadata = Required<ProxyMetadata>;

/** Counters of a proxy that was never used. */
export const NO_COUNTERS: ProxyCounters = Object.freeze({
  requestsStarted: 0,
  totalSuccesses: 0,
  totalFailures: 0,
  latencySumMs: 0,
  latencyCount: 0,
});

const NO_METADATA: KnownMetadata = Object.freeze({
  region: null,
  city: null,
  asn: null,
  tags: Object.freeze([]),
  weight: null,
  cost: null,
  source: null,
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The proposed id in lower case, if it is one. */
export function wishedId(proxy: NewProxy): string | undefined {
  const id = proxy.id?.toLowerCase();
  return id !== undefined && UUID.test(id) ? id : undefined;
}

/** A proxy that was never used. */
export function newSnapshot(id: string, proxy: NewProxy, addedAt: number): ProxySnapshot {
  return {
    id,
    url: proxy.url,
    addedAt,
    ...mergeMetadata(NO_METADATA, proxy),
    status: "unknown",
    ...NO_COUNTERS,
    emaLatencyMs: null,
    consecutiveFailures: 0,
    consecutiveSuccesses: 0,
    lastCheckAt: null,
    lastSuccessAt: null,
    lastFailureAt: null,
    circuit: { state: "closed", openUntil: null, timesOpened: 0 },
  };
}

/** The proxy to be kept, with what is known of it: what is not known here may be known elsewhere. */
export function toNewProxy(
  { id, url, region, city, asn, tags, weight, cost, source }: ProxySnapshot,
): NewProxy {
  return {
    id,
    url,
    ...(region !== null && { region }),
    ...(city !== null && { city }),
    ...(asn !== null && { asn }),
    ...(tags.length > 0 && { tags }),
    ...(weight !== null && { weight }),
    ...(cost !== null && { cost }),
    ...(source !== null && { source }),
  };
}

/** `current` with what is given; the **same object** when nothing differs. */
export function mergeMetadata<T extends KnownMetadata>(current: T, given: ProxyMetadata): T {
  const { city, asn, weight, cost, source } = given;
  const region = given.region?.toUpperCase() ?? given.region;
  const hasChanged = differs(region, current.region) || differs(city, current.city) ||
    differs(asn, current.asn) || differs(weight, current.weight) || differs(cost, current.cost) ||
    differs(source, current.source) || (given.tags !== undefined && !sameTags(given.tags, current.tags));
  if (!hasChanged) return current;
  return {
    ...current,
    region: region === undefined ? current.region : region,
    city: city === undefined ? current.city : city,
    asn: asn === undefined ? current.asn : asn,
    tags: given.tags === undefined ? current.tags : [...given.tags],
    weight: weight === undefined ? current.weight : weight,
    cost: cost === undefined ? current.cost : cost,
    source: source === undefined ? current.source : source,
  };
}

function differs<T>(given: T | undefined, current: T): boolean {
  return given !== undefined && given !== current;
}

function sameTags(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((tag, index) => tag === right[index]);
}

/** Without its URL. */
export function withoutUrl({ url: _, ...metadata }: NewProxy): Omit<NewProxy, "url"> {
  return metadata;
}

/** Whether it was ever used. */
export function hasCounted({ requestsStarted, totalSuccesses, totalFailures }: ProxyCounters): boolean {
  return requestsStarted > 0 || totalSuccesses > 0 || totalFailures > 0;
}

/** Only the counters. */
export function countersOf(from: ProxyCounters): ProxyCounters {
  return {
    requestsStarted: from.requestsStarted,
    totalSuccesses: from.totalSuccesses,
    totalFailures: from.totalFailures,
    latencySumMs: from.latencySumMs,
    latencyCount: from.latencyCount,
  };
}

/** Only the state. */
export function stateOf(from: ProxyState): ProxyState {
  return {
    status: from.status,
    emaLatencyMs: from.emaLatencyMs,
    consecutiveFailures: from.consecutiveFailures,
    consecutiveSuccesses: from.consecutiveSuccesses,
    lastCheckAt: from.lastCheckAt,
    lastSuccessAt: from.lastSuccessAt,
    lastFailureAt: from.lastFailureAt,
    circuit: from.circuit,
  };
}

/** What has been counted since `baseline`. */
export function deltaSince(baseline: ProxyCounters, now: ProxySnapshot): ProxyDelta {
  return {
    id: now.id,
    requestsStarted: now.requestsStarted - baseline.requestsStarted,
    totalSuccesses: now.totalSuccesses - baseline.totalSuccesses,
    totalFailures: now.totalFailures - baseline.totalFailures,
    latencySumMs: now.latencySumMs - baseline.latencySumMs,
    latencyCount: now.latencyCount - baseline.latencyCount,
    state: stateOf(now),
  };
}

/** The proxy after the delta. */
export function addDelta(snapshot: ProxySnapshot, delta: ProxyDelta): ProxySnapshot {
  return {
    ...snapshot,
    ...delta.state,
    requestsStarted: snapshot.requestsStarted + delta.requestsStarted,
    totalSuccesses: snapshot.totalSuccesses + delta.totalSuccesses,
    totalFailures: snapshot.totalFailures + delta.totalFailures,
    latencySumMs: snapshot.latencySumMs + delta.latencySumMs,
    latencyCount: snapshot.latencyCount + delta.latencyCount,
  };
}
