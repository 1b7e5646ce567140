/** Plain text: a proxy a line, in any form that the core reads; `address:port:Country` tells the country. */

import { parseProxyList, type ProxyMetadata } from "../../core/mod.ts";
import { Collector } from "../collector.ts";
import { countryCode } from "../country.ts";
import type { ParsedSource, ParseSourceOptions } from "../found_proxy.ts";

/** Read at a time: a list that is far too long is given up early, and its memory with it. */
const PART_LENGTH = 1 << 20;
const WITH_COUNTRY = /^((?:\d{1,3}\.){3}\d{1,3}:\d{1,5}):(\p{Lu}[\p{L}\p{M} .,'’()-]{1,59})$/gmu;

/** Reads a list in plain text. Cost: linear; 100 000 lines take some 80 ms. */
export function parseText(text: string, options: ParseSourceOptions = {}): ParsedSource {
  const collector = new Collector(options);
  collectText(text, collector, options);
  return collector.result("text");
}

/** Reads plain text into a collector. */
export function collectText(text: string, collector: Collector, options: ParseSourceOptions): void {
  const source = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  const listOptions = { defaultProtocol: options.defaultProtocol ?? "http" };
  let line = 0;
  for (let start = 0; start < source.length && !collector.isFull;) {
    const part = nextPart(source, start);
    start += part.length;
    const list = parseProxyList(part, listOptions);
    const countries = countriesIn(part);
    for (const proxy of list.proxies) {
      collector.add(proxy, countries?.get(`${proxy.host}:${proxy.port}`));
    }
    for (const rejected of list.rejected) {
      collector.reject(line + rejected.line, rejected.input, rejected.reason);
    }
    collector.countDuplicates(list.duplicates);
    if (start < source.length) line += linesIn(part);
  }
}

/** Undefined for a list that does not begin with a country here or there. */
function countriesIn(part: string): ReadonlyMap<string, ProxyMetadata> | undefined {
  if (!/:\d{1,5}:\p{Lu}/u.test(part.slice(0, 4096))) return undefined;
  const found = new Map<string, ProxyMetadata>();
  for (const [, address = "", name = ""] of part.matchAll(WITH_COUNTRY)) {
    const region = countryCode(name);
    if (region !== undefined) found.set(address, { region });
  }
  return found;
}

/** Whole lines; a line that is longer than a part is cut, as it is no proxy anyway. */
function nextPart(source: string, start: number): string {
  if (source.length - start <= PART_LENGTH) return source.slice(start);
  const end = source.lastIndexOf("\n", start + PART_LENGTH);
  return source.slice(start, end < start ? start + PART_LENGTH : end + 1);
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
