/** `import`: reads proxy lists into the database. Never stops at a bad line. */
import type { NewProxy, ProxyDelta, Store, UpsertResult } from "../../store/mod.ts";
import { type Protocol, type ProxyMetadata, redactText, type RejectedLine } from "../../core/mod.ts";
import { textsSetting } from "../../service/list_setting.ts";
import { openStore } from "../../store/mod.ts";
import { CliError, EXIT, type ExitCode, UsageError } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import type { ListFormat } from "../lists/list_format.ts";
import { UnreadableListError } from "../lists/list_text.ts";
import type { ListedProxy } from "../lists/listed_proxy.ts";
import { pythonKeys } from "../lists/python_keys.ts";
import { type ReadList, readList } from "../lists/read_list.ts";
import { protocolOfFile } from "../list_protocol.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { settingsOf } from "../setting_options.ts";
import { printable } from "../table.ts";

const REJECTED_SHOWN = 10;
/** Of one transaction. */
const HISTORIES_AT_ONCE = 10_000;
const HISTORIES_WAIT_MS = 10_000;

/** A list as it was read. */
interface NamedList {
  readonly name: string;
  readonly list: ReadList;
}

/** What became of one file. */
interface FileReport {
  readonly name: string;
  readonly format: ListFormat;
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
  for (const path of args.positionals) lists.push(await readNamed(path, args, io));
  const { notices, store, warning } = await openStore(db);
  for (const notice of notices) io.err(`Note: ${printable(redactText(notice))}\n`);
  try {
    if (warning !== undefined) throw new CliError(`Cannot import into "${db}": ${warning}`);
    const reports: FileReport[] = [];
    for (const { name, list } of lists) {
      const proxies = list.proxies.map(({ history: _, ...proxy }): NewProxy => ({
        source: name,
        ...proxy,
        ...(proxy.region === undefined ? locate(proxy.url) : {}),
        ...metadata,
      }));
      const results = await store.upsert(proxies);
      await keepHistories(store, list.proxies, results);
      const added = results.filter((result) => result.isNew).length;
      const duplicates = list.duplicates + results.length - added;
      reports.push({
        name,
        format: list.format,
        lines: list.lines,
        added,
        duplicates,
        rejected: list.rejected,
      });
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

/** The past of proxies that are new; of those that were there, what happened here counts. */
async function keepHistories(
  store: Store,
  proxies: readonly ListedProxy[],
  results: readonly UpsertResult[],
): Promise<void> {
  const deltas = proxies.flatMap(({ history }, index): readonly ProxyDelta[] => {
    const result = results[index];
    if (history === undefined || result?.isNew !== true) return [];
    return [{ id: result.id, ...history.counters, state: history.state }];
  });
  for (let start = 0; start < deltas.length; start += HISTORIES_AT_ONCE) {
    await store.apply(deltas.slice(start, start + HISTORIES_AT_ONCE), undefined, {
      waitMs: HISTORIES_WAIT_MS,
    });
  }
}

async function readNamed(path: string, args: ParsedArguments, io: CliIo): Promise<NamedList> {
  const isStdin = path === "-";
  const name = isStdin ? "stdin" : path.split(/[/\\]/).at(-1) ?? path;
  const guess = protocolOfFile(path);
  const given = args.text("protocol") as Protocol | undefined;
  const list = await readWhole(
    path,
    async () =>
      await readList(isStdin ? await io.readStdin() : await io.readBytes(path), {
        name,
        format: args.text("format") as ListFormat | undefined,
        defaultProtocol: given ?? guess.protocol,
        keys: () => pythonKeys(io),
      }),
  );
  const isGuess = given === undefined && list.format === "text" && guess.remark !== undefined;
  if (isGuess) io.err(`Note: ${guess.remark}\n`);
  for (const note of list.notes) io.err(`Note: ${printable(name)}: ${printable(redactText(note))}\n`);
  return { name, list };
}

/** Names the list in the error, whatever is wrong with it. */
async function readWhole<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const name = path === "-" ? "standard input" : `"${path}"`;
    const { code } = cause as { readonly code?: unknown };
    if (code === "ENOENT") throw new CliError(`Cannot read ${name}: there is no such file`, EXIT.notFound);
    const reason = code === "EISDIR"
      ? "it is a directory"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    const ending = cause instanceof UnreadableListError ? ". Nothing was imported" : "";
    throw new CliError(`Cannot read ${name}: ${reason}${ending}`);
  }
}

function tell(
  reports: readonly FileReport[],
  pool: { readonly location: string; readonly size: number },
  args: ParsedArguments,
  io: CliIo,
): void {
  if (args.flag("json")) {
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
    format: "text",
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
