/**
 * Reads a proxy list written as JSON: what `export --format json` writes, and what public lists look like: an
 * array, or an object with an array under `proxies`, of URLs or of objects with `url`, or with `ip` (or `host`),
 * `port` and perhaps `protocol`, `username`, `password`, and a country.
 *
 * @module
 */
import {
  InvalidProxyUrlError,
  parseProxyUrl,
  type Protocol,
  PROTOCOLS,
  type ProxyMetadata,
  type ProxyUrl,
  redactProxyInput,
  type RejectedLine,
} from "../core/mod.ts";

/** A proxy of a list with what the list says about it. */
export interface ListedProxy extends ProxyMetadata {
  /** Canonical URL, with credentials. */
  readonly url: string;
}

/** What a JSON list held; entries are numbered from 1. */
export interface JsonListResult {
  /** Each different proxy once, in the order of the list. */
  readonly proxies: readonly ListedProxy[];
  /** Entries that repeat an earlier proxy. */
  readonly duplicates: number;
  /** Entries that are no proxy. */
  readonly rejected: readonly RejectedLine[];
  /** Entries in all. */
  readonly lines: number;
}

/** Reads a text as JSON; `undefined` when it is none, as a list that begins with `[2001:db8::1]:8080`. */
export function parseJsonList(text: string, defaultProtocol: Protocol): JsonListResult | undefined {
  const entries = entriesOf(text);
  if (entries === undefined) return undefined;
  const proxies = new Map<string, ListedProxy>();
  const rejected: RejectedLine[] = [];
  let duplicates = 0;
  for (const [index, entry] of entries.entries()) {
    try {
      const { href } = readUrl(entry, defaultProtocol);
      if (proxies.has(href)) duplicates++;
      else proxies.set(href, { url: href, ...(isRecord(entry) ? metadataOf(entry) : {}) });
    } catch (error) {
      if (!(error instanceof InvalidProxyUrlError)) throw error;
      rejected.push({ line: index + 1, input: inputOf(entry), reason: error.reason });
    }
  }
  return { proxies: [...proxies.values()], duplicates, rejected, lines: entries.length };
}

function entriesOf(text: string): readonly unknown[] | undefined {
  if (!/^\uFEFF?\s*[[{]/.test(text)) return undefined;
  try {
    const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    const list = isRecord(content) ? content["proxies"] : content;
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

function readUrl(entry: unknown, defaultProtocol: Protocol): ProxyUrl {
  if (typeof entry === "string") return parseProxyUrl(entry, { defaultProtocol });
  if (!isRecord(entry)) throw new InvalidProxyUrlError("", "the entry is neither a text nor an object");
  const url = textOf(entry, "url");
  if (url !== undefined) return parseProxyUrl(url, { defaultProtocol });
  const host = textOf(entry, "ip", "host");
  if (host === undefined) throw new InvalidProxyUrlError("", "the entry has neither url nor ip");
  const protocol = textOf(entry, "protocol")?.toLowerCase() ?? defaultProtocol;
  const [user, password] = [textOf(entry, "username") ?? "", textOf(entry, "password") ?? ""];
  const userinfo = user === "" && password === ""
    ? ""
    : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  const address = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return parseProxyUrl(`${protocol}://${userinfo}${address}:${textOf(entry, "port") ?? ""}`);
}

function metadataOf(entry: Readonly<Record<string, unknown>>): ProxyMetadata {
  const region = textOf(entry, "region", "country_code");
  const city = textOf(entry, "city");
  const asn = entry["asn"];
  const tags = entry["tags"];
  return {
    ...(region !== undefined && /^[A-Za-z]{2}$/.test(region) ? { region: region.toUpperCase() } : {}),
    ...(city === undefined ? {} : { city: city.slice(0, 100) }),
    ...(typeof asn === "number" && Number.isSafeInteger(asn) && asn > 0 ? { asn } : {}),
    ...(Array.isArray(tags) ? { tags: tags.filter((tag) => typeof tag === "string").slice(0, 32) } : {}),
  };
}

/** The first of the keys that holds a text or a number. */
function textOf(entry: Readonly<Record<string, unknown>>, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = entry[key];
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "number") return String(value);
  }
  return undefined;
}

/** What may be shown of an entry: no credential. */
function inputOf(entry: unknown): string {
  if (typeof entry === "string") return redactProxyInput(entry);
  if (!isRecord(entry)) return "";
  const url = textOf(entry, "url");
  if (url !== undefined) return redactProxyInput(url);
  const protocol = textOf(entry, "protocol") ?? "";
  const scheme = PROTOCOLS.some((known) => known === protocol) ? `${protocol}://` : "";
  return redactProxyInput(`${scheme}${textOf(entry, "ip", "host") ?? ""}:${textOf(entry, "port") ?? ""}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
