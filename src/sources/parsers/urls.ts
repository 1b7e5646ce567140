/**
 * URL lists: whatever stands between them, proxies are the URLs with a proxy's scheme and an explicit port. So
 * a note, a Markdown page or a log can be read, and a link in it is not taken for a proxy.
 */

import { readProxyUrl } from "../../core/proxy_url.ts";
import { Collector } from "../collector.ts";
import type { ParsedSource, ParseSourceOptions } from "../found_proxy.ts";
import { linesOf } from "../lines.ts";

const URL_IN_TEXT = /\b(?:https?|socks(?:4a?|5h?)?):\/\/[^\s"'<>`,;|()\\]{1,2048}/gi;
const HAS_PORT = /:\d{1,5}\/?$/;

/** Reads every proxy URL of a text. */
export function parseUrls(text: string, options: ParseSourceOptions = {}): ParsedSource {
  const collector = new Collector(options);
  for (const line of linesOf(text)) {
    if (collector.isFull) break;
    const urls = line.text.match(URL_IN_TEXT) ?? [];
    if (urls.length === 0) collector.reject(line.number, line.text, "the line has no proxy URL");
    for (const match of urls) {
      const url = match.replace(/[.\])}]+$/, "");
      const proxy = HAS_PORT.test(url) ? readProxyUrl(url, "http") : "a proxy URL has a port and no path";
      if (typeof proxy === "string") collector.reject(line.number, url, proxy);
      else collector.add(proxy);
    }
  }
  return collector.result("urls");
}
