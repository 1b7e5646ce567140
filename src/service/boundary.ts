/**
 * The last thing that anything passes before it leaves the program: every string of a result, an error, a
 * resource or a log line loses the credentials of the URLs in it.
 *
 * Presenters already show public URLs only. This is the second lock: what a presenter, an error message or a
 * value echoed from a caller forgets, is caught here.
 *
 * @module
 */
import { redactText } from "../core/redact.ts";
import { hideTrailingCredentials, hideUserinfo } from "./bare_credentials.ts";

/** Options of {@linkcode redactValue}. */
export interface RedactOptions {
  /** Deeper levels, as well as circles, are cut. @default {64} */
  readonly maxDepth?: number;
}

/**
 * A copy of a JSON-like value without credentials in its keys and strings. `Error` becomes its message;
 * parts that need no change are not copied.
 */
export function redactValue<T>(value: T, options: RedactOptions = {}): T {
  return redactNode(value, options.maxDepth ?? 64) as T;
}

/**
 * Removes credentials from a text: the userinfo of every `scheme://…`, and the two forms without a scheme in
 * which lists write them, `user:pass@host` and `host:port:user:pass`.
 */
export function redactString(text: string): string {
  if (!text.includes(":")) return text;
  const withoutUrls = hideTrailingCredentials(redactText(text));
  return withoutUrls.includes("@") ? hideUserinfo(withoutUrls) : withoutUrls;
}

/**
 * A caller's text in a message: one value, so whatever stands before its last `@` may be a credential, spaces and
 * slashes included. Cut only afterwards, since a cut could take away the `@` by which a credential is known.
 */
export function excerpt(text: string, maxLength = 80): string {
  if (text.length > 4096) return `a text of ${text.length} characters`;
  const at = text.lastIndexOf("@");
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0] ?? "";
  const shown = redactString(at < 0 ? text : `${scheme}***@${text.slice(at + 1)}`);
  return shown.length > maxLength ? `${shown.slice(0, maxLength - 1)}…` : shown;
}

function redactNode(value: unknown, depth: number): unknown {
  if (typeof value === "string") return redactString(value);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Error) return redactString(value.message);
  if (depth === 0) return null;
  if (Array.isArray(value)) return redactArray(value, depth - 1);
  return redactRecord(value as Readonly<Record<string, unknown>>, depth - 1);
}

function redactArray(values: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  values.forEach((value, index) => {
    const redacted = redactNode(value, depth);
    if (redacted !== value) (copy ??= values.slice())[index] = redacted;
  });
  return copy ?? values;
}

function redactRecord(record: Readonly<Record<string, unknown>>, depth: number): unknown {
  let isChanged = false;
  const entries = Object.entries(record).map(([key, value]): [string, unknown] => {
    const entry: [string, unknown] = [redactString(key), redactNode(value, depth)];
    isChanged ||= entry[0] !== key || entry[1] !== value;
    return entry;
  });
  return isChanged ? Object.fromEntries(entries) : record;
}
