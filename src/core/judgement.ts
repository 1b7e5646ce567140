/** Says of each proxy why it can or cannot be chosen, for errors and for `explain`. */

import type { RejectionCounts } from "./errors.ts";
import type { ProxyEntry } from "./proxy_entry.ts";
import type { TargetState } from "./target_state.ts";
import type { ViewCriteria } from "./views.ts";

/** Why a proxy is left out. */
export type RejectionReason =
  | "region"
  | "protocol"
  | "tag"
  | "strategy"
  | "circuit_open"
  | "probe_in_flight"
  | "in_exclusive_use"
  | "already_tried"
  | "target_cooling_down"
  | "ejected_on_target"
  | "paced";

/** What is asked for. */
export interface Inquiry {
  /** Time, ms on the rotator's clock. */
  readonly now: number;
  /** Criteria without the target. */
  readonly criteria: ViewCriteria;
  /** Whether the strategy would ever choose a proxy; absent, it may choose all. */
  readonly allows?: (entry: ProxyEntry) => boolean;
  /** State of the target, if known. */
  readonly target: TargetState | undefined;
  /** Ids already tried. */
  readonly exclude: ReadonlySet<string> | undefined;
  /** Session that asks. */
  readonly session: string | undefined;
  /** When a session's hold on a proxy ends, if nobody uses it until then, ms on the rotator's clock. */
  readonly heldUntil?: (session: string) => number | undefined;
}

/** Why one proxy can or cannot be chosen. */
export interface Judgement {
  /** Why not; `null` when it is eligible. */
  readonly reason: RejectionReason | null;
  /** When that ends by itself, ms on the rotator's clock. */
  readonly freeAt?: number;
}

const ELIGIBLE: Judgement = Object.freeze({ reason: null });

/**
 * Judges one proxy. The reasons are checked in the order in which they outlast each other; the time is that at
 * which all that end by themselves have ended.
 */
export function judge(entry: ProxyEntry, inquiry: Inquiry): Judgement {
  const { criteria, now, target } = inquiry;
  if (criteria.region !== undefined && entry.region !== criteria.region) return { reason: "region" };
  if (criteria.protocol !== undefined && entry.protocol !== criteria.protocol) return { reason: "protocol" };
  if (criteria.tag !== undefined && !entry.tags.includes(criteria.tag)) return { reason: "tag" };
  if (inquiry.allows?.(entry) === false) return { reason: "strategy" };
  if (entry.breaker.state === "open") {
    const { freeAt = 0 } = target === undefined ? ELIGIBLE : judgeOnTarget(entry, target, now);
    return { reason: "circuit_open", freeAt: Math.max(entry.breaker.openUntil, freeAt) };
  }
  if (!entry.breaker.isAvailable) return { reason: "probe_in_flight" };
  if (entry.exclusiveTo !== null && entry.exclusiveTo !== inquiry.session) {
    const freeAt = inquiry.heldUntil?.(entry.exclusiveTo);
    return { reason: "in_exclusive_use", ...(freeAt !== undefined && { freeAt }) };
  }
  if (inquiry.exclude?.has(entry.id)) return { reason: "already_tried" };
  return target === undefined ? ELIGIBLE : judgeOnTarget(entry, target, now);
}

/** Judges a proxy that is fine by itself on one target. */
export function judgeOnTarget(entry: ProxyEntry, target: TargetState, now: number): Judgement {
  const pair = target.pair(entry);
  const ejectedUntil = pair?.ejection?.state === "open" ? pair.ejection.openUntil : 0;
  const freeAt = Math.max(target.coolUntil, ejectedUntil, pair?.nextFreeAt ?? 0);
  if (target.coolUntil > now) return { reason: "target_cooling_down", freeAt };
  if (pair?.ejection?.state === "open") return { reason: "ejected_on_target", freeAt };
  if (pair?.ejection?.isAvailable === false) return { reason: "probe_in_flight" };
  if (pair !== undefined && pair.nextFreeAt > now) return { reason: "paced", freeAt: pair.nextFreeAt };
  return ELIGIBLE;
}

/** Judgements of many proxies. */
export interface Verdicts {
  /** How many can be chosen. */
  readonly eligible: number;
  /** The others, by reason. */
  readonly counts: RejectionCounts;
  /** When the first of the others frees up, ms on the rotator's clock. */
  readonly nextAt?: number;
}

/** Judges a whole pool. Cost: O(pool); for errors and explanations only. */
export function judgeAll(entries: Iterable<ProxyEntry>, inquiry: Inquiry): Verdicts {
  const counts: Record<string, number> = {};
  let eligible = 0;
  let nextAt = Infinity;
  for (const entry of entries) {
    const { reason, freeAt } = judge(entry, inquiry);
    if (reason === null) eligible++;
    else counts[reason] = (counts[reason] ?? 0) + 1;
    if (freeAt !== undefined && freeAt < nextAt) nextAt = freeAt;
  }
  return nextAt === Infinity ? { eligible, counts } : { eligible, counts, nextAt };
}

const WORDS: Readonly<Record<RejectionReason, string>> = {
  region: "in another region",
  protocol: "of another protocol",
  tag: "without the tag",
  strategy: "ruled out by the strategy",
  circuit_open: "resting after failures (circuit open)",
  probe_in_flight: "being probed",
  in_exclusive_use: "in exclusive use",
  already_tried: "already tried",
  target_cooling_down: "held back because the target asked everybody to wait",
  ejected_on_target: "refused by the target lately",
  paced: "waiting for their pace on the target",
};

/** Counts as a phrase: `3 in another region, 2 already tried`. */
export function describeCounts(counts: RejectionCounts): string {
  const parts = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  return parts.map(([reason, count]) => `${count} ${WORDS[reason as RejectionReason] ?? reason}`).join(", ");
}
