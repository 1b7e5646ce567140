/**
 * Reads the answer of a judge, ours or one of those on the web: JSON with the header (`httpbin.org/get`), lines like
 * `REMOTE_ADDR = …` (azenv), `ip=…` (Cloudflare's trace), or the bare address (ipify and its like).
 */

import { isIP } from "node:net";

/** What a judge saw. */
export interface JudgeEcho {
  /** Address the request came from; null when the judge does not say. */
  readonly remoteAddress: string | null;
  /** Header fields that arrived, names in lower case; null when the judge does not say. */
  readonly headers: Readonly<Record<string, string>> | null;
}

type Fields = Readonly<Record<string, unknown>>;

const ADDRESS_KEYS = ["remote_address", "origin", "ip", "ip_addr", "ip_address", "query", "remote_addr"];
const LINE = /^[ \t]*(\w{2,60})[ \t]*[=:][ \t]*(.{0,2000}?)[ \t]*$/gm;

/** Reads an answer; undefined when it is not that of a judge. */
export function readEcho(status: number, body: string): JudgeEcho | undefined {
  if (status === 204) return { remoteAddress: null, headers: null };
  if (status !== 200) return undefined;
  const text = body.trim();
  const bare = addressIn(text);
  if (bare !== undefined) return { remoteAddress: bare, headers: null };
  return text.startsWith("{") ? fromJson(text) : fromLines(text);
}

function fromJson(text: string): JudgeEcho | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const fields = value as Fields;
  const address = ADDRESS_KEYS.map((key) => addressIn(fields[key])).find((found) => found !== undefined);
  const { headers } = fields;
  const hasHeaders = typeof headers === "object" && headers !== null && !Array.isArray(headers);
  if (address === undefined && !hasHeaders) return undefined;
  return { remoteAddress: address ?? null, headers: hasHeaders ? lowered(Object.entries(headers)) : null };
}

function fromLines(text: string): JudgeEcho | undefined {
  const pairs = [...text.matchAll(LINE)].map(([, key = "", value = ""]) =>
    [key.toLowerCase(), value] as const
  );
  const address = pairs.find(([key]) => key === "remote_addr" || key === "ip")?.[1];
  const remoteAddress = addressIn(address);
  if (remoteAddress === undefined) return undefined;
  const headers = pairs.filter(([key]) => key.startsWith("http_"))
    .map(([key, value]) => [key.slice("http_".length).replaceAll("_", "-"), value] as const);
  return { remoteAddress, headers: headers.length === 0 ? null : lowered(headers) };
}

function lowered(entries: readonly (readonly [string, unknown])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entries.map((
      [name, value],
    ) => [name.toLowerCase(), Array.isArray(value) ? value.join(", ") : String(value)]),
  );
}

/** Several addresses are a chain of which the last is the nearest. */
function addressIn(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 200) return undefined;
  const last = value.split(",").at(-1)?.trim().replace(/^\[|\]$/g, "").replace(/^::ffff:(?=\d+\.)/i, "") ??
    "";
  return isIP(last) === 0 ? undefined : last;
}
