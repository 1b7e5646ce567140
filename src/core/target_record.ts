/** How a proxy fares on each of its targets, and whether it may go there now. */

import { judgeOnTarget, type RejectionReason } from "./judgement.ts";
import type { PairSnapshot } from "./learned.ts";
import type { ProxyEntry } from "./proxy_entry.ts";
import type { TargetState } from "./target_state.ts";

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

/** How the whole pool fares on one target. */
export interface TargetOverview {
  /** Proxies seen there. */
  readonly seen: number;
  /** Their requests there that ended ok. */
  readonly successes: number;
  /** Those that the site refused. */
  readonly blocks: number;
  /** Those in which the proxy failed. */
  readonly deads: number;
  /** Some of the proxies: those that may not go there now first, then the latest. */
  readonly records: readonly TargetRecord[];
}

/** All records of a proxy, latest first. Cost: O(targets of the proxy). */
export function targetRecords(entry: ProxyEntry, now: number, wallOffset: number): TargetRecord[] {
  const records = [...entry.targets ?? []].flatMap((target) => {
    target.advance(now);
    return recordOf(entry, target, now, wallOffset);
  });
  return records.sort((a, b) => b.pair.lastAt - a.pair.lastAt);
}

/** The overview of a target with at most so many records. Cost: O(proxies seen there), and a step for each record. */
export function targetOverview(
  target: TargetState,
  limit: number,
  now: number,
  wallOffset: number,
): TargetOverview {
  target.advance(now);
  const totals = { seen: 0, successes: 0, blocks: 0, deads: 0 };
  const first: Ranked[] = [];
  for (const entry of target.entries()) {
    const pair = target.peekPair(entry);
    if (pair === undefined) continue;
    totals.seen++;
    totals.successes += pair.successes;
    totals.blocks += pair.blocks;
    totals.deads += pair.deads;
    insert(first, { entry, isFree: pair.isFree(now), lastAt: pair.lastAt }, limit);
  }
  return { ...totals, records: first.flatMap(({ entry }) => recordOf(entry, target, now, wallOffset)) };
}

interface Ranked {
  readonly entry: ProxyEntry;
  readonly isFree: boolean;
  readonly lastAt: number;
}

function goesBefore(a: Ranked, b: Ranked): boolean {
  return a.isFree === b.isFree ? a.lastAt > b.lastAt : b.isFree;
}

/** Puts an item into a short sorted list, unless the list is full of better ones. */
function insert(list: Ranked[], item: Ranked, limit: number): void {
  const last = list[limit - 1];
  if (limit < 1 || (last !== undefined && !goesBefore(item, last))) return;
  if (last !== undefined) list.pop();
  let place = list.length;
  while (place > 0 && goesBefore(item, list[place - 1] as Ranked)) place--;
  list.splice(place, 0, item);
}

function recordOf(
  entry: ProxyEntry,
  target: TargetState,
  now: number,
  wallOffset: number,
): readonly TargetRecord[] {
  const pair = target.peekPair(entry);
  if (pair === undefined) return [];
  const { reason, freeAt } = judgeOnTarget(entry, target, now);
  return [{
    pair: { proxyId: entry.id, target: target.name, ...pair.snapshot(wallOffset) },
    expectedLatencyMs: target.expectedMs(entry, now) ?? null,
    reason,
    ...(freeAt !== undefined && { freeInMs: Math.max(0, freeAt - now) }),
  }];
}
