/** Fills the pool from lists: fetches them, tries what is new, and adds what works. */
import {
  fetchSources,
  JudgePanel,
  JudgesUnavailableError,
  noteTrials,
  type ProxySource,
  type SourcedProxy,
  type SourceReport,
  type SourceTrial,
  validateProxies,
  type Validation,
} from "../../sources/mod.ts";
import type { CallProgress, PoolAddition } from "../handler_context.ts";
import { Deadline } from "./deadline.ts";
import { hostOf } from "./host_of.ts";
import { ProgressMeter } from "./progress_meter.ts";
import { type StopCause, type SupplyContext, trialTerms } from "./supply_context.ts";
import { trialTags } from "./try_pool.ts";

/** What to fill the pool with. */
export interface FillOptions {
  /** Lists. */
  readonly sources: readonly ProxySource[];
  /** Add at most so many. */
  readonly maxProxies: number;
  /** Whether to add only those that work. */
  readonly validate: boolean;
  /** Time after which no more are tried, ms; none without. */
  readonly limitMs?: number | undefined;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of progress. */
  readonly progress?: ((progress: CallProgress) => void) | undefined;
}

/** What became of it. */
export interface FillReport {
  /** Each list. */
  readonly reports: readonly SourceReport[];
  /** Different proxies in all lists. */
  readonly fetched: number;
  /** New ones in the pool. */
  readonly added: number;
  /** Entries that repeat another, and proxies that the pool had. */
  readonly duplicates: number;
  /** Entries that are no proxy, or may not be used. */
  readonly unreadable: number;
  /** Proxies that were tried. */
  readonly tried: number;
  /** Of these, those that work. */
  readonly valid: number;
  /** New proxies that were neither tried nor added. */
  readonly left: number;
  /** Why it stopped before its end. */
  readonly stop: StopCause | undefined;
}

/** Proxies are added so many at a time: who is stopped keeps them. */
const BATCH = 20;

/**
 * Fills the pool. Work that is stopped keeps what it has.
 *
 * @throws {JudgesUnavailableError} No judge answers at the start; no list was asked then.
 */
export async function fillPool(context: SupplyContext, options: FillOptions): Promise<FillReport> {
  const { cache, memory, pool, rotator, settings, tls } = context;
  const { maxProxies, sources, validate } = options;
  const deadline = new Deadline(options.limitMs, options.signal);
  const { signal } = deadline;
  const meter = new ProgressMeter(options.progress);
  const reports: SourceReport[] = [];
  const counts = { fetched: 0, added: 0, duplicates: 0, unreadable: 0, tried: 0, valid: 0, left: 0 };
  let stop: StopCause | undefined;
  const take = async (additions: readonly Addition[]) => {
    const results = await pool.add(additions.map(({ addition }) => addition));
    for (const [index, { id, isNew }] of results.entries()) {
      if (isNew) counts.added++;
      else counts.duplicates++;
      const outcome = additions[index]?.trial?.outcome;
      if (outcome !== undefined) rotator.report(id, outcome);
    }
  };
  try {
    const terms = { ...trialTerms(context), signal };
    const panel = validate ? await JudgePanel.open(terms.judges, terms) : undefined;
    const found = await fetchSources(sources, {
      memory,
      cache,
      allowPrivate: settings.sources.allowPrivate || settings.allowPrivateTargets,
      allowPrivateProxies: settings.allowPrivateTargets,
      tls,
      signal,
      onReport(report, done) {
        reports.push(report);
        const count = `${report.count} proxies`;
        meter.update(done, undefined, `${report.name}: ${report.ok ? count : report.error ?? "failed"}`);
      },
    });
    reports.splice(0, Infinity, ...found.reports);
    const fresh = found.proxies.filter(({ url }) => rotator.findByUrl(url) === undefined);
    counts.fetched = found.proxies.length;
    counts.duplicates = found.duplicates + found.proxies.length - fresh.length;
    counts.unreadable = found.rejected;
    counts.left = fresh.length;
    const locate = await context.regions.open();
    if (panel === undefined) {
      const chosen = fresh.slice(0, maxProxies);
      await take(chosen.map((proxy) => ({ addition: addition(proxy, locate(hostOf(proxy.url))) })));
      counts.left -= chosen.length;
      return { ...counts, reports, stop };
    }
    const done: SourceTrial[] = [];
    const waiting: Addition[] = [];
    try {
      for await (const trial of validateProxies(fresh, { ...terms, judges: panel })) {
        const { candidate, exitAddress, isValid } = trial;
        counts.tried++;
        counts.left--;
        done.push({ sources: candidate.sources, isOk: isValid });
        if (isValid) {
          counts.valid++;
          const exit = panel.ownAddresses.has(exitAddress ?? "") ? null : exitAddress;
          waiting.push({ addition: addition(candidate, locate(exit, hostOf(candidate.url)), trial), trial });
        }
        const isEnough = counts.valid >= maxProxies;
        const total = sources.length + fresh.length;
        const message = `Tried ${counts.tried}: ${counts.valid} work`;
        meter.update(isEnough ? total : sources.length + counts.tried, total, message);
        if (isEnough) break;
        if (waiting.length >= BATCH) await take(waiting.splice(0));
      }
    } finally {
      noteTrials(memory, done);
      await take(waiting);
    }
  } catch (error) {
    stop = deadline.cause ?? (error instanceof JudgesUnavailableError ? "judges" : undefined);
    if (stop === undefined || (stop === "judges" && counts.tried === 0)) throw error;
  } finally {
    deadline.stop();
  }
  return { ...counts, reports, stop };
}

interface Addition {
  readonly addition: PoolAddition;
  readonly trial?: Validation<SourcedProxy>;
}

/** What region files say is believed before what a list says. */
function addition(
  { sources: _, ...proxy }: SourcedProxy,
  place: Partial<PoolAddition>,
  trial?: Validation<unknown>,
): PoolAddition {
  const tags = trial === undefined ? [] : trialTags(trial, proxy.tags ?? []);
  return { ...proxy, ...place, ...(tags.length === 0 ? {} : { tags }) };
}
