/** `import`: reads proxy lists into the database. Never stops at a bad line. */
import type { NewProxy } from "../../store/mod.ts";
import { parseProxyList, type Protocol, type ProxyMetadata, type RejectedLine } from "../../core/mod.ts";
import { textsSetting } from "../../service/list_setting.ts";
import { openStore } from "../../store/mod.ts";
import { CliError, EXIT, type ExitCode, UsageError } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import { type JsonListResult, parseJsonList } from "../json_list.ts";
import { protocolOfFile } from "../list_protocol.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { settingsOf } from "../setting_options.ts";
import { printable } from "../table.ts";

const REJECTED_SHOWN = 10;

/** A list as it was read. */
interface NamedList {
  readonly name: string;
  readonly list: JsonListResult;
}

/** What became of one file. */
interface FileReport {
  readonly name: string;
  readonly lines: number;
  readonly added: number;
  readonly duplicates: number;
  readonly rejected: readonly RejectedLine[];
}

/** Imports every file, and tells line by line what was not taken. */
export async function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  const metadata = metadataOf(args);
  const { db, regionFiles } = await settingsOf(args, io);
  const locate = metadata.region === undefined ? await locator(regionFiles) : () => ({});
  const lists: NamedList[] = [];
  for (const path of args.positionals) lists.push(await readList(path, args, io));
  const { store, warning } = await openStore(db);
  try {
    if (warning !== undefined) throw new CliError(`Cannot import into "${db}": ${warning}`);
    const reports: FileReport[] = [];
    for (const { name, list } of lists) {
      const proxies = list.proxies.map((proxy): NewProxy => ({
        ...proxy,
        ...(proxy.region === undefined ? locate(proxy.url) : {}),
        source: name,
        ...metadata,
      }));
      const results = await store.upsert(proxies);
      const added = results.filter((result) => result.isNew).length;
      const duplicates = list.duplicates + results.length - added;
      reports.push({ name, lines: list.lines, added, duplicates, rejected: list.rejected });
    }
    const size = (await store.loadAll()).length;
    tell(reports, { location: store.location, size }, args, io);
    return reports.some((report) => report.added + report.duplicates > 0) ? EXIT.ok : EXIT.failed;
  } finally {
    await store.close();
  }
}

/** What region files say of where a proxy is; nothing when there are none. */
async function locator(regionFiles: string | null): Promise<(url: string) => ProxyMetadata> {
  const paths = textsSetting(regionFiles, "region_files");
  if (paths.length === 0) return () => ({});
  const { RegionFinder } = await import("../../service/supply/region_finder.ts");
  const { hostOf } = await import("../../service/supply/host_of.ts");
  const finder = new RegionFinder(paths, (error) => {
    throw new CliError(error instanceof Error ? error.message : String(error));
  });
  const locate = await finder.open();
  return (url) => locate(hostOf(url));
}

function metadataOf(args: ParsedArguments): Pick<NewProxy, "region" | "tags"> {
  const region = args.text("region");
  if (region !== undefined && !/^[A-Za-z]{2}$/.test(region)) {
    throw new UsageError(`Option --region is "${region}", allowed: a two-letter country code such as US`);
  }
  const tags = args.texts("tag");
  return {
    ...(region === undefined ? {} : { region: region.toUpperCase() }),
    ...(tags.length === 0 ? {} : { tags }),
  };
}

async function readList(path: string, args: ParsedArguments, io: CliIo): Promise<NamedList> {
  const isStdin = path === "-";
  const name = isStdin ? "stdin" : path.split(/[/\\]/).at(-1) ?? path;
  const text = isStdin ? await io.readStdin() : await readFile(path, io);
  const guess = protocolOfFile(path);
  const given = args.text("protocol") as Protocol | undefined;
  const defaultProtocol = given ?? guess.protocol;
  const json = parseJsonList(text, defaultProtocol);
  if (json !== undefined) return { name, list: json };
  if (given === undefined && guess.remark !== undefined) io.err(`Note: ${guess.remark}\n`);
  const list = parseProxyList(text, { defaultProtocol });
  return { name, list: { ...list, proxies: list.proxies.map(({ href }) => ({ url: href })) } };
}

async function readFile(path: string, io: CliIo): Promise<string> {
  try {
    return await io.readTextFile(path);
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code;
    if (code === "ENOENT") throw new CliError(`Cannot read "${path}": there is no such file`, EXIT.notFound);
    const reason = code === "EISDIR"
      ? "it is a directory"
      : error instanceof Error
      ? error.message
      : String(error);
    throw new CliError(`Cannot read "${path}": ${reason}`);
  }
}

function tell(
  reports: readonly FileReport[],
  pool: { readonly location: string; readonly size: number },
  args: ParsedArguments,
  io: CliIo,
): void {
  if (args.text("format") === "json") {
    io.out(JSON.stringify({ files: reports, database: pool.location, pool_size: pool.size }, null, 2) + "\n");
    return;
  }
  for (const report of reports) io.out(summary(report));
  if (reports.length > 1) io.out(summary(total(reports)));
  for (const report of reports) io.out(rejections(report));
  io.out(`The pool in ${pool.location} has ${pool.size} proxies.\n`);
}

function summary(report: FileReport): string {
  const { name, lines, added, duplicates, rejected } = report;
  return `${
    printable(name)
  }: ${lines} lines, ${added} added, ${duplicates} duplicates, ${rejected.length} rejected\n`;
}

function total(reports: readonly FileReport[]): FileReport {
  return {
    name: "in all",
    lines: sum(reports, (report) => report.lines),
    added: sum(reports, (report) => report.added),
    duplicates: sum(reports, (report) => report.duplicates),
    rejected: reports.flatMap((report) => report.rejected),
  };
}

function sum(reports: readonly FileReport[], of: (report: FileReport) => number): number {
  return reports.reduce((total, report) => total + of(report), 0);
}

/** The first few lines that were not taken, then all of them counted by reason. */
function rejections({ name, rejected }: FileReport): string {
  if (rejected.length === 0) return "";
  const first = rejected.slice(0, REJECTED_SHOWN)
    .map(({ line, input, reason }) =>
      `  ${printable(name)}:${line}: ${printable(input)}: ${printable(reason)}\n`
    );
  const counts = new Map<string, number>();
  for (const { reason } of rejected) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const byReason = [...counts].sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `  ${String(count).padStart(6)}  ${printable(reason)}\n`);
  const more = rejected.length > REJECTED_SHOWN
    ? `  and ${rejected.length - REJECTED_SHOWN} more; all by reason:\n`
    : "";
  return `Rejected in ${printable(name)}:\n${first.join("")}${more}${more === "" ? "" : byReason.join("")}`;
}
