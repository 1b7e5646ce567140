/** Fetches one list: asks, reads, remembers. Never throws for what the source does. */

import { setTimeout as sleepFor } from "node:timers/promises";
import { redactText } from "../core/mod.ts";
import { NetError } from "../net/mod.ts";
import { type FetchedText, fetchText, type FetchTextOptions } from "./fetch_text.ts";
import type { FetchSourcesOptions, List } from "./fetch_sources.ts";
import type { FoundProxy, ParsedSource } from "./found_proxy.ts";
import { parseSource } from "./parse_source.ts";
import type { ProxySource } from "./source.ts";
import { SourceError } from "./source_error.ts";
import { newSourceRecord } from "./source_memory.ts";

const DEFAULT_TIMEOUT_MS = 20_000;
/** A source that asks for a short pause is asked once more; for a longer one another day. */
const MAX_PAUSE_MS = 5_000;
const PAUSE_MS = 500;

/**
 * Fetches one source. What goes wrong is in the report.
 *
 * @throws the reason of the signal when the caller gives up
 */
export async function fetchSource(source: ProxySource, options: FetchSourcesOptions): Promise<List> {
  const { memory, signal, wallClock = Date } = options;
  signal?.throwIfAborted();
  const { name } = source;
  const start = performance.now();
  const before = memory?.get(name) ?? newSourceRecord(name);
  const fail = (error: string): List => ({
    proxies: [],
    report: {
      name,
      ok: false,
      count: 0,
      error,
      notModified: false,
      format: null,
      duplicates: 0,
      rejected: 0,
      durationMs: performance.now() - start,
    },
  });
  const now = wallClock.now();
  if (before.waitUntil !== null && before.waitUntil > now) {
    const seconds = Math.ceil((before.waitUntil - now) / 1000);
    return fail(`The source asked to be left alone for another ${seconds} s`);
  }
  try {
    const { isNotModified, note, parsed } = await read(source, options);
    const proxies = parsed.proxies.map((proxy) => describe(proxy, source));
    memory?.set({
      ...before,
      fetches: before.fetches + 1,
      failuresInRow: 0,
      lastFetchAt: now,
      lastOkAt: now,
      lastCount: proxies.length,
      lastError: null,
      waitUntil: null,
    });
    return {
      proxies,
      report: {
        ...fail("").report,
        ok: true,
        count: proxies.length,
        error: note,
        notModified: isNotModified,
        format: parsed.format,
        duplicates: parsed.duplicates,
        rejected: parsed.rejectedCount,
      },
    };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    // Whatever is odd about one source must not cost the others.
    const message = redactText(error instanceof Error ? error.message : String(error)).slice(0, 300);
    const waitMs = error instanceof SourceError ? error.retryAfterMs : undefined;
    memory?.set({
      ...before,
      fetches: before.fetches + 1,
      failures: before.failures + 1,
      failuresInRow: before.failuresInRow + 1,
      lastFetchAt: now,
      lastError: message,
      waitUntil: waitMs === undefined ? null : now + waitMs,
    });
    return fail(message);
  }
}

interface Reading {
  readonly parsed: ParsedSource;
  readonly isNotModified: boolean;
  readonly note: string | null;
}

async function read(source: ProxySource, options: FetchSourcesOptions): Promise<Reading> {
  const { allowPrivate, cache, maxBytes, signal, tls } = options;
  const cached = cache?.get(source.name, source.url);
  const fetched = await fetchTwice(source.url, {
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    maxBytes,
    allowPrivate,
    headers: source.headers,
    etag: cached?.etag ?? undefined,
    lastModified: cached?.lastModified ?? undefined,
    signal,
    tls,
  }, options);
  if (fetched.isNotModified) {
    if (cached === undefined) {
      throw new SourceError("SOURCE_STATUS", "The source answered 304 to a plain request");
    }
    return { parsed: cached.parsed, isNotModified: true, note: null };
  }
  const parsed = parseSource(wholeLines(fetched), {
    ...(source.format === undefined ? {} : { format: source.format }),
    ...(options.maxProxiesPerSource === undefined ? {} : { maxProxies: options.maxProxiesPerSource }),
    defaultProtocol: source.protocol ?? "http",
    readHttpsAs: source.readHttpsAs ?? "http",
  });
  if (parsed.proxies.length === 0) {
    throw new SourceError("SOURCE_EMPTY", `The source holds no proxy (read as ${parsed.format})`);
  }
  const { etag, lastModified } = fetched;
  cache?.set(source.name, { url: source.url, parsed, etag, lastModified });
  const note = fetched.isCut || parsed.isCut ? "The source is too long; the rest was left out" : null;
  return { parsed, isNotModified: false, note };
}

/** The last line of a text that was cut may be half an address, which would be another one. */
function wholeLines({ isCut, text }: FetchedText): string {
  return isCut ? text.slice(0, Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r"), 0)) || text : text;
}

type Timed = FetchTextOptions & { readonly timeoutMs: number };

/** Asks again, once, what failed by accident: overload, a broken connection. The deadline is for both. */
async function fetchTwice(url: string, terms: Timed, options: FetchSourcesOptions): Promise<FetchedText> {
  const start = performance.now();
  try {
    return await fetchText(url, terms);
  } catch (error) {
    const pauseMs = pauseAfter(error);
    const leftMs = terms.timeoutMs - (performance.now() - start);
    if (pauseMs === undefined || pauseMs > Math.min(MAX_PAUSE_MS, leftMs / 2)) throw error;
    await (options.sleep ?? sleep)(pauseMs, options.signal);
    return await fetchText(url, { ...terms, timeoutMs: Math.max(1, leftMs - pauseMs) });
  }
}

function pauseAfter(error: unknown): number | undefined {
  if (!(error instanceof SourceError)) return undefined;
  if (error.retryAfterMs !== undefined) return error.retryAfterMs;
  if (error.code === "SOURCE_STATUS") {
    return /\b(?:429|50[0234])\b/.test(error.message) ? PAUSE_MS : undefined;
  }
  if (error.code !== "SOURCE_UNREACHABLE" || !(error.cause instanceof NetError)) return undefined;
  return /^CONNECTION_(?:RESET|CLOSED)$/.test(error.cause.code) ? PAUSE_MS : undefined;
}

async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleepFor(ms, undefined, signal === undefined ? {} : { signal });
}

function describe(proxy: FoundProxy, { region }: ProxySource): FoundProxy {
  return region === undefined || proxy.region !== undefined ? proxy : { ...proxy, region };
}
