/** `fetch`: fills the pool from public lists. */
import type { FetchOutput, SourceResult } from "../../../gen/models.ts";
import { redactValue } from "../../service/mod.ts";
import { presentFill } from "../../service/actions/fetch.ts";
import { EXIT, type ExitCode, UsageError } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { type Column, table } from "../table.ts";
import { withSupply } from "../with_supply.ts";

const DEFAULT_MAX_PROXIES = 100;

const COLUMNS: readonly Column<SourceResult>[] = [
  { title: "LIST", cell: (row) => row.name },
  { title: "PROXIES", align: "right", cell: (row) => row.ok ? String(row.count) : "-" },
  { title: "REMARK", cell: (row) => row.error ?? "" },
];

/** Fetches lists and adds what works. */
export function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  const maxProxies = args.number("max-proxies") ?? DEFAULT_MAX_PROXIES;
  if (maxProxies < 1) throw new UsageError(`Option --max-proxies is ${maxProxies}, allowed: 1 and more`);
  const validate = args.has("validate") ? args.flag("validate") : true;
  return withSupply(args, io, async ({ pool, progress, signal, supply }) => {
    const report = await supply.fill({ sources: args.positionals, maxProxies, validate, signal, progress });
    const output = redactValue(presentFill(report, validate, pool.rotator.size));
    const text = args.text("format") === "json" ? JSON.stringify(output, null, 2) + "\n" : asText(output);
    return { text, code: output.success ? EXIT.ok : EXIT.failed };
  }, { mayBeNew: true });
}

function asText({ message, pool_size, sources }: FetchOutput): string {
  return `${table(sources, COLUMNS)}\n${message}.\nThe pool has ${pool_size} proxies.\n`;
}
