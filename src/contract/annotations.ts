/**
 * What a tool tells its host about the actions it offers.
 *
 * @module
 */
import type { ActionSpec } from "./spec.ts";

/** MCP tool annotations. */
export interface ToolAnnotations {
  /** Name for people. */
  readonly title: string;
  /** Whether nothing is changed. */
  readonly readOnlyHint: boolean;
  /** Whether something can be lost. */
  readonly destructiveHint: boolean;
  /** Whether a repetition changes nothing more. */
  readonly idempotentHint: boolean;
  /** Whether hosts outside are reached. */
  readonly openWorldHint: boolean;
}

/** Annotations of a tool that offers these actions: each hint is that of the most far-reaching one. */
export function toolAnnotations(title: string, actions: readonly ActionSpec[]): ToolAnnotations {
  return {
    title,
    readOnlyHint: actions.every((action) => action.effect === "read"),
    destructiveHint: actions.some((action) => action.effect === "destructive"),
    idempotentHint: actions.every((action) => action.idempotent),
    openWorldHint: actions.some((action) => action.openWorld),
  };
}
