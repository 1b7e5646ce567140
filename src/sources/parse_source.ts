/** Reads a list in whatever format it is written. */

import type { ParsedSource, ParseSourceOptions, SourceFormat } from "./found_proxy.ts";
import { linesOf } from "./lines.ts";
import { isCsvHeader, parseCsv } from "./parsers/csv.ts";
import { parseHtml } from "./parsers/html.ts";
import { parseJson } from "./parsers/json.ts";
import { parseText } from "./parsers/text.ts";
import { parseUrls } from "./parsers/urls.ts";

const PARSERS: Readonly<
  Record<SourceFormat, (text: string, options: ParseSourceOptions) => ParsedSource>
> = { text: parseText, urls: parseUrls, csv: parseCsv, json: parseJson, html: parseHtml };

const LOOKED_AT = 4096;

/**
 * Reads a list. Never throws for what is in it: a bad entry is counted and passed over.
 *
 * Cost: linear in the text, which is read to the end or up to `maxProxies`.
 *
 * @example
 * ```ts
 * import { parseSource } from "@proxywhirl/mcp/sources";
 * import assert from "node:assert/strict";
 *
 * const { format, proxies } = parseSource("ip,port,protocol,country\n203.0.113.7,1080,socks5,DE\n");
 * assert.equal(format, "csv");
 * assert.deepEqual(proxies, [{ url: "socks5://203.0.113.7:1080", region: "DE" }]);
 * ```
 *
 * @param text The list
 * @param options Format, meaning of what is left open, limits
 */
export function parseSource(text: string, options: ParseSourceOptions = {}): ParsedSource {
  return PARSERS[options.format ?? guessFormat(text)](text, options);
}

/** How a text seems to be written, by its beginning. */
export function guessFormat(text: string): SourceFormat {
  const start = text.slice(0, LOOKED_AT).replace(/^\uFEFF?\s*/, "");
  if (start.startsWith("{")) return "json";
  if (start.startsWith("[") && !/^\[[0-9a-f:.]+\]:\d/i.test(start)) return "json";
  if (
    /^<(?:!doctype|!--|html|head|body|table|div|p|pre|ul|section)\b/i.test(start) ||
    /<(?:table|tr|td)\b/i.test(start)
  ) {
    return "html";
  }
  for (const { text: line } of linesOf(start)) return isCsvHeader(line) ? "csv" : "text";
  return "text";
}
