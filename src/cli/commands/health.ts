/** `health`: the state of the pool. */
import type { HealthOutput } from "../../../gen/models.ts";
import { callAction } from "../call_action.ts";
import { EXIT, type ExitCode } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { withPool } from "../with_pool.ts";

/** Shows the state of the pool. */
export function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  return withPool(args, io, async (pool) => {
    const output = await callAction(pool, "health");
    io.out(args.text("format") === "json" ? JSON.stringify(output, null, 2) + "\n" : asText(output));
    return output.pool_status === "empty" ? EXIT.nothingAvailable : EXIT.ok;
  });
}

function asText(pool: HealthOutput): string {
  const rows: readonly (readonly [string, string])[] = [
    ["Pool", pool.pool_status],
    ["Proxies", String(pool.total_proxies)],
    ["  healthy", String(pool.healthy_proxies)],
    ["  degraded", String(pool.degraded_proxies)],
    ["  failed", String(pool.failed_proxies)],
    ["  never tried", String(pool.unknown_proxies)],
    ["Open breakers", String(pool.open_circuits)],
    ["Requests", `${pool.total_requests} (${pool.total_successes} ok, ${pool.total_failures} failed)`],
    [
      "Success",
      pool.total_requests === 0 ? "-" : `${(pool.average_success_rate * 100).toFixed(1)} % on average`,
    ],
    ["Latency", pool.average_latency_ms ? `${Math.round(pool.average_latency_ms)} ms on average` : "-"],
  ];
  const remarks = [pool.message, pool.next_step].filter((text) => text !== undefined);
  const lines = rows.map(([name, value]) => `${name.padEnd(15)}${value}\n`).join("");
  return lines + (remarks.length === 0 ? "" : `\n${remarks.join("\n")}\n`);
}
