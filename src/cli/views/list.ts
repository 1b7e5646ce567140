/** `list`: the proxies of the pool as a table. */
import type { ListOutput, ProxyRow } from "../../../gen/models.ts";
import { EXIT } from "../exit_codes.ts";
import { type Paint, styleOfStatus } from "../paint.ts";
import { type Column, table } from "../table.ts";
import type { View } from "./view.ts";

const COLUMNS: readonly Column<ProxyRow>[] = [
  { title: "ID", cell: (row) => row.id },
  { title: "URL", cell: (row) => row.url },
  { title: "STATUS", cell: (row) => row.status, style: styleOfStatus },
  { title: "REGION", cell: (row) => row.region },
  { title: "SUCCESS", align: "right", cell: successText },
  {
    title: "LATENCY",
    align: "right",
    cell: (row) => row.avg_latency_ms ? `${Math.round(row.avg_latency_ms)} ms` : "-",
  },
  { title: "REQUESTS", align: "right", cell: (row) => String(row.total_requests) },
];

/** The page, how many there are of which health, and how to go on. */
export const view: View<ListOutput> = {
  text: asText,
  exitCode: ({ total }) => total === 0 ? EXIT.nothingAvailable : EXIT.ok,
};

function successText(row: ProxyRow): string {
  return row.total_requests === 0 ? "-" : `${(row.success_rate * 100).toFixed(1)} %`;
}

function asText(output: ListOutput, paint: Paint): string {
  if (output.total === 0) return "No proxy matches.\n";
  const { proxies, total, healthy, degraded, unhealthy, dead, unknown } = output;
  const counts =
    `${total} ${
      total === 1 ? "proxy matches" : "proxies match"
    }: ${healthy} healthy, ${degraded} degraded, ` +
    `${unhealthy} unhealthy, ${dead} dead, ${unknown} never tried.\n`;
  const more = output.next_cursor === undefined
    ? ""
    : `Shown: ${proxies.length}. For more: --cursor ${output.next_cursor}, or a larger --limit (up to 1000).\n`;
  return table(proxies, COLUMNS, paint) + "\n" + counts + more;
}
