/** `sources`: the known lists, and what is remembered of each. */
import { redactUrl } from "../../core/mod.ts";
import { presentTime } from "../../service/presenters.ts";
import type { KnownSource } from "../../service/supply/supply.ts";
import { EXIT, type ExitCode } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { type Column, table } from "../table.ts";
import { withSupply } from "../with_supply.ts";

const COLUMNS: readonly Column<KnownSource>[] = [
  { title: "LIST", cell: ({ source }) => source.name },
  { title: "PROTOCOL", cell: ({ source }) => source.protocol ?? "any" },
  { title: "USE", cell: useOf },
  { title: "LAST ASKED", cell: ({ record }) => record?.lastFetchAt ? presentTime(record.lastFetchAt) : "-" },
  {
    title: "PROXIES",
    align: "right",
    cell: ({ record }) => record?.lastOkAt ? String(record.lastCount) : "-",
  },
  { title: "TRIED", align: "right", cell: ({ record }) => record?.tried ? String(record.tried) : "-" },
  { title: "WORKED", align: "right", cell: workedText },
  { title: "REMARK", cell: ({ record }) => record?.lastError ?? "", style: () => "yellow" },
];

/** Lists the lists. */
export function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  return withSupply(args, io, async ({ supply }) => {
    const sources = await supply.sources();
    const text = args.flag("json")
      ? JSON.stringify(sources.map(forPrograms), null, 2) + "\n"
      : `${
        table(sources, COLUMNS, io.paint)
      }\n${sources.length} lists. fetch without a name asks the recommended ones.\n`;
    return { text, code: EXIT.ok };
  }, { mayBeNew: true });
}

function useOf({ isRecommended, source }: KnownSource): string {
  return source.isEnabled === false ? "by name only" : isRecommended ? "recommended" : "all";
}

function workedText({ record }: KnownSource): string {
  if (record === undefined || record.tried === 0) return "-";
  return `${record.worked} (${(record.worked / record.tried * 100).toFixed(1)} %)`;
}

/** Header fields hold keys: they stay here. */
function forPrograms({ isRecommended, record, source }: KnownSource): object {
  const { format, isEnabled = true, licence, name, protocol, region, url } = source;
  const memory = record === undefined ? null : {
    fetches: record.fetches,
    failures: record.failures,
    failures_in_row: record.failuresInRow,
    last_fetch: record.lastFetchAt === null ? null : presentTime(record.lastFetchAt),
    last_ok: record.lastOkAt === null ? null : presentTime(record.lastOkAt),
    last_count: record.lastCount,
    last_error: record.lastError,
    tried: record.tried,
    worked: record.worked,
  };
  return {
    name,
    url: redactUrl(url),
    format: format ?? null,
    protocol: protocol ?? null,
    region: region ?? null,
    licence: licence ?? null,
    enabled: isEnabled,
    recommended: isRecommended,
    memory,
  };
}
