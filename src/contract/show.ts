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

/** Word by word and without backtracking: the text is hostile. */
function withoutCredentials(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").split(" ").map(cleanWord).join(" ");
}

/** Anything in which `user:pass@host`, `host:port:user:pass` or their like may hide keeps only its host and port. */
function cleanWord(word: string): string {
  return word.includes("@") || word.split(":").length > 3 ? redactProxyInput(word) : word;
}

function cut(text: string): string {
  // Cutting between the halves of a character would leave a broken one behind.
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
