/**
 * Gets a text from the web, from this machine's own address: lists are public and proxies are slow.
 *
 * Nothing of the environment has a say (`HTTP_PROXY` and the like), private addresses are refused at every step
 * unless allowed, and everything has a limit: time, size as it comes and as it is unpacked, redirects.
 */

import { Buffer } from "node:buffer";
import { redactUrl } from "../core/mod.ts";
import {
  NetError,
  requestThrough,
  type RequestThroughResult,
  TargetRefusedError,
  type TlsLayer,
} from "../net/mod.ts";
import { ACCEPTED_ENCODINGS, decodeBody } from "./decode_body.ts";
import { SourceError } from "./source_error.ts";

/** Terms of {@linkcode fetchText}. */
export interface FetchTextOptions {
  /** Longest time for everything, redirects included, ms. @default {20_000} */
  readonly timeoutMs?: number | undefined;
  /** Longest text, bytes; what is beyond is cut. @default {16_777_216} */
  readonly maxBytes?: number | undefined;
  /** Redirects that are followed. @default {5} */
  readonly maxRedirects?: number | undefined;
  /** Whether the address, or one it redirects to, may be private. @default {false} */
  readonly allowPrivate?: boolean | undefined;
  /** Header fields to send, for example `authorization`; not sent on to another origin. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `etag` of the copy at hand. */
  readonly etag?: string | undefined;
  /** `last-modified` of the copy at hand. */
  readonly lastModified?: string | undefined;
  /** How certificates are checked. */
  readonly tls?: TlsLayer | undefined;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
}

/** A text from the web. */
export interface FetchedText {
  /** Whether the copy at hand is still good; then there is no text. */
  readonly isNotModified: boolean;
  /** The text. */
  readonly text: string;
  /** Whether it was longer than `maxBytes` and is its beginning. */
  readonly isCut: boolean;
  /** `content-type`. */
  readonly contentType: string | null;
  /** `etag` to ask with the next time. */
  readonly etag: string | null;
  /** `last-modified` to ask with the next time. */
  readonly lastModified: string | null;
}

const DEFAULT_TIMEOUT_MS = 20_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const DEFAULT_MAX_REDIRECTS = 5;
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Gets a text.
 *
 * @param url Where; http or https
 * @param options Limits, and what is at hand already
 * @throws {SourceError} saying what went wrong
 * @throws the reason of the signal when the caller gives up
 */
export async function fetchText(url: string, options: FetchTextOptions = {}): Promise<FetchedText> {
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  return await textOf(await fetchBytes(url, options), maxBytes);
}

/**
 * Gets whatever is at a URL, whatever its status, as it comes; redirects are followed.
 *
 * @throws {SourceError} when there is no answer, or too many redirects
 * @throws the reason of the signal when the caller gives up
 */
export async function fetchBytes(url: string, options: FetchTextOptions = {}): Promise<RequestThroughResult> {
  const { maxBytes = DEFAULT_MAX_BYTES, maxRedirects = DEFAULT_MAX_REDIRECTS } = options;
  const deadline = performance.now() + (options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  let address = addressOf(url);
  const { origin } = address;
  for (let redirects = 0;; redirects++) {
    const timeoutMs = deadline - performance.now();
    if (timeoutMs <= 0) throw new SourceError("SOURCE_TIMED_OUT", "Timed out while following redirects");
    const answer = await ask(address, { ...options, maxBytes, timeoutMs }, address.origin === origin);
    const location = answer.headers.get("location");
    if (!isRedirect(answer.status) || location === null) return answer;
    if (redirects >= maxRedirects) {
      throw new SourceError("SOURCE_REDIRECTS", `Redirected more than ${maxRedirects} times`);
    }
    address = addressOf(location, address);
  }
}

/** A header `retry-after` in ms from now: seconds or a date, at most a day. */
export function retryAfterMs(header: string | null, nowMs: number = Date.now()): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS) : undefined;
}

function addressOf(url: string, base?: URL): URL {
  let address: URL;
  try {
    address = new URL(url, base);
  } catch {
    throw new SourceError("INVALID_SOURCE", `Cannot read "${redactUrl(url).slice(0, 200)}": it is not a URL`);
  }
  if (address.protocol !== "http:" && address.protocol !== "https:") {
    throw new SourceError(
      "SOURCE_REFUSED",
      `Cannot fetch scheme "${address.protocol.slice(0, 20)}": use http or https`,
    );
  }
  return address;
}

type AskOptions = FetchTextOptions & { readonly maxBytes: number; readonly timeoutMs: number };

async function ask(address: URL, options: AskOptions, isOwnOrigin: boolean): Promise<RequestThroughResult> {
  const { allowPrivate, etag, lastModified, maxBytes, signal, timeoutMs, tls } = options;
  try {
    return await requestThrough(null, address, {
      headers: {
        "accept": "*/*",
        "accept-encoding": ACCEPTED_ENCODINGS,
        "user-agent": "proxywhirl",
        ...authorizationOf(address),
        ...(isOwnOrigin ? options.headers : {}),
        ...(etag === undefined ? {} : { "if-none-match": etag }),
        ...(lastModified === undefined ? {} : { "if-modified-since": lastModified }),
      },
      maxBytes,
      timeoutMs,
      timeouts: { connectMs: timeoutMs, tlsMs: timeoutMs },
      allowPrivate: allowPrivate ?? false,
      signal,
      tls,
    });
  } catch (cause) {
    throw sourceErrorFrom(cause);
  }
}

/** User and password in the URL of a source, as for a private list. */
function authorizationOf({ password, username }: URL): Readonly<Record<string, string>> {
  if (username === "" && password === "") return {};
  const pair = [username, password].map((part) => part.replace(/%[0-9a-f]{2}/gi, unescaped)).join(":");
  return { authorization: `Basic ${Buffer.from(pair, "latin1").toString("base64")}` };
}

function unescaped(escape: string): string {
  return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
}

function sourceErrorFrom(cause: unknown): unknown {
  if (cause instanceof TargetRefusedError) return new SourceError("SOURCE_REFUSED", cause.message, { cause });
  if (!(cause instanceof NetError)) return cause;
  const code = cause.code === "TIMED_OUT" ? "SOURCE_TIMED_OUT" : "SOURCE_UNREACHABLE";
  return new SourceError(code, cause.message, { cause });
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

async function textOf(answer: RequestThroughResult, maxBytes: number): Promise<FetchedText> {
  const { body, headers, isTruncated, status } = answer;
  const contentType = headers.get("content-type");
  const validators = { etag: headers.get("etag"), lastModified: headers.get("last-modified") };
  if (status === 304) return { isNotModified: true, text: "", isCut: false, contentType, ...validators };
  if (status !== 200) {
    const isBusy = status === 429 || status === 503;
    throw new SourceError("SOURCE_STATUS", `The source answered ${status}`, {
      retryAfterMs: isBusy ? retryAfterMs(headers.get("retry-after")) : undefined,
    });
  }
  const encoding = headers.get("content-encoding");
  const decoded = await decodeBody({ body, isTruncated, encoding, contentType, maxBytes });
  return { isNotModified: false, contentType, ...decoded, ...validators };
}
