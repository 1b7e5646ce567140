/**
 * Fetches many lists at once. One that fails, drips, lies about its size or never ends costs the others nothing.
 *
 * A proxy that several lists name comes once and knows all of them, so that what becomes of it can be credited to
 * each.
 */

import type { Clock } from "../core/mod.ts";
import { isPrivateHost, type TlsLayer } from "../net/mod.ts";
import { fetchSource } from "./fetch_source.ts";
import type { FoundProxy, SourceFormat } from "./found_proxy.ts";
import type { ProxySource } from "./source.ts";
import type { SourceCache } from "./source_cache.ts";
import type { SourceMemory } from "./source_memory.ts";

/** Terms of {@linkcode fetchSources}. */
export interface FetchSourcesOptions {
  /** Remembers which sources are alive. */
  readonly memory?: SourceMemory | undefined;
  /** Keeps lists, so that one that did not change is not sent again. */
  readonly cache?: SourceCache | undefined;
  /** Sources that are asked at the same time. @default {16} */
  readonly concurrency?: number | undefined;
  /** Longest time for one source, ms. @default {20_000} */
  readonly timeoutMs?: number | undefined;
  /** Longest list, bytes; what is beyond is cut. @default {16_777_216} */
  readonly maxBytes?: number | undefined;
  /** Most proxies of one source. @default {100_000} */
  readonly maxProxiesPerSource?: number | undefined;
  /** Whether sources, and what they redirect to, may have private addresses. @default {false} */
  readonly allowPrivate?: boolean | undefined;
  /** Whether the proxies they name may have private addresses. @default {the same as `allowPrivate`} */
  readonly allowPrivateProxies?: boolean | undefined;
  /** How certificates of sources are checked. */
  readonly tls?: TlsLayer | undefined;
  /** Called as each source is done. */
  readonly onReport?: ((report: SourceReport, done: number) => void) | undefined;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
  /** Wall clock, epoch ms. @default {Date} */
  readonly wallClock?: Clock | undefined;
  /** Waits before a second try. @default {timers of the platform} */
  readonly sleep?: ((ms: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
}

/** How one source did. */
export interface SourceReport {
  /** Its name. */
  readonly name: string;
  /** Whether it could be read. */
  readonly ok: boolean;
  /** Different proxies in it. */
  readonly count: number;
  /** What went wrong, or what was left out; null when nothing. */
  readonly error: string | null;
  /** Whether it is unchanged since it was last read. */
  readonly notModified: boolean;
  /** How it was read; null when it was not. */
  readonly format: SourceFormat | null;
  /** Entries that repeat one of the same source. */
  readonly duplicates: number;
  /** Entries that are no proxy, or have a private address. */
  readonly rejected: number;
  /** Proxies that no other source named. */
  readonly unique: number;
  /** Time it took. */
  readonly durationMs: number;
}

/** A proxy with the sources that name it. */
export interface SourcedProxy extends FoundProxy {
  /** The first source that names it. */
  readonly source: string;
  /** All sources that name it. */
  readonly sources: readonly string[];
}

/** What all sources gave. */
export interface FetchedSources {
  /** Each proxy once; the sources take turns, so that any beginning of the list is a mix of all. */
  readonly proxies: readonly SourcedProxy[];
  /** Each source, in the order given. */
  readonly reports: readonly SourceReport[];
  /** Entries that repeat another. */
  readonly duplicates: number;
  /** Entries that are no proxy, or have a private address. */
  readonly rejected: number;
}

const DEFAULT_CONCURRENCY = 16;

/**
 * Fetches sources.
 *
 * @param sources Which ones
 * @param options Limits and memory
 * @throws the reason of the signal when the caller gives up
 */
export async function fetchSources(
  sources: readonly ProxySource[],
  options: FetchSourcesOptions = {},
): Promise<FetchedSources> {
  const { concurrency = DEFAULT_CONCURRENCY, onReport, signal } = options;
  const allowsPrivate = (options.allowPrivateProxies ?? options.allowPrivate) === true;
  const lists: List[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < sources.length) {
      const index = next++;
      const source = sources[index];
      if (source === undefined) return;
      const list = withoutPrivate(await fetchSource(source, options), allowsPrivate);
      lists[index] = list;
      onReport?.({ ...list.report, unique: list.proxies.length }, ++done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(1, concurrency), sources.length) }, work));
  signal?.throwIfAborted();
  return merge(lists);
}

/** What came of one source. */
export interface List {
  /** Its proxies. */
  readonly proxies: readonly FoundProxy[];
  /** How it did. */
  readonly report: Omit<SourceReport, "unique">;
}

/** A list may name addresses inside the reader's network, by mistake or on purpose: they are not knocked at. */
function withoutPrivate({ proxies, report }: List, allowPrivate: boolean): List {
  if (allowPrivate) return { proxies, report };
  const isPublic = proxies.filter(({ url }) => !isPrivateHost(hostOf(url)));
  const rejected = report.rejected + proxies.length - isPublic.length;
  return { proxies: isPublic, report: { ...report, count: isPublic.length, rejected } };
}

/** Host of a canonical URL. */
function hostOf(url: string): string {
  return url.slice(Math.max(url.lastIndexOf("@") + 1, url.indexOf("://") + 3), url.lastIndexOf(":"));
}

function merge(lists: readonly List[]): FetchedSources {
  const merged = new Map<string, SourcedProxy & { readonly sources: string[] }>();
  let repeated = 0;
  const longest = Math.max(0, ...lists.map(({ proxies }) => proxies.length));
  for (let i = 0; i < longest; i++) {
    for (const { proxies, report: { name } } of lists) {
      const proxy = proxies[i];
      if (proxy === undefined) continue;
      const known = merged.get(proxy.url);
      if (known === undefined) {
        merged.set(proxy.url, { ...proxy, source: name, sources: [name] });
      } else {
        repeated++;
        known.sources.push(name);
        const { source, sources, ...before } = known;
        if (before.region === undefined) merged.set(proxy.url, { ...proxy, ...before, source, sources });
      }
    }
  }
  const unique = new Map<string, number>();
  for (const { sources, source } of merged.values()) {
    if (sources.length === 1) unique.set(source, (unique.get(source) ?? 0) + 1);
  }
  return {
    proxies: [...merged.values()],
    reports: lists.map(({ report }) => ({ ...report, unique: unique.get(report.name) ?? 0 })),
    duplicates: repeated + sum(lists, ({ report }) => report.duplicates),
    rejected: sum(lists, ({ report }) => report.rejected),
  };
}

function sum(lists: readonly List[], of: (list: List) => number): number {
  return lists.reduce((total, list) => total + of(list), 0);
}
