/**
 * Tries proxies of the pool and keeps what that shows: the outcome of each, where it leaves from, and as tags what
 * it tells of its user and whether it reaches https sites.
 */
import type { PoolProxy, ProxyMetadata } from "../../core/mod.ts";
import {
  type Anonymity,
  JudgePanel,
  JudgesUnavailableError,
  noteTrials,
  type SourceTrial,
  validateProxies,
  type Validation,
} from "../../sources/mod.ts";
import type { CallProgress, PoolAddition } from "../handler_context.ts";
import { Deadline } from "./deadline.ts";
import { hostOf } from "./host_of.ts";
import { ProgressMeter } from "./progress_meter.ts";
import { type StopCause, type SupplyContext, trialTerms } from "./supply_context.ts";

/** How to try proxies. */
export interface TryOptions {
  /** Time limit of one trial, seconds. @default {that of the settings} */
  readonly timeoutS?: number | undefined;
  /** Time after which no more are tried, ms; none without. */
  readonly limitMs?: number | undefined;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of progress. */
  readonly progress?: ((progress: CallProgress) => void) | undefined;
}

/** What trials showed. */
export interface TryReport {
  /** Each trial, in the order in which they ended. */
  readonly results: readonly Validation<PoolProxy>[];
  /** Of these, those that work. */
  readonly valid: number;
  /** Why some were not tried. */
  readonly stop: StopCause | undefined;
}

const LEVELS: ReadonlySet<string> = new Set<Anonymity>(["transparent", "anonymous", "elite"]);
const HTTPS = "https";
/** What becomes known of proxies is written so many at a time. */
const BATCH = 200;

/**
 * Tries proxies of the pool, many at once. Work that is stopped keeps what it has.
 *
 * @throws {JudgesUnavailableError} No judge answers at the start.
 */
export async function tryPool(
  proxies: readonly PoolProxy[],
  context: SupplyContext,
  options: TryOptions,
): Promise<TryReport> {
  const deadline = new Deadline(options.limitMs, options.signal);
  const meter = new ProgressMeter(options.progress);
  const results: Validation<PoolProxy>[] = [];
  let valid = 0;
  let stop: StopCause | undefined;
  try {
    for await (const result of trials(proxies, context, deadline.signal, options.timeoutS)) {
      results.push(result);
      if (result.isValid) valid++;
      meter.update(results.length, proxies.length, `Tried ${results.length}: ${valid} work`);
    }
  } catch (error) {
    stop = deadline.cause ?? (error instanceof JudgesUnavailableError ? "judges" : undefined);
    if (stop === undefined || (stop === "judges" && results.length === 0)) throw error;
  } finally {
    deadline.stop();
  }
  return { results, valid, stop };
}

/**
 * Tries proxies of the pool and yields each result when it is kept.
 *
 * @throws {JudgesUnavailableError} No judge answers (any more).
 * @throws the reason of the signal
 */
export async function* trials(
  proxies: readonly PoolProxy[],
  context: SupplyContext,
  signal: AbortSignal,
  timeoutS?: number,
): AsyncGenerator<Validation<PoolProxy>, void, undefined> {
  const { memory, pool, regions, rotator } = context;
  const terms = { ...trialTerms(context, timeoutS), signal };
  const locate = await regions.open();
  const panel = await JudgePanel.open(terms.judges, terms);
  const news: PoolAddition[] = [];
  const firstTrials: SourceTrial[] = [];
  try {
    for await (const result of validateProxies(proxies, { ...terms, judges: panel })) {
      const { candidate: proxy, exitAddress, isValid, outcome } = result;
      // Somebody may have removed it meanwhile.
      if (rotator.getProxy(proxy.id) !== undefined) {
        // Later trials say what a proxy has become, and not how good its list was.
        if (proxy.lastCheckAt === null && proxy.source !== null) {
          firstTrials.push({ sources: [proxy.source], isOk: isValid });
        }
        rotator.report(proxy.id, outcome);
        const exit = panel.ownAddresses.has(exitAddress ?? "") ? null : exitAddress;
        const found = isValid ? whatIsNew(proxy, result, locate(exit, hostOf(proxy.url))) : undefined;
        if (found !== undefined) news.push({ url: proxy.url, ...found });
        if (news.length >= BATCH) await pool.add(news.splice(0));
      }
      yield result;
    }
  } finally {
    if (news.length > 0) await pool.add(news.filter(({ url }) => rotator.findByUrl(url) !== undefined));
    noteTrials(memory, firstTrials.filter(({ sources }) => sources.some((name) => memory.get(name))));
  }
}

/** What a trial shows that is not known yet. A region that is known already stays: a person may have given it. */
function whatIsNew(
  proxy: PoolProxy,
  trial: Pick<Validation<unknown>, "anonymity" | "isHttpsCapable">,
  place: ProxyMetadata,
): ProxyMetadata | undefined {
  const tags = trialTags(trial, proxy.tags);
  const found: ProxyMetadata = {
    ...(proxy.region === null ? place : {}),
    ...(tags.join("\n") === proxy.tags.join("\n") ? {} : { tags }),
  };
  return Object.keys(found).length === 0 ? undefined : found;
}

/** Tags with what a trial shows in the place of what an earlier one did; what it does not show stays. */
export function trialTags(
  { anonymity, isHttpsCapable }: Pick<Validation<unknown>, "anonymity" | "isHttpsCapable">,
  tags: readonly string[],
): readonly string[] {
  const kept = tags.filter((tag) =>
    !(anonymity !== null && LEVELS.has(tag)) && !(isHttpsCapable !== null && tag === HTTPS)
  );
  return [
    ...kept,
    ...(anonymity === null ? [] : [anonymity]),
    ...(isHttpsCapable === true ? [HTTPS] : []),
  ];
}
