/** `validate`: tries the proxies of the pool. */
import type { ValidateOutput, ValidationResult } from "../../../gen/models.ts";
import type { PoolProxy } from "../../core/mod.ts";
import { longestUntried, presentTrials } from "../../service/actions/validate.ts";
import { type OpenedPool, redactValue } from "../../service/mod.ts";
import { proxyFilter } from "../criteria_options.ts";
import { CliError, EXIT, type ExitCode } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import type { Paint, Style } from "../paint.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { type Column, table } from "../table.ts";
import { withSupply } from "../with_supply.ts";

const COLUMNS: readonly Column<ValidationResult>[] = [
  { title: "ID", cell: (row) => row.proxy_id },
  { title: "URL", cell: (row) => row.url },
  { title: "WORKS", cell: (row) => row.valid ? "yes" : "no", style: worksStyle },
  {
    title: "LATENCY",
    align: "right",
    cell: (row) => row.latency_ms === null ? "-" : `${Math.round(row.latency_ms)} ms`,
  },
  { title: "LEVEL", cell: (row) => row.anonymity ?? "-" },
  { title: "HTTPS", cell: (row) => row.https === undefined ? "-" : row.https ? "yes" : "no" },
  { title: "EXIT", cell: (row) => row.exit_ip ?? "-" },
  { title: "REMARK", cell: (row) => row.error ?? "" },
];

function worksStyle(text: string): Style {
  return text === "yes" ? "green" : "red";
}

/** Tries the named proxies, or all that match. */
export function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  return withSupply(args, io, async ({ pool, progress, signal, supply }) => {
    const all = args.positionals.length > 0 ? named(args.positionals, pool) : matching(args, pool);
    const proxies = all.slice(0, args.number("limit") ?? Infinity);
    const report = await supply.try(proxies, { timeoutS: args.number("timeout-s"), signal, progress });
    const output = redactValue(presentTrials(report, proxies.length, all.length));
    const text = args.flag("json") ? JSON.stringify(output, null, 2) + "\n" : asText(output, io.paint);
    return { text, code: output.valid > 0 ? EXIT.ok : EXIT.nothingAvailable };
  });
}

function named(ids: readonly string[], { rotator }: OpenedPool): readonly PoolProxy[] {
  return ids.map((id) => {
    const proxy = rotator.getProxy(id);
    if (proxy === undefined) throw new CliError(`There is no proxy with the id "${id}"`, EXIT.notFound);
    return proxy;
  });
}

function matching(args: ParsedArguments, { rotator }: OpenedPool): readonly PoolProxy[] {
  const proxies = longestUntried(rotator.proxies(proxyFilter(args)));
  if (proxies.length > 0) return proxies;
  throw new CliError(
    rotator.size === 0 ? "The pool is empty: fill it with import or fetch" : "No proxy matches",
    EXIT.nothingAvailable,
  );
}

function asText(output: ValidateOutput, paint: Paint): string {
  const more = output.validated > output.results.length ? `The fastest ${output.results.length}:\n\n` : "";
  const rows = output.results.length === 0 ? "" : `${more}${table(output.results, COLUMNS, paint)}\n`;
  return `${rows}${output.message}.\n`;
}
