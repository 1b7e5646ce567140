/** Values on their way into columns of STRICT tables, and words on their way out. */

import type { CircuitState } from "../core/types.ts";
import type { SqlValue } from "./sqlite_database.ts";

/**
 * For INTEGER NOT NULL, which takes neither a fraction nor NaN nor what is beyond its range; one bad number must
 * not block a whole batch.
 */
export function whole(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.trunc(Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER));
}

/** For REAL. */
export function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** For INTEGER, of a time in ms. */
export function time(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? whole(Math.round(value)) : null;
}

/** A state of a breaker; words may have been written by somebody else. */
export function circuitStateOf(value: SqlValue | undefined): CircuitState {
  return value === "open" || value === "half_open" ? value : "closed";
}
