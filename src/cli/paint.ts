/** Colours, where somebody sees them. */
import { styleText } from "node:util";

/** Styles in use; what a thing is, not how it looks, decides which. */
export type Style = "bold" | "dim" | "red" | "yellow" | "green" | "cyan";

/** Puts a style on a text, or does not. */
export type Paint = (style: Style | undefined, text: string) => string;

/** Changes nothing. */
export function plain(_style: Style | undefined, text: string): string {
  return text;
}

/** With escape sequences. */
export function coloured(style: Style | undefined, text: string): string {
  return style === undefined || text === "" ? text : styleText(style, text, { validateStream: false });
}

/** Variables that say whether colours are wanted. */
export const COLOUR_VARIABLES: readonly string[] = ["FORCE_COLOR", "NO_COLOR", "TERM"];

/**
 * Whether to colour a stream: `FORCE_COLOR` and then `NO_COLOR` (https://no-color.org) decide, else whether it is
 * a terminal that can show colours. As on Node, an empty `NO_COLOR` says nothing.
 */
export function wantsColours(
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = environment;
  if (FORCE_COLOR !== undefined) return !/^(0|false|no|off)$/i.test(FORCE_COLOR);
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  return isTerminal && TERM !== "dumb";
}

const STATUS_STYLES: Readonly<Record<string, Style>> = {
  healthy: "green",
  ok: "green",
  closed: "green",
  degraded: "yellow",
  warn: "yellow",
  blocked: "yellow",
  "half-open": "yellow",
  unhealthy: "red",
  dead: "red",
  critical: "red",
  fail: "red",
  open: "red",
  unknown: "dim",
  empty: "yellow",
  "-": "dim",
};

/** The style of a word that says how a thing does. */
export function styleOfStatus(word: string): Style | undefined {
  return STATUS_STYLES[word];
}
