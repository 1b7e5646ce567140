/** Which sources to ask: by name, by kind, or the best. */

import { PROTOCOLS } from "../core/mod.ts";
import { type ProxySource, sourceFromUrl } from "./source.ts";
import { SourceError } from "./source_error.ts";
import type { SourceMemory } from "./source_memory.ts";

/** What to choose from, and how. */
export interface SelectSourcesOptions {
  /** Every source there is. */
  readonly catalog: readonly ProxySource[];
  /** What is remembered of them. */
  readonly memory?: SourceMemory | undefined;
  /** How many `recommended` are. @default {5} */
  readonly count?: number | undefined;
  /** Whether a name may also be the URL of a list. @default {false} */
  readonly allowUrls?: boolean | undefined;
  /** Wall clock, epoch ms. @default {Date.now()} */
  readonly nowMs?: number | undefined;
}

const DEFAULT_COUNT = 5;
/** A list that failed so often in a row rests for a day. */
const MAX_FAILURES_IN_ROW = 3;
const REST_MS = 24 * 60 * 60 * 1000;

/**
 * The sources that some names mean: names of sources, `recommended`, `all` (all that are enabled), or a protocol
 * (`socks5`). No names mean `recommended`.
 *
 * @throws {SourceError} `UNKNOWN_SOURCE`, naming what is close to it
 */
export function selectSources(
  names: readonly string[],
  options: SelectSourcesOptions,
): readonly ProxySource[] {
  const { allowUrls = false, catalog } = options;
  const chosen = new Map<string, ProxySource>();
  const enabled = catalog.filter(isEnabled);
  for (const given of names.length === 0 ? ["recommended"] : names) {
    const name = given.trim().toLowerCase();
    const known = catalog.find((source) => source.name === name);
    const found = known !== undefined
      ? [known]
      : name === "recommended"
      ? recommendedSources(options)
      : name === "all"
      ? enabled
      : PROTOCOLS.some((protocol) => protocol === name)
      ? enabled.filter((source) => isOfKind(source, name))
      : allowUrls && /^https?:\/\//.test(name)
      ? [sourceFromUrl(given.trim())]
      : [];
    if (found.length === 0) throw unknownSource(given, catalog);
    for (const source of found) chosen.set(source.url, source);
  }
  return [...chosen.values()];
}

/**
 * The best sources: those whose proxies worked most often of late, and those that the catalog recommends while
 * nothing is known. A source that fails again and again, or asked to be left alone, is left out.
 */
export function recommendedSources(options: SelectSourcesOptions): readonly ProxySource[] {
  const { catalog, count = DEFAULT_COUNT, memory, nowMs = Date.now() } = options;
  const usable = catalog.filter(isEnabled).filter(({ name }) => {
    const record = memory?.get(name);
    if (record === undefined) return true;
    if ((record.waitUntil ?? 0) > nowMs) return false;
    return record.failuresInRow < MAX_FAILURES_IN_ROW || nowMs - (record.lastFetchAt ?? 0) > REST_MS;
  });
  const flagged = usable.filter(({ isRecommended }) => isRecommended === true);
  const isInformed = usable.some(({ name }) => (memory?.get(name)?.recentTried ?? 0) > 0);
  if (!isInformed) return (flagged.length > 0 ? flagged : usable).slice(0, count);
  return usable.map((source) => ({ source, score: scoreOf(source, memory) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ source }) => source);
}

/**
 * Expected share of proxies that work, with a weak prior: one in twenty of a public list, two in twenty of one
 * that the catalog recommends (of 366 found, 17 worked: constverum/ProxyBroker#107).
 */
function scoreOf({ isRecommended, name }: ProxySource, memory: SourceMemory | undefined): number {
  const { recentTried = 0, recentWorked = 0 } = memory?.get(name) ?? {};
  return (recentWorked + (isRecommended === true ? 2 : 1)) / (recentTried + 20);
}

function isEnabled(source: ProxySource): boolean {
  return source.isEnabled !== false;
}

/** `https` names the lists of HTTP proxies that tunnel HTTPS. */
function isOfKind({ name, protocol = "http" }: ProxySource, kind: string): boolean {
  return kind === "https" ? name.endsWith("-https") : protocol === kind;
}

function unknownSource(name: string, catalog: readonly ProxySource[]): SourceError {
  const shown = name.replace(/:\/\/.*/s, "://…").slice(0, 60);
  const part = name.trim().toLowerCase().split(/[^a-z0-9]/, 1)[0] ?? "";
  const close = catalog.filter((source) => part.length > 2 && source.name.includes(part)).slice(0, 5);
  const allowed = close.length > 0
    ? close.map((source) => source.name)
    : ["recommended", "all", "http", "socks5", ...catalog.slice(0, 3).map((source) => source.name)];
  return new SourceError("UNKNOWN_SOURCE", `Unknown source: ${shown}; use for example ${allowed.join(", ")}`);
}
