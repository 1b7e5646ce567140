/** `proxy://targets/{target}`: how the whole pool fares with one site. */
import type { ProxyOnTarget, TargetResource } from "../../../gen/models.ts";
import { setImmediate } from "node:timers";
import { type PoolProxy, type ProxyRotator, targetOf, type TargetRecord } from "../../core/mod.ts";
import { presentLatency, presentTime, presentWait } from "../presenters.ts";
import { sayCounts } from "../reasons.ts";

/** An assistant pays for every line. */
const MAX_PROXIES = 50;
/** After so many proxies others have their turn: a large pool takes a tenth of a second in all. */
const AT_ONCE = 2000;
/** A completion is wanted at once: it knows the sites of so many proxies. */
const MOST_COMPLETED = 20_000;

interface Seen {
  readonly proxy: PoolProxy;
  readonly record: TargetRecord;
}

/** The site's state; `undefined` for what is neither a URL nor a host. Cost: O(proxies and the sites of each). */
export async function presentTarget(
  rotator: ProxyRotator,
  urlOrHost: string,
): Promise<TargetResource | undefined> {
  const target = nameOf(urlOrHost);
  if (target === undefined) return undefined;
  const seen = await seenOn(rotator, target);
  const { eligible, nextFreeInMs, rejected, total } = rotator.explain({ target });
  const isCooling = (rejected["target_cooling_down"] ?? 0) > 0;
  const sum = (count: (seen: Seen) => number) => seen.reduce((all, one) => all + count(one), 0);
  const wait = nextFreeInMs === undefined ? undefined : presentWait(nextFreeInMs);
  return {
    target,
    total,
    eligible,
    rejected: { ...rejected },
    cooling_down_s: isCooling && wait !== undefined ? wait : null,
    ...(wait === undefined ? {} : { next_free_in_s: wait }),
    pacing: rotator.pacing.targets?.[target] ?? rotator.pacing.rate ?? null,
    seen: seen.length,
    successes: sum(({ record }) => record.pair.successes),
    blocks: sum(({ record }) => record.pair.blocks),
    failures: sum(({ record }) => record.pair.deads),
    proxies: seen.slice(0, MAX_PROXIES).map(presentSeen),
    message: `${eligible} of ${total} proxies may go to ${target} now` +
      (eligible === total ? "" : `; the others: ${sayCounts(rejected)}`),
  };
}

/** Names of the sites that the pool remembers and that begin with what has been typed, at most so many. Bounded. */
export function targetsLike(rotator: ProxyRotator, prefix: string, limit: number): readonly string[] {
  const start = prefix.toLowerCase();
  const names = new Set<string>();
  let count = 0;
  for (const { id } of rotator.proxies()) {
    if (++count > MOST_COMPLETED) break;
    for (const { target } of rotator.targetsOf(id, Infinity)) if (target.startsWith(start)) names.add(target);
    if (names.size >= limit) break;
  }
  return [...names].sort().slice(0, limit);
}

async function seenOn(rotator: ProxyRotator, target: string): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  let count = 0;
  for (const proxy of rotator.proxies()) {
    if (++count % AT_ONCE === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    if (rotator.getProxy(proxy.id) !== proxy) continue; // it left meanwhile
    for (const record of rotator.targetRecords(proxy.id, Infinity)) {
      if (record.pair.target === target) seen.push({ proxy, record });
    }
  }
  return seen.sort((a, b) =>
    Number(b.record.reason !== null) - Number(a.record.reason !== null) ||
    b.record.pair.lastAt - a.record.pair.lastAt
  );
}

function presentSeen({ proxy, record: { expectedLatencyMs, freeInMs, pair, reason } }: Seen): ProxyOnTarget {
  return {
    proxy_id: proxy.id,
    url: proxy.publicUrl,
    last_verdict: pair.lastVerdict,
    last_seen: presentTime(pair.lastAt),
    successes: pair.successes,
    blocks: pair.blocks,
    failures: pair.deads,
    expected_latency_ms: expectedLatencyMs === null ? null : presentLatency(expectedLatencyMs),
    ejected_for_s: freeInMs === undefined ? null : presentWait(freeInMs),
    reason,
  };
}

/** With credentials in an address nobody can be sure which part is the host. */
function nameOf(urlOrHost: string): string | undefined {
  if (urlOrHost.includes("@")) return undefined;
  try {
    return targetOf(urlOrHost);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
