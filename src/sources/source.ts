/** Where proxies come from: a public list, or one of the user's own. */

import { createHash } from "node:crypto";
import { type Protocol, PROTOCOLS } from "../core/mod.ts";
import { SOURCE_FORMATS, type SourceFormat } from "./found_proxy.ts";
import { SourceError } from "./source_error.ts";

/** A list of proxies on the web. */
export interface ProxySource {
  /** Short and unique, for people: `monosans-http`. */
  readonly name: string;
  /** Where it is; http or https. */
  readonly url: string;
  /** How it is written. @default {a guess from its beginning} */
  readonly format?: SourceFormat;
  /** For entries that name no protocol. @default {"http"} */
  readonly protocol?: Protocol;
  /** What `https` means in it: TLS to the proxy, or an HTTP proxy that tunnels HTTPS. @default {"http"} */
  readonly readHttpsAs?: "http" | "https";
  /** Country of all its proxies, ISO 3166-1 alpha-2, where the list is about one. */
  readonly region?: string;
  /** Licence of the list, as far as known. */
  readonly licence?: string;
  /** Whether `all` includes it. @default {true} */
  readonly isEnabled?: boolean;
  /** Whether it is among the best before there is experience with any. @default {false} */
  readonly isRecommended?: boolean;
  /** Header fields to send, such as a key of an API. */
  readonly headers?: Readonly<Record<string, string>>;
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const MAX_SOURCES = 1000;

/** Members of a source in a configuration, and what each must be. */
const MEMBERS: Readonly<Record<string, readonly [allowed: string, test: (value: unknown) => boolean]>> = {
  name: ["lower-case letters, digits, . _ -", (value) => typeof value === "string" && NAME.test(value)],
  url: ["an http or https URL", isWebUrl],
  format: [SOURCE_FORMATS.join(", "), (value) => SOURCE_FORMATS.some((format) => format === value)],
  protocol: [PROTOCOLS.join(", "), (value) => PROTOCOLS.some((protocol) => protocol === value)],
  read_https_as: ["http, https", (value) => value === "http" || value === "https"],
  region: ["a two-letter country code", (value) => typeof value === "string" && /^[A-Za-z]{2}$/.test(value)],
  licence: ["a text", (value) => typeof value === "string"],
  enabled: ["true, false", (value) => typeof value === "boolean"],
  recommended: ["true, false", (value) => typeof value === "boolean"],
  headers: ["an object of texts", isHeaders],
};

/**
 * Reads sources as a configuration holds them: an array of objects with the keys of {@linkcode ProxySource} in
 * snake_case (`read_https_as`, `enabled`, `recommended`), or of URLs.
 *
 * @throws {SourceError} `INVALID_SOURCE`, naming the entry, the key, the value and what is allowed
 */
export function readSources(value: unknown): readonly ProxySource[] {
  if (!Array.isArray(value)) throw invalid("sources must be an array");
  if (value.length > MAX_SOURCES) throw invalid(`there are more than ${MAX_SOURCES} sources`);
  const sources = value.map((entry, index) => readSource(entry, `sources[${index}]`));
  const names = new Set<string>();
  for (const { name } of sources) {
    if (names.has(name)) throw invalid(`two sources have the name "${name}"`);
    names.add(name);
  }
  return sources;
}

/**
 * A source for a bare URL. What it holds is guessed from its name: `…/socks5.txt` holds SOCKS5 proxies. It is called
 * after its host and a checksum: the path of a vendor's list often is a key, and names are shown.
 *
 * @throws {SourceError} `INVALID_SOURCE` when it is no http or https URL
 */
export function sourceFromUrl(url: string): ProxySource {
  if (!isWebUrl(url)) throw invalid(`source must be an http or https URL, got "${shown(url)}"`);
  const { hostname, pathname, search } = new URL(url);
  const file = `${pathname}${search}`.toLowerCase();
  const protocol = (["socks5h", "socks5", "socks4a", "socks4"] as const).find((name) => file.includes(name));
  const host = hostname.toLowerCase().replace(/[^a-z0-9.-]+/g, "").slice(0, 50);
  const checksum = createHash("sha256").update(url).digest("hex").slice(0, 6);
  return { name: `${host || "list"}-${checksum}`, url, ...(protocol === undefined ? {} : { protocol }) };
}

function readSource(value: unknown, place: string): ProxySource {
  if (typeof value === "string") return sourceFromUrl(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(`${place} must be an object or a URL`);
  }
  const entry = value as Readonly<Record<string, unknown>>;
  for (const [key, member] of Object.entries(entry)) {
    const rule = Object.hasOwn(MEMBERS, key) ? MEMBERS[key] : undefined;
    if (rule === undefined) {
      throw invalid(
        `${place} has an unknown key "${shown(key)}", allowed: ${Object.keys(MEMBERS).join(", ")}`,
      );
    }
    if (!rule[1](member)) throw invalid(`${place}.${key} is ${shownValue(key, member)}, allowed: ${rule[0]}`);
  }
  if (!Object.hasOwn(entry, "url")) throw invalid(`${place} has no url`);
  const guess = sourceFromUrl(String(entry["url"]));
  const { read_https_as, enabled, recommended, region, ...same } = entry;
  return {
    ...guess,
    ...same,
    ...(read_https_as === undefined ? {} : { readHttpsAs: read_https_as as "http" | "https" }),
    ...(enabled === undefined ? {} : { isEnabled: enabled === true }),
    ...(recommended === undefined ? {} : { isRecommended: recommended === true }),
    ...(region === undefined ? {} : { region: String(region).toUpperCase() }),
  };
}

function isWebUrl(value: unknown): boolean {
  if (typeof value !== "string" || value.length > 2048 || !URL.canParse(value)) return false;
  const { protocol } = new URL(value);
  return protocol === "http:" || protocol === "https:";
}

function isHeaders(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([name, text]) =>
    /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name) && typeof text === "string" &&
    /^[\t\x20-\x7e\x80-\xff]*$/.test(text)
  );
}

function invalid(reason: string): SourceError {
  return new SourceError("INVALID_SOURCE", `Cannot use the sources: ${reason}`);
}

/** Header fields hold keys, and URLs may hold passwords. */
function shownValue(key: string, value: unknown): string {
  return key === "headers" || key === "url" ? "not one" : `"${shown(String(value))}"`;
}

function shown(text: string): string {
  return (URL.canParse(text) ? new URL(text).origin : text).slice(0, 60);
}
