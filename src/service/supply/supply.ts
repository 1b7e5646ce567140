/**
 * Where the pool's proxies come from and how they are tried: lists, judges, region files, and care in the
 * background. Loaded when first used; see `lazy_supply.ts`.
 */
import type { PoolProxy } from "../../core/mod.ts";
import {
  PoolCare,
  type ProxySource,
  recommendedSources,
  selectSources,
  SOURCE_CATALOG,
  type SourceRecord,
  TlsLayer,
} from "../../sources/mod.ts";
import type { Reading } from "../metric_registry.ts";
import type { ServiceMetrics } from "../metrics.ts";
import { listSetting, textsSetting } from "../list_setting.ts";
import { extraSources } from "./extra_sources.ts";
import { type FillOptions, fillPool, type FillReport } from "./fill_pool.ts";
import type { SupplyOptions } from "./lazy_supply.ts";
import { RegionFinder } from "./region_finder.ts";
import { StoredSourceCache } from "./stored_source_cache.ts";
import { StoredSourceMemory } from "./stored_source_memory.ts";
import type { SupplyContext } from "./supply_context.ts";
import { trials, type TryOptions, tryPool, type TryReport } from "./try_pool.ts";

/** What {@linkcode Supply.fill} is asked. */
export interface FillRequest extends Omit<FillOptions, "sources"> {
  /** Names of lists, `recommended`, `all`, protocols or URLs; none mean `recommended`. */
  readonly sources: readonly string[];
}

/** A list, and what is remembered of it. */
export interface KnownSource {
  /** The list. */
  readonly source: ProxySource;
  /** What is remembered; `undefined` when it was never asked. */
  readonly record: SourceRecord | undefined;
  /** Whether `recommended` includes it now. */
  readonly isRecommended: boolean;
}

/** Lists, trials and care for one pool. */
export class Supply {
  readonly #context: SupplyContext;
  readonly #memory: StoredSourceMemory;
  readonly #cache: StoredSourceCache;
  readonly #catalog: readonly ProxySource[];
  readonly #metrics: ServiceMetrics | undefined;

  /**
   * Makes the supply of a pool; nothing is asked or read yet.
   *
   * @param options The pool, and where to remember sources
   */
  constructor(options: SupplyOptions) {
    const { logger, metrics, notes, settings } = options;
    const own = extraSources(listSetting(settings.sources.extra, "sources.extra"));
    const names = new Set(own.map(({ name }) => name));
    this.#catalog = [...own, ...SOURCE_CATALOG.filter(({ name }) => !names.has(name))];
    this.#memory = new StoredSourceMemory(
      notes,
      (error) => logger.warning("Cannot keep what is remembered of lists", { error }),
    );
    this.#cache = new StoredSourceCache(
      notes,
      (error) => logger.warning("Cannot keep lists", { error }),
    );
    this.#context = {
      ...options,
      memory: this.#memory,
      cache: this.#cache,
      regions: new RegionFinder(
        textsSetting(settings.regionFiles, "region_files"),
        (error) => logger.warning("Regions are not looked up", { error }),
      ),
      tls: new TlsLayer({ verify: settings.verifySsl }),
    };
    this.#metrics = metrics;
    metrics?.setReader("proxywhirl_sources", () => this.#countSources());
  }

  /** Every list, those of the user first, with what is remembered of each. */
  async sources(): Promise<readonly KnownSource[]> {
    await this.#memory.refresh();
    const best = new Set(recommendedSources({ catalog: this.#catalog, memory: this.#memory }));
    return this.#catalog.map((source) => ({
      source,
      record: this.#memory.get(source.name),
      isRecommended: best.has(source),
    }));
  }

  /**
   * Fills the pool from lists.
   *
   * @throws {SourceError} `UNKNOWN_SOURCE`: a name means no list
   * @throws {JudgesUnavailableError} No judge answers.
   */
  async fill(request: FillRequest): Promise<FillReport> {
    await this.#memory.refresh();
    const sources = selectSources(request.sources, {
      catalog: this.#catalog,
      memory: this.#memory,
      allowUrls: true,
    });
    await this.#cache.load(sources);
    try {
      const report = await fillPool(this.#context, { ...request, sources });
      this.#metrics?.recordTrials(report.valid, report.tried - report.valid);
      return report;
    } finally {
      await this.#memory.save();
      // Lists that somebody named once are not kept: there would be ever more of them.
      await this.#cache.save(sources.filter((source) => this.#catalog.includes(source)));
    }
  }

  /**
   * Tries proxies of the pool and keeps what that shows.
   *
   * @throws {JudgesUnavailableError} No judge answers.
   */
  async try(proxies: readonly PoolProxy[], options: TryOptions = {}): Promise<TryReport> {
    await this.#memory.refresh();
    try {
      const report = await tryPool(proxies, this.#context, options);
      this.#metrics?.recordTrials(report.valid, report.results.length - report.valid);
      return report;
    } finally {
      await this.#memory.save();
    }
  }

  /** Care for the pool as the settings want it; not started yet. */
  makeCare(): PoolCare {
    const { logger, rotator, settings } = this.#context;
    const { intervalS, minProxies } = settings.care;
    return new PoolCare({
      rotator,
      validate: (proxies, signal) => trials(proxies, this.#context, signal),
      apply: () => {}, // `trials` keeps each result itself
      refill: async (missing, signal) => {
        const { added } = await this.fill({ sources: [], maxProxies: missing, validate: true, signal });
        return added;
      },
      minUsable: minProxies,
      intervalMs: intervalS * 1000,
      onRound: ({ added, tried, valid }) => {
        this.#metrics?.recordTrials(valid, tried - valid);
        if (tried + added > 0) logger.info("Cared for the pool", { tried, valid, added });
        void this.#memory.save();
      },
      onError: (error) => logger.warning("Cannot care for the pool now", { error }),
    });
  }

  #countSources(): readonly Reading[] {
    const counts = { alive: 0, failing: 0, untried: 0 };
    for (const { name } of this.#catalog) {
      const record = this.#memory.get(name);
      if (record === undefined || record.lastFetchAt === null) counts.untried++;
      else if (record.failuresInRow === 0) counts.alive++;
      else counts.failing++;
    }
    return Object.entries(counts).map(([state, count]) => [[state], count]);
  }
}
