/** How a proxy fares on each of its targets, and whether it may go there now. */

import { judgeOnTarget, type RejectionReason } from "./judgement.ts";
import type { PairSnapshot } from "./learned.ts";
import type { ProxyEntry } from "./proxy_entry.ts";

/** One proxy on one target, now. */
export interface TargetRecord {
  /** What was learned there. */
  readonly pair: PairSnapshot;
  /** Latency to be expected, ms, in which a failure counts as a large latency; `null` without a sample. */
  readonly expectedLatencyMs: number | null;
  /** Why it may not go there now; `null` when it may. The proxy's own circuit does not count. */
  readonly reason: RejectionReason | null;
  /** When that ends by itself, ms from now. */
  readonly freeInMs?: number;
}

/** All records of a proxy, latest first. Cost: O(targets of the proxy). */
export function targetRecords(entry: ProxyEntry, now: number, wallOffset: number): TargetRecord[] {
  const records = [...entry.targets ?? []].flatMap((target) => {
    target.advance(now);
    const pair = target.pair(entry);
    if (pair === undefined) return [];
    const { reason, freeAt } = judgeOnTarget(entry, target, now);
    return [{
      pair: { proxyId: entry.id, target: target.name, ...pair.snapshot(wallOffset) },
      expectedLatencyMs: target.expectedMs(entry, now) ?? null,
      reason,
      ...(freeAt !== undefined && { freeInMs: Math.max(0, freeAt - now) }),
    }];
  });
  return records.sort((a, b) => b.pair.lastAt - a.pair.lastAt);
}
