/**
 * How an error message shows a value that a caller sent: short, on one line, without credentials.
 *
 * @module
 */
import { redactProxyInput } from "../core/redact.ts";

/** Longest piece of a value that is shown, in characters. */
const SHOWN = 60;
/** Longer text than this is not searched for credentials but only measured. */
const SEARCHED = 4096;

/** The value in a few words; text is quoted. */
export function show(value: unknown): string {
  if (typeof value === "string") {
    return value.length > SEARCHED ? showPlain(value) : JSON.stringify(showPlain(value));
  }
  return showPlain(value);
}

/** The value in a few words; text is not quoted. */
export function showPlain(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value.length > SEARCHED
        ? `a text of ${value.length} characters`
        : cut(withoutCredentials(value));
    case "number":
    case "boolean":
    case "undefined":
      return String(value);
    case "bigint":
      return cut(`${value}n`);
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? `a list of ${value.length}` : "an object";
    default:
      return `a ${typeof value}`;
  }
}

/**
 * Text in which `user:pass@host`, `host:port:user:pass` or their like may hide keeps only the scheme, host and
 * port that can be told. Not word by word: a password may hold blanks.
 */
function withoutCredentials(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
  return line.includes("@") || line.split(":").length > 3 ? redactProxyInput(line) : line;
}

function cut(text: string): string {
  // Cutting between the halves of a character would leave a broken one behind.
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
