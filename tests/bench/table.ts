/** Prints figures beside their budgets. */

import { type BenchRow, isOverBudget } from "./bench_row.ts";

/** The rows as an aligned table, one line each; a figure that misses its budget is marked with `!`. */
export function formatRows(rows: readonly BenchRow[]): string {
  const cells = rows.map((row) => [
    row.name,
    `${formatNumber(row.value)} ${row.unit}`,
    row.budget === undefined
      ? ""
      : `${row.unit.endsWith("/s") ? ">=" : "<="} ${formatNumber(row.budget)} ${row.unit}`,
    isOverBudget(row) ? "!" : " ",
    row.note ?? "",
  ]);
  const width = (column: number) => Math.max(0, ...cells.map((line) => line[column]?.length ?? 0));
  const [name, value, budget] = [width(0), width(1), width(2)];
  return cells.map(([a = "", b = "", c = "", mark = "", note = ""]) =>
    `${mark} ${a.padEnd(name)}  ${b.padStart(value)}  ${c.padEnd(budget)}  ${note}`.trimEnd()
  ).join("\n");
}

/** Three significant digits, thousands apart: `0.0123`, `1.23`, `123`, `12 345`. */
export function formatNumber(value: number): string {
  if (Math.abs(value) < 100) return String(Number(value.toPrecision(3)));
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, " ");
}
