/**
 * Fills in the text of a prompt.
 *
 * @module
 */
import type { PromptSpec } from "./spec.ts";

/** Longest argument taken over into a text. */
const LONGEST = 256;

/**
 * The prompt's text with its arguments. A missing or empty argument leaves the fallback in its place. Values
 * stand inside JSON texts, so they are escaped, and cut at 256 characters.
 */
export function renderPrompt(
  prompt: PromptSpec,
  values: Readonly<Record<string, string | undefined>> = {},
): string {
  return prompt.text.replace(/\{\{(\w+)\|([^}]*)\}\}/g, (_whole, name: string, fallback: string) => {
    const value = Object.hasOwn(values, name) ? values[name]?.trim() : undefined;
    if (value === undefined || value === "") return fallback;
    return JSON.stringify(value.slice(0, LONGEST)).slice(1, -1).replaceAll("`", "'");
  });
}
