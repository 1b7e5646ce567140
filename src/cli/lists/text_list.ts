/** Lists with a proxy a line; the Python program's `all.txt` has a heading before the lines of each protocol. */
import { parseProxyList, type Protocol, type RejectedLine } from "../../core/mod.ts";
import type { ListResult } from "./listed_proxy.ts";

const HEADING = /^#[ \t]*(HTTPS?|SOCKS4A?|SOCKS5H?) Proxies \(\d+\)[ \t]*$/gm;

/** Reads a list of lines. Never fails; a bad line costs itself. */
export function parseTextList(text: string, defaultProtocol: Protocol): ListResult {
  const seen = new Set<string>();
  const rejected: RejectedLine[] = [];
  let [duplicates, lines] = [0, 0];
  for (const part of partsOf(text, defaultProtocol)) {
    const list = parseProxyList(part.text, { defaultProtocol: part.protocol });
    for (const { href } of list.proxies) {
      if (seen.has(href)) duplicates++;
      else seen.add(href);
    }
    duplicates += list.duplicates;
    lines += list.lines;
    for (const line of list.rejected) rejected.push({ ...line, line: line.line + part.linesBefore });
  }
  return { proxies: [...seen].map((url) => ({ url })), duplicates, rejected, lines, notes: [] };
}

interface Part {
  readonly text: string;
  readonly protocol: Protocol;
  readonly linesBefore: number;
}

function partsOf(text: string, defaultProtocol: Protocol): readonly Part[] {
  const headings = text.startsWith("#") || text.includes("\n#")
    ? [...text.replace(/\r\n?/g, "\n").matchAll(HEADING)]
    : [];
  if (headings.length === 0) return [{ text, protocol: defaultProtocol, linesBefore: 0 }];
  const source = text.replace(/\r\n?/g, "\n");
  const starts = [0, ...headings.map(({ index }) => index)];
  let linesBefore = 0;
  return starts.map((start, at) => {
    const part = { text: source.slice(start, starts[at + 1]), protocol: defaultProtocol, linesBefore };
    linesBefore += part.text.split("\n").length - 1;
    const name = headings[at - 1]?.[1]?.toLowerCase();
    return name === undefined ? part : { ...part, protocol: name === "https" ? "http" : name as Protocol };
  });
}
