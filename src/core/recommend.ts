/**
 * Finds the proxy to use when the request matters, and says why.
 *
 * Reliability is the success rate with one success and one failure added (Laplace's rule of succession), so
 * that one lucky request does not beat a thousand good ones. Speed falls from 1 at 0 ms to 0 at 1 s.
 */

import type { PoolProxy, ProxyEntry } from "./proxy_entry.ts";
import type { TargetState } from "./target_state.ts";
import type { PerformanceTier, Verdict } from "./types.ts";

/** A recommended proxy and those next in line. */
export interface Recommendation {
  /** The proxy. */
  readonly proxy: PoolProxy;
  /** 0–1, two decimals. */
  readonly score: number;
  /** Why this one. */
  readonly reason: string;
  /** At most three others, best first. */
  readonly alternatives: readonly Alternative[];
}

/** A proxy next in line. */
export interface Alternative {
  /** The proxy. */
  readonly proxy: PoolProxy;
  /** 0–1, two decimals. */
  readonly score: number;
  /** Why it is next in line. */
  readonly reason: string;
}

/** What a recommendation is for. */
export interface RecommendRequest {
  /** What matters most. */
  readonly tier: PerformanceTier;
  /** Country asked for, upper case. */
  readonly region: string | undefined;
  /** Whether the strategy would ever choose a proxy. */
  readonly allows: (entry: ProxyEntry) => boolean;
  /** Target asked for, if anything is known of it. */
  readonly target: TargetState | undefined;
  /** Its name, even if nothing is. */
  readonly targetName?: string | undefined;
  /** Time, ms on the rotator's clock. */
  readonly now: number;
  /** The same moment, epoch ms. */
  readonly wallNow: number;
}

interface Rated {
  readonly entry: ProxyEntry;
  readonly rank: number;
  readonly score: number;
  readonly latencyMs: number | undefined;
}

const ALTERNATIVES = 3;

/** The best of the candidates, or undefined without any. Cost: O(candidates). */
export function recommendFrom(
  candidates: Iterable<ProxyEntry>,
  request: RecommendRequest,
): Recommendation | undefined {
  const best: Rated[] = [];
  let isAnyTried = false;
  for (const entry of candidates) {
    if (request.target !== undefined && !request.target.isFree(entry, request.now)) continue;
    if (!request.allows(entry)) continue;
    isAnyTried ||= entry.totalRequests > 0;
    const rated = rate(entry, request);
    const worst = best[ALTERNATIVES];
    if (worst !== undefined && !isBetter(rated, worst, request.tier)) continue;
    const place = best.findIndex((other) => isBetter(rated, other, request.tier));
    best.splice(place < 0 ? best.length : place, 0, rated);
    if (best.length > ALTERNATIVES + 1) best.pop();
  }
  const [first, ...others] = best;
  if (first === undefined) return undefined;
  return {
    proxy: first.entry,
    score: first.score,
    reason: reasonFor(first, request, isAnyTried),
    alternatives: others.map((other) => ({
      proxy: other.entry,
      score: other.score,
      reason: alternativeReason(other, request),
    })),
  };
}

function rate(entry: ProxyEntry, request: RecommendRequest): Rated {
  const pair = request.target?.pair(entry);
  const onTarget = pair !== undefined && pair.requests > 0;
  const successes = onTarget ? pair.successes : entry.totalSuccesses;
  const requests = onTarget ? pair.requests : entry.totalRequests;
  const latencyMs = pair?.expectedMs(request.now) ??
    (entry.latencyCount > 0 ? entry.avgLatencyMs : undefined);
  const reliability = (successes + 1) / (requests + 2);
  const speed = latencyMs === undefined ? 0 : Math.max(0, 1 - latencyMs / 1000);
  const score = latencyMs === undefined ? reliability : (reliability + speed) / 2;
  return {
    entry,
    rank: rankOf(reliability, speed, request.tier),
    score: Math.round(score * 100) / 100,
    latencyMs,
  };
}

function rankOf(reliability: number, speed: number, tier: PerformanceTier): number {
  if (tier === "high") return reliability * speed;
  if (tier === "medium") return 0.7 * reliability + 0.3 * speed;
  return reliability;
}

function isBetter(a: Rated, b: Rated, tier: PerformanceTier): boolean {
  if (a.rank !== b.rank) return a.rank > b.rank;
  const costA = a.entry.cost ?? 0;
  const costB = b.entry.cost ?? 0;
  if (tier === "low" && costA !== costB) return costA < costB;
  if (a.score !== b.score) return a.score > b.score;
  return a.entry.requestsStarted < b.entry.requestsStarted;
}

function reasonFor(rated: Rated, request: RecommendRequest, isAnyTried: boolean): string {
  const { entry, latencyMs } = rated;
  const region = request.region === undefined ? "" : ` in ${request.region} region`;
  const start = `Best ${request.tier} performance proxy${region}`;
  const pair = request.target?.pair(entry);
  const seen = pair?.requests ?? 0;
  const speed = latencyMs === undefined ? "" : `, ${Math.round(latencyMs)} ms`;
  if (pair !== undefined && seen > 0) {
    const fresh = `, last ${LAST[pair.lastVerdict ?? "ok"]} ${ago(request.now - pair.lastAt)}`;
    return `${start} for ${request.target?.name}: ${pair.successes} of ${seen} requests there ok${speed}${fresh}`;
  }
  if (entry.totalRequests === 0) {
    return `${start}: not tried yet, and ${
      isAnyTried ? "those with a record did worse" : "no other is either"
    }`;
  }
  const at = entry.lastSuccessAt ?? entry.lastFailureAt;
  const last = entry.lastSuccessAt === null ? LAST.dead : LAST.ok;
  const fresh = at === null ? "" : `, last ${last} ${ago(request.wallNow - at)}`;
  const elsewhere = request.targetName === undefined ? "" : `; none on ${request.targetName} yet`;
  const record = `${entry.totalSuccesses} of ${entry.totalRequests} requests ok${speed}${fresh}${elsewhere}`;
  return `${start}${entry.successRate > 0.9 ? " with high reliability" : ""}: ${record}`;
}

function alternativeReason({ entry }: Rated, { target }: RecommendRequest): string {
  const pair = target?.pair(entry);
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  if (target !== undefined && pair !== undefined && pair.requests > 0) {
    return `Alternative with ${percent(pair.successes / pair.requests)} success rate on ${target.name}`;
  }
  if (entry.totalRequests === 0) return "Alternative not tried yet";
  return `Alternative with ${percent(entry.successRate)} success rate`;
}

const LAST: Readonly<Record<Verdict, string>> = {
  ok: "ok",
  blocked: "refused",
  dead: "failed",
  target_error: "failed",
  aborted: "given up",
};

/** `just now`, `3 min ago`, `5 h ago`, `4 days ago`. A clock that was set back makes no past of the future. */
function ago(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}
