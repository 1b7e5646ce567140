/** `check-target`: which proxies a site lets in. */
import type { CheckTargetOutput, TargetProbe } from "../../../gen/models.ts";
import { EXIT } from "../exit_codes.ts";
import { type Paint, styleOfStatus } from "../paint.ts";
import { type Column, printable, table } from "../table.ts";
import { nextStep } from "./plain_view.ts";
import type { View } from "./view.ts";

const COLUMNS: readonly Column<TargetProbe>[] = [
  { title: "PROXY", cell: (row) => row.proxy_id },
  { title: "VERDICT", cell: (row) => row.verdict, style: styleOfStatus },
  { title: "STATUS", align: "right", cell: (row) => String(row.status ?? "-") },
  {
    title: "LATENCY",
    align: "right",
    cell: (row) => row.latency_ms === null ? "-" : `${Math.round(row.latency_ms)} ms`,
  },
];

/** Each proxy, and what to do with it. */
export const view: View<CheckTargetOutput> = {
  text: asText,
  exitCode: ({ results }) =>
    results.some(({ verdict }) => verdict === "ok") ? EXIT.ok : EXIT.nothingAvailable,
};

function asText(output: CheckTargetOutput, paint: Paint): string {
  const { advice, checked, clean_ratio, next_step, results, target } = output;
  const share = `${printable(target)} lets in ${Math.round(clean_ratio * 100)} % of those that reached it ` +
    `(${checked} tried). ${printable(advice)}.\n`;
  return `${table(results, COLUMNS, paint)}\n${share}${
    next_step === undefined ? "" : nextStep(next_step, paint)
  }`;
}
