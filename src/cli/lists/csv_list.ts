/** Lists in CSV with a header row (RFC 4180; comma, semicolon, tab or bar between the columns). */
import type { CsvErrorCode } from "csv-parse/sync";
import { fieldOf } from "../../sources/entry_fields.ts";
import type { EntryOptions } from "./list_entry.ts";
import { ListCollector } from "./list_collector.ts";
import { UnreadableListError } from "./list_text.ts";
import type { ListResult } from "./listed_proxy.ts";

const DELIMITERS = [",", ";", "\t", "|"];
/** A quote that is never closed makes one record of the rest. */
const MAX_RECORD_CHARACTERS = 100_000;

interface Row {
  readonly record: readonly string[];
  readonly line: number;
}

/**
 * Reads a list in CSV.
 *
 * @throws {UnreadableListError} A quote is out of place, with its line; or no column holds an address.
 */
export async function parseCsvList(text: string, options: EntryOptions): Promise<ListResult> {
  if (text.trim() === "") throw new UnreadableListError("it is empty");
  const [header, ...rows] = await rowsOf(text);
  const names = header?.record.map((name) => name.trim()) ?? [];
  if (!names.some((name) => ["url", "host"].includes(fieldOf(name) ?? ""))) {
    throw new UnreadableListError(
      "its first row names no column with an address, such as url, or ip and port",
    );
  }
  const collector = new ListCollector(options);
  for (const { line, record } of rows) {
    if (record.length === names.length) {
      collector.take(
        Object.fromEntries(names.map((name, index) => [name, plain(record[index] ?? "")])),
        line,
      );
    } else {
      collector.count();
      collector.reject(line, "", `the row has ${record.length} columns, the header ${names.length}`);
    }
  }
  return collector.result();
}

async function rowsOf(text: string): Promise<readonly Row[]> {
  const { CsvError, parse } = await import("csv-parse/sync");
  const rows: Row[] = [];
  let next = 1;
  try {
    // The library counts CRLF inside quotes as two lines.
    parse(text.replace(/\r\n?/g, "\n"), {
      delimiter: delimiterOf(text),
      record_delimiter: "\n",
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_RECORD_CHARACTERS,
      on_record(record: string[], context) {
        rows.push({ record, line: context.lines - breaksIn(record) });
        next = context.lines + 1;
        return null;
      },
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new UnreadableListError(faultOf(cause.code, Number(cause["lines"]), next), { cause });
  }
  return rows;
}

/** The library's own messages quote the text. */
function faultOf(code: CsvErrorCode, line: number, start: number): string {
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
    case "CSV_MAX_RECORD_SIZE":
      return `the quote that opens in the row of line ${start} is not closed`;
    case "INVALID_OPENING_QUOTE":
      return `line ${line} has a quote in the middle of a value: quote the whole value and double the quote`;
    case "CSV_INVALID_CLOSING_QUOTE":
      return `line ${line} has text behind a closing quote: double a quote that belongs to the value`;
    default:
      return `it is not valid CSV at line ${line}`;
  }
}

function breaksIn(record: readonly string[]): number {
  return record.reduce((sum, value) => sum + (value.match(/\n/g)?.length ?? 0), 0);
}

/** The one that the header has most of. */
function delimiterOf(text: string): string {
  const header = /[^\r\n]+/.exec(text)?.[0] ?? "";
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

/** `export` puts an apostrophe in front of what a spreadsheet would run as a formula. */
function plain(value: string): string {
  return /^'[=+@-]/.test(value) ? value.slice(1) : value;
}
