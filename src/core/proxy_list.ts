/** Reads a list of proxies, one a line, and never stops at a bad one. */

import { type ProxyUrl, readPlainIpv4, readProxyUrl } from "./proxy_url.ts";
import { redactProxyInput } from "./redact.ts";
import type { Protocol } from "./types.ts";

/** A line that is not a proxy. */
export interface RejectedLine {
  /** Line number, from 1. */
  readonly line: number;
  /** The line as it may be shown: no credentials, at most 80 characters. */
  readonly input: string;
  /** What is wrong with it. */
  readonly reason: string;
}

/** What a list held. */
export interface ProxyListResult {
  /** Each different proxy once, in the order of the list. */
  readonly proxies: readonly ProxyUrl[];
  /** Lines that repeat an earlier proxy. */
  readonly duplicates: number;
  /** Lines that are no proxy. */
  readonly rejected: readonly RejectedLine[];
  /** Lines that are neither blank nor a comment. */
  readonly lines: number;
}

/** How to read a list. */
export interface ParseProxyListOptions {
  /** For lines without `scheme://`. @default {"http"} */
  readonly defaultProtocol?: Protocol;
}

const MAX_LINE_LENGTH = 4096;

/**
 * Reads a list: a proxy a line in any form of {@linkcode parseProxyUrl}, or host and port in two columns.
 * LF, CRLF, CR and a byte order mark are fine; blank lines and lines that start with `#`, `//` or `;` are
 * skipped; whatever follows the first white space, comma or `|` is a note.
 *
 * Cost: linear; 100 000 plain lines take some 60 ms.
 */
export function parseProxyList(text: string, options: ParseProxyListOptions = {}): ProxyListResult {
  const defaultProtocol = options.defaultProtocol ?? "http";
  const seen = new Set<string>();
  const proxies: ProxyUrl[] = [];
  const rejected: RejectedLine[] = [];
  let lines = 0;
  let duplicates = 0;
  let number = 0;
  const source = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  let start = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (start < source.length) {
    number++;
    const newline = source.indexOf("\n", start);
    const end = newline < 0 ? source.length : newline;
    const line = source.slice(start, end).trim();
    start = end + 1;
    if (line === "") continue;
    const plain = readPlainIpv4(line, defaultProtocol);
    if (!plain && isComment(line)) continue;
    lines++;
    const result = plain ?? readLine(line, defaultProtocol);
    if (typeof result === "string") {
      rejected.push({
        line: number,
        input: redactProxyInput(line.slice(0, MAX_LINE_LENGTH)),
        reason: result,
      });
    } else if (seen.has(result.href)) {
      duplicates++;
    } else {
      seen.add(result.href);
      proxies.push(result);
    }
  }
  return { proxies, duplicates, rejected, lines };
}

function readLine(line: string, defaultProtocol: Protocol): ProxyUrl | string {
  if (line.length > MAX_LINE_LENGTH) return `the line is longer than ${MAX_LINE_LENGTH} characters`;
  const result = readProxyUrl(firstField(line), defaultProtocol);
  if (typeof result !== "string" || !/[,|].*@/.test(line)) return result;
  // A comma or bar before the `@` is a part of the password.
  const whole = readProxyUrl(line.split(/\s/, 1)[0] ?? "", defaultProtocol);
  return typeof whole === "string" ? result : whole;
}

function isComment(line: string): boolean {
  return line.startsWith("#") || line.startsWith("//") || line.startsWith(";");
}

/** The proxy without its notes; `host port` and `host,port` become `host:port`. */
function firstField(line: string): string {
  const fields = line.split(/[\s,|]+/, 2);
  const first = (fields[0] ?? "").replace(/^"|"$/g, "");
  const second = (fields[1] ?? "").replace(/^"|"$/g, "");
  const isHostOnly = (!first.includes(":") || /^\[.*\]$/.test(first)) && /^\d{1,5}$/.test(second);
  return isHostOnly ? `${first}:${second}` : first;
}
