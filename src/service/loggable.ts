/**
 * What may stand in a log line: no credential, and nothing without bounds. A line is made of what callers, sites and
 * proxies sent, and whoever can write into a log should not be able to fill a disk.
 */
import { redactString } from "./boundary.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Longest text that is looked at, characters: a credential at a cut further on cannot be seen. */
const MAX_READ = 65_536;
/** Longest text that is written, characters. */
const MAX_TEXT = 2_000;
const MAX_ITEMS = 50;
const MAX_DEPTH = 6;
/** Names under which secrets go. */
const SECRET_NAME =
  /^(?:.*[_-])?(?:api[_-]?key|authorization|passw(?:or)?d|pass|secret|token|credentials?|cookie|set-cookie)$/i;
const SECRET_PARAMETER =
  /([?&;](?:[\w-]*(?:api[_-]?key|token|secret|passw(?:or)?d|signature)|key|auth|sig)=)[^&;#\s"'<>]+/gi;
const SCHEME_SECRET = /\b(Bearer|Basic)[ \t]+[\w+/=.~-]{8,}/gi;
const JSON_SECRET = /("(?:[\w-]*(?:api_?key|password|token|secret))"\s*:\s*")(?:[^"\\]|\\.)*/gi;

/**
 * A copy that may be written.
 *
 * @param fields Values by name
 * @param secrets Texts that must not be in it
 */
export function loggable(fields: Fields, secrets: readonly string[] = []): Fields {
  return record(fields, { depth: MAX_DEPTH, secrets: secrets.filter((secret) => secret !== "") });
}

/** The same for a single text. */
export function loggableText(value: string, secrets: readonly string[] = []): string {
  return text(value, secrets.filter((secret) => secret !== ""));
}

interface Context {
  readonly depth: number;
  readonly secrets: readonly string[];
}

function record(value: Fields, context: Context): Fields {
  const entries = Object.entries(value).slice(0, MAX_ITEMS);
  return Object.fromEntries(
    entries.map(([key, item]): [string, unknown] => [
      text(key, context.secrets),
      SECRET_NAME.test(key) && item !== null && item !== undefined ? "***" : node(item, context),
    ]),
  );
}

function node(value: unknown, context: Context): unknown {
  if (typeof value === "string") return text(value, context.secrets);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  if (typeof value !== "object") return undefined;
  if (value instanceof Error) return text(value.message, context.secrets);
  if (context.depth === 0) return null;
  const inner = { ...context, depth: context.depth - 1 };
  if (value instanceof Date) return value.toJSON();
  if (value instanceof URL) return text(value.href, context.secrets);
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => node(item, inner));
  return record(value as Fields, inner);
}

function text(value: string, secrets: readonly string[]): string {
  const read = value.length > MAX_READ ? value.slice(0, MAX_READ) : value;
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), read);
  const safe = redactString(known)
    .replace(SECRET_PARAMETER, "$1***")
    .replace(SCHEME_SECRET, "$1 ***")
    .replace(JSON_SECRET, "$1***");
  return safe.length > MAX_TEXT ? `${safe.slice(0, MAX_TEXT - 1)}…` : safe;
}
