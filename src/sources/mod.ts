/**
 * Public proxy lists, and trials of proxies: a catalog of lists, readers for every format in use, judges, and what is
 * remembered of both.
 *
 * @example Read a list
 * ```ts
 * import { parseSource } from "@proxywhirl/mcp/sources";
 * import assert from "node:assert/strict";
 *
 * const { proxies, rejectedCount } = parseSource('{"data": [{"ip": "203.0.113.7", "port": 80, "country": "DE"}]}');
 * assert.deepEqual(proxies, [{ url: "http://203.0.113.7:80", region: "DE" }]);
 * assert.equal(rejectedCount, 0);
 * ```
 *
 * @example Fill a pool with proxies that work
 * ```ts ignore
 * import { ProxyRotator } from "@proxywhirl/mcp/core";
 * import { fetchSources, selectSources, SOURCE_CATALOG, validateProxies } from "@proxywhirl/mcp/sources";
 *
 * const rotator = new ProxyRotator();
 * const { proxies } = await fetchSources(selectSources(["recommended"], { catalog: SOURCE_CATALOG }));
 * for await (const { candidate, isValid, outcome } of validateProxies(proxies.slice(0, 500))) {
 *   if (isValid) rotator.report(rotator.addProxy(candidate.url, candidate).id, outcome);
 * }
 * ```
 *
 * @module
 */

export { TlsLayer, type TlsOptions } from "../net/mod.ts";
export type { Anonymity, AnonymityBaseline } from "./anonymity.ts";
export { anonymityOf } from "./anonymity.ts";
export { type CareRound, type CareTimers, PoolCare, type PoolCareOptions } from "./care.ts";
export { SOURCE_CATALOG } from "./catalog.ts";
export {
  type FetchedSources,
  fetchSources,
  type FetchSourcesOptions,
  type SourcedProxy,
  type SourceReport,
} from "./fetch_sources.ts";
export {
  type FoundProxy,
  type ParsedSource,
  type ParseSourceOptions,
  SOURCE_FORMATS,
  type SourceFormat,
} from "./found_proxy.ts";
export { type Judge, type JudgeOptions, startJudge } from "./judge.ts";
export { type JudgeEcho, readEcho } from "./judge_echo.ts";
export {
  type DeadJudge,
  DEFAULT_JUDGES,
  JudgePanel,
  type JudgePanelOptions,
  JudgesUnavailableError,
  type PanelJudge,
} from "./judge_panel.ts";
export { guessFormat, parseSource } from "./parse_source.ts";
export { RegionDatabase, RegionDataError, type RegionInfo } from "./region.ts";
export {
  type FetchedRegionData,
  fetchRegionData,
  type FetchRegionDataOptions,
  REGION_PACKAGES,
} from "./region_data.ts";
export { recommendedSources, selectSources, type SelectSourcesOptions } from "./select_sources.ts";
export { type ProxySource, readSources, sourceFromUrl } from "./source.ts";
export { type CachedSource, SourceCache } from "./source_cache.ts";
export { SourceError, type SourceErrorCode } from "./source_error.ts";
export {
  InMemorySourceMemory,
  newSourceRecord,
  noteTrials,
  type SourceMemory,
  type SourceRecord,
  type SourceTrial,
} from "./source_memory.ts";
export {
  type ProxyCandidate,
  type ValidateOptions,
  validateProxies,
  type Validation,
  type ValidationProgress,
} from "./validate.ts";
