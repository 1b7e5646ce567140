/** `list`: the proxies of the pool as a table. */
import type { ListOutput, ProxyRow } from "../../../gen/models.ts";
import { callAction } from "../call_action.ts";
import { criteriaInput } from "../criteria_options.ts";
import { EXIT, type ExitCode } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { type Column, table } from "../table.ts";
import { withPool } from "../with_pool.ts";

const COLUMNS: readonly Column<ProxyRow>[] = [
  { title: "ID", cell: (row) => row.id },
  { title: "URL", cell: (row) => row.url },
  { title: "STATUS", cell: (row) => row.status },
  { title: "REGION", cell: (row) => row.region },
  { title: "SUCCESS", align: "right", cell: successText },
  {
    title: "LATENCY",
    align: "right",
    cell: (row) => row.avg_latency_ms ? `${Math.round(row.avg_latency_ms)} ms` : "-",
  },
  { title: "REQUESTS", align: "right", cell: (row) => String(row.total_requests) },
];

/** Lists proxies. */
export function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  return withPool(args, io, async (pool) => {
    const limit = args.number("limit");
    const cursor = args.text("cursor");
    const output = await callAction(pool, "list", {
      ...criteriaInput(args),
      ...(limit === undefined ? {} : { limit }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    io.out(args.text("format") === "json" ? JSON.stringify(output, null, 2) + "\n" : asText(output));
    return output.total === 0 ? EXIT.nothingAvailable : EXIT.ok;
  });
}

function successText(row: ProxyRow): string {
  return row.total_requests === 0 ? "-" : `${(row.success_rate * 100).toFixed(1)} %`;
}

function asText(output: ListOutput): string {
  if (output.total === 0) return "No proxy matches.\n";
  const { proxies, total, healthy, degraded, unhealthy, dead, unknown } = output;
  const counts =
    `${total} proxies match: ${healthy} healthy, ${degraded} degraded, ${unhealthy} unhealthy, ` +
    `${dead} dead, ${unknown} never tried.\n`;
  const more = output.next_cursor === undefined
    ? ""
    : `Shown: ${proxies.length}. For more: --cursor ${output.next_cursor}, or a larger --limit (up to 1000).\n`;
  return table(proxies, COLUMNS) + "\n" + counts + more;
}
