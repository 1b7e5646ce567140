/**
 * CSV and its relatives: comma, semicolon, tab or bar between the columns, with or without a header row.
 *
 * Our own few lines and no library, since lists are not spreadsheets: no cell holds a line break, and a stray
 * quote must cost its own line and nothing more, where a parser by the book (RFC 4180) reads on to the next quote
 * and loses every row between.
 */

import { Collector } from "../collector.ts";
import type { ParsedSource, ParseSourceOptions } from "../found_proxy.ts";
import { linesOf } from "../lines.ts";
import { type Columns, columnsOf, readLooseRow, readRow } from "../row.ts";

const DELIMITERS = [",", ";", "\t", "|"] as const;
const MAX_CELLS = 200;
const MAX_LINE_LENGTH = 16_384;

/** Reads a table in text. Cost: linear. */
export function parseCsv(text: string, options: ParseSourceOptions = {}): ParsedSource {
  const collector = new Collector(options);
  const defaultProtocol = options.defaultProtocol ?? "http";
  let delimiter: string | undefined;
  let columns: Columns | undefined;
  for (const { number, text: line } of linesOf(text)) {
    if (collector.isFull) break;
    if (line.length > MAX_LINE_LENGTH) {
      collector.reject(number, line, `the line is longer than ${MAX_LINE_LENGTH} characters`);
      continue;
    }
    const isFirst = delimiter === undefined;
    delimiter ??= delimiterOf(line);
    const cells = cellsOf(line, delimiter);
    if (isFirst) {
      columns = columnsOf(cells);
      if (columns !== undefined) continue;
    }
    const context = { line: number, collector, defaultProtocol };
    if (columns !== undefined) readRow(cells, columns, context);
    else if (!readLooseRow(cells, context)) collector.reject(number, line, "the row has no address");
  }
  return collector.result("csv");
}

/** Whether a line is the header row of a table of proxies. */
export function isCsvHeader(line: string): boolean {
  const cells = cellsOf(line, delimiterOf(line));
  return cells.length > 1 && columnsOf(cells) !== undefined;
}

/** The delimiter that makes most cells of a line. */
function delimiterOf(line: string): string {
  let best: string = ",";
  let most = 1;
  for (const delimiter of DELIMITERS) {
    const { length } = cellsOf(line, delimiter);
    if (length > most) [best, most] = [delimiter, length];
  }
  return best;
}

/** A quote at the beginning of a cell opens it, two are one, and the end of the line closes it. */
function cellsOf(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter, MAX_CELLS);
  const cells: string[] = [];
  for (let at = 0; at <= line.length && cells.length < MAX_CELLS;) {
    let cell = "";
    if (line[at] === '"') {
      let start = at + 1;
      for (;;) {
        const quote = line.indexOf('"', start);
        at = quote < 0 ? line.length : quote + 1;
        cell += line.slice(start, quote < 0 ? line.length : quote);
        if (line[at] !== '"') break;
        cell += '"';
        start = at + 1;
      }
    }
    const end = line.indexOf(delimiter, at);
    cells.push(cell + line.slice(at, end < 0 ? line.length : end));
    at = end < 0 ? line.length + 1 : end + 1;
  }
  return cells;
}
