/** `proxy://targets/{target}`: how the whole pool fares with one site. */
import type { ProxyOnTarget, TargetResource } from "../../../gen/models.ts";
import { type ProxyRotator, targetOf, type TargetRecord } from "../../core/mod.ts";
import { presentLatency, presentTime, presentWait } from "../presenters.ts";
import { sayCounts } from "../reasons.ts";

/** An assistant pays for every line. */
const MAX_PROXIES = 50;

/** The site's state; `undefined` for what is neither a URL nor a host. Cost: O(proxies seen there). */
export function presentTarget(rotator: ProxyRotator, urlOrHost: string): TargetResource | undefined {
  const target = nameOf(urlOrHost);
  if (target === undefined) return undefined;
  const { blocks, deads, records, seen, successes } = rotator.targetOverview(target, MAX_PROXIES);
  const { eligible, nextFreeInMs, rejected, total } = rotator.explain({ target });
  const isCooling = (rejected["target_cooling_down"] ?? 0) > 0;
  const wait = nextFreeInMs === undefined ? undefined : presentWait(nextFreeInMs);
  return {
    target,
    total,
    eligible,
    rejected: { ...rejected },
    cooling_down_s: isCooling && wait !== undefined ? wait : null,
    ...(wait === undefined ? {} : { next_free_in_s: wait }),
    pacing: rotator.pacing.targets?.[target] ?? rotator.pacing.rate ?? null,
    seen,
    successes,
    blocks,
    failures: deads,
    proxies: records.flatMap((record) => presentRecord(rotator, record)),
    message: `${eligible} of ${total} proxies may go to ${target} now` +
      (eligible === total ? "" : `; the others: ${sayCounts(rejected)}`),
  };
}

/** Names of the sites that the pool remembers and that begin with what has been typed, at most so many. */
export function targetsLike(rotator: ProxyRotator, prefix: string, limit: number): readonly string[] {
  const start = prefix.toLowerCase();
  return rotator.targetNames().filter((name) => name.startsWith(start)).sort().slice(0, limit);
}

function presentRecord(
  rotator: ProxyRotator,
  { expectedLatencyMs, freeInMs, pair, reason }: TargetRecord,
): readonly ProxyOnTarget[] {
  const proxy = rotator.getProxy(pair.proxyId);
  if (proxy === undefined) return [];
  return [{
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
  }];
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
