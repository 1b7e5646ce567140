/** `request`: the body on standard output, as a program wants it; how it came there on standard error. */
import type { RequestAttempt, RequestOutput } from "../../../gen/models.ts";
import { EXIT } from "../exit_codes.ts";
import { type Paint, styleOfStatus } from "../paint.ts";
import { type Column, printable, table } from "../table.ts";
import { nextStep } from "./plain_view.ts";
import type { View } from "./view.ts";

const COLUMNS: readonly Column<RequestAttempt>[] = [
  { title: "PROXY", cell: (row) => row.proxy_id },
  { title: "VERDICT", cell: (row) => row.verdict, style: styleOfStatus },
  {
    title: "LATENCY",
    align: "right",
    cell: (row) => row.latency_ms === null ? "-" : `${Math.round(row.latency_ms)} ms`,
  },
  { title: "REASON", cell: (row) => row.reason },
];

/** A person wants the whole page, as much as the action gives. */
export const view: View<RequestOutput> = {
  input: { max_bytes: 1_048_576 },
  text: ({ body }) => body === "" || body.endsWith("\n") ? body : `${body}\n`,
  remarks: remarksOf,
  exitCode: ({ verdict }) => verdict === "ok" ? EXIT.ok : EXIT.failed,
};

function remarksOf(
  { attempts, bytes, headers, next_step, status, verdict }: RequestOutput,
  paint: Paint,
): string {
  const type = headers["content-type"] ?? "no content type";
  const head = `${status ?? "no answer"} ${verdict}, ${printable(type)}, ${bytes} bytes`;
  const advice = next_step === undefined ? "" : nextStep(next_step, paint);
  return `${paint(styleOfStatus(verdict), head)}\n${table(attempts, COLUMNS, paint)}${advice}`;
}
