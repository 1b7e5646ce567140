/** What reading a list gives, whatever its format. */

import type { Protocol, ProxyMetadata, RejectedLine } from "../core/mod.ts";

/** A proxy that a list names, with what the list says about it. */
export interface FoundProxy extends ProxyMetadata {
  /** Canonical URL, with credentials. */
  readonly url: string;
}

/**
 * How a list is written.
 *
 * - `text`: a proxy a line, in any form that `parseProxyUrl` reads.
 * - `urls`: proxy URLs with a scheme, anywhere in any text.
 * - `csv`: columns, with or without a header row.
 * - `json`: an array, an object around one, or an object a line.
 * - `html`: a page with tables, or with proxies in its text.
 */
export type SourceFormat = "text" | "urls" | "csv" | "json" | "html";

/** Every format. */
export const SOURCE_FORMATS: readonly SourceFormat[] = ["text", "urls", "csv", "json", "html"];

/** How to read a list. */
export interface ParseSourceOptions {
  /** How the list is written. @default {a guess from its beginning} */
  readonly format?: SourceFormat;
  /** For entries that name no protocol. @default {"http"} */
  readonly defaultProtocol?: Protocol;
  /**
   * What `https` means in this list. Nearly every public list means an HTTP proxy that tunnels HTTPS: `"http"`.
   *
   * @default {"https"}, TLS to the proxy itself
   */
  readonly readHttpsAs?: "http" | "https";
  /** Stop after so many different proxies. @default {100_000} */
  readonly maxProxies?: number;
  /** Keep so many of the entries that are no proxy; the others are only counted. @default {100} */
  readonly maxRejected?: number;
}

/** What a list held. */
export interface ParsedSource {
  /** How it was read. */
  readonly format: SourceFormat;
  /** Each different proxy once, in the order of the list. Another protocol is another proxy. */
  readonly proxies: readonly FoundProxy[];
  /** Entries that repeat an earlier proxy. */
  readonly duplicates: number;
  /** Entries that are no proxy. */
  readonly rejectedCount: number;
  /** The first of them. */
  readonly rejected: readonly RejectedLine[];
  /** Whether reading stopped at `maxProxies`. */
  readonly isCut: boolean;
}
