/** `check_target`: how a site treats the pool, from a few requests through different proxies. */
import type { CheckTargetInput, CheckTargetOutput, TargetProbe } from "../../../gen/models.ts";
import { type PoolProxy, targetOf } from "../../core/mod.ts";
import type { Attempt } from "../../net/mod.ts";
import { mapConcurrently } from "../../sources/map_concurrently.ts";
import { checkTarget as checkTargetName, type HandlerContext } from "../handler_context.ts";
import { toNetworkError } from "../network_error.ts";
import { nothingFits } from "../no_proxy.ts";
import { presentLatency } from "../presenters.ts";

const DEFAULT_SAMPLE = 10;
const IN_PARALLEL = 10;

/** Tries a sample of the proxies that may go there now; what they meet is learned. */
export async function checkTarget(
  input: CheckTargetInput,
  context: HandlerContext,
): Promise<CheckTargetOutput> {
  checkTargetName(input.url);
  const { client, net } = await context.network();
  const sample = sampleOf(context, input.url, input.sample ?? DEFAULT_SAMPLE);
  const results: Attempt[] = [];
  const terms = { concurrency: IN_PARALLEL, signal: context.call.signal };
  const check = ({ id }: PoolProxy, signal: AbortSignal) =>
    client.check(id, input.url, { signal }).catch((error: unknown) => {
      // Somebody may have removed it meanwhile.
      if (context.rotator.getProxy(id) === undefined && !signal.aborted) return undefined;
      throw error;
    });
  try {
    for await (const attempt of mapConcurrently(sample, check, terms)) {
      if (attempt === undefined) continue;
      results.push(attempt);
      context.call.progress?.({ progress: results.length, total: sample.length });
    }
  } catch (error) {
    throw toNetworkError(error, { criteria: { target: input.url }, context, net });
  }
  return summarize(targetOf(input.url), results);
}

/** Proxies that may go to the site now, those that proved themselves first, then at random. */
function sampleOf({ rotator }: HandlerContext, url: string, size: number): PoolProxy[] {
  const tried = new Set<string>();
  const sample: PoolProxy[] = [];
  const leases = [];
  try {
    while (sample.length < size) {
      const lease = rotator.acquire({ target: url, exclude: tried });
      leases.push(lease);
      tried.add(lease.proxy.id);
      sample.push(lease.proxy);
    }
  } catch (error) {
    if (sample.length === 0) throw noSample(error, rotator, url);
  } finally {
    for (const lease of leases) lease.release();
  }
  return sample;
}

function noSample(error: unknown, rotator: HandlerContext["rotator"], url: string): unknown {
  const { rejected, nextFreeInMs } = rotator.explain({ target: url });
  if (!(error instanceof Error) || error.name !== "NoProxyAvailableError") return error;
  return nothingFits(
    { counts: rejected, retryAfterMs: nextFreeInMs, cause: error },
    { target: url },
    rotator,
  );
}

function summarize(target: string, attempts: readonly Attempt[]): CheckTargetOutput {
  const answered = attempts.filter(({ verdict }) => verdict === "ok" || verdict === "blocked");
  const clean = answered.filter(({ verdict }) => verdict === "ok").length;
  const ratio = answered.length === 0 ? 0 : Math.round((100 * clean) / answered.length) / 100;
  return {
    target,
    checked: attempts.length,
    results: attempts.map(presentProbe),
    clean_ratio: ratio,
    ...adviceFor(attempts, answered.length, clean),
  };
}

function presentProbe({ proxyId, verdict, statusCode, latencyMs, rule }: Attempt): TargetProbe {
  return { proxy_id: proxyId, verdict, status: statusCode, latency_ms: presentLatency(latencyMs), rule };
}

function adviceFor(
  attempts: readonly Attempt[],
  answered: number,
  clean: number,
): { readonly advice: string; readonly next_step?: string } {
  const dead = attempts.filter(({ verdict }) => verdict === "dead").length;
  const failing = attempts.filter(({ verdict }) => verdict === "target_error").length;
  if (answered === 0) {
    return failing > 0 ? { advice: "The site itself fails", next_step: "Try again later." } : {
      advice: `None of ${dead} proxies reached the site`,
      next_step: "Call health, then validate or fetch.",
    };
  }
  const rule = attempts.find(({ verdict }) => verdict === "blocked")?.reason;
  const why = rule === undefined ? "" : ` (${rule})`;
  if (clean === answered) return { advice: "Every proxy that reached the site gets through" };
  if (clean / answered >= 0.5) {
    return { advice: `Most get through; the others are refused${why} and left out for a while` };
  }
  if (clean > 0) {
    return {
      advice: `Only ${clean} of ${answered} get through${why}`,
      next_step:
        "Go slowly: set a pace, keep sessions, and use request, which prefers those that get through.",
    };
  }
  return {
    advice: `The site refuses all ${answered} proxies that reached it${why}`,
    next_step: "Stop asking it through this pool for a while, or use proxies of another kind.",
  };
}
