/** `health`: the state of the pool. */
import type { HealthOutput } from "../../../gen/models.ts";
import { EXIT } from "../exit_codes.ts";
import { type Paint, styleOfStatus } from "../paint.ts";
import { facts } from "../table.ts";
import type { View } from "./view.ts";

/** The pool at a glance. */
export const view: View<HealthOutput> = {
  text: asText,
  exitCode: ({ pool_status }) => pool_status === "empty" ? EXIT.nothingAvailable : EXIT.ok,
};

function asText(pool: HealthOutput, paint: Paint): string {
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
  return facts(rows, paint, styleOfStatus) + (remarks.length === 0 ? "" : `\n${remarks.join("\n")}\n`);
}
