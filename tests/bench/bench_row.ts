/** One measured figure. */

/** What a function of a `*.bench.ts` file returns, one for each figure. */
export interface BenchRow {
  /** What was measured, e.g. `acquire + report, round-robin, n = 1000`. */
  readonly name: string;
  /** The figure. */
  readonly value: number;
  /** Its unit: `µs`, `ms`, `MB`, or a rate such as `/s`. */
  readonly unit: string;
  /** The most it may be; for a rate (a unit that ends in `/s`) the least. Absent: no budget is set. */
  readonly budget?: number;
  /** What a reader should know besides. */
  readonly note?: string;
}

/** Whether the figure misses its budget. */
export function isOverBudget(row: BenchRow): boolean {
  if (row.budget === undefined) return false;
  return row.unit.endsWith("/s") ? row.value < row.budget : row.value > row.budget;
}
