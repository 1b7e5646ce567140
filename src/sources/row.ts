/** Reads the rows of a table, whether it came as CSV or as HTML. */

import type { Protocol } from "../core/mod.ts";
import type { Collector } from "./collector.ts";
import { countryCode } from "./country.ts";
import {
  type EntryFields,
  type FieldName,
  fieldOf,
  protocolName,
  proxiesOf,
  rankOf,
  shownEntry,
} from "./entry_fields.ts";

/** Which column holds which part. */
export type Columns = ReadonlyMap<FieldName, number>;

const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;
const PORT = /^\d{1,5}$/;
const ADDRESS = /^(?:[a-z0-9]+:\/\/\S+|(?:\d{1,3}\.){3}\d{1,3}:\d{1,5}(?::\S*)?|[^\s@]+@[^\s@:]+:\d{1,5})$/i;

/** The columns that a header row names; undefined when the row is none, having no column for the address. */
export function columnsOf(cells: readonly string[]): Columns | undefined {
  const columns = new Map<FieldName, number>();
  for (const [index, cell] of cells.entries()) {
    const field = fieldOf(cell);
    if (field === undefined) continue;
    const before = columns.get(field);
    if (before === undefined || rankOf(field, cell) < rankOf(field, cells[before] ?? "")) {
      columns.set(field, index);
    }
  }
  return columns.has("url") || columns.has("host") ? columns : undefined;
}

/** Reads a row under a header. */
export function readRow(
  cells: readonly string[],
  columns: Columns,
  { line, collector, defaultProtocol }: RowContext,
): void {
  const fields: EntryFields = {};
  for (const [field, index] of columns) {
    const cell = cells[index]?.trim();
    if (cell !== undefined && cell !== "") fields[field] = cell;
  }
  take(fields, { line, collector, defaultProtocol });
}

/**
 * Reads a row of a table without a header: the address is the first cell that looks like one, and the cells
 * after it may name port, protocol and country.
 *
 * @returns Whether the row has an address
 */
export function readLooseRow(cells: readonly string[], context: RowContext): boolean {
  const trimmed = cells.map((cell) => cell.trim());
  const at = trimmed.findIndex((cell, index) =>
    ADDRESS.test(cell) || (IPV4.test(cell) && PORT.test(trimmed[index + 1] ?? ""))
  );
  const address = trimmed[at];
  if (address === undefined) return false;
  const isWhole = ADDRESS.test(address);
  const rest = trimmed.slice(at + (isWhole ? 1 : 2));
  const protocol = trimmed.find((cell) => protocolName(cell) !== undefined);
  // A two-letter word in lower case may be the answer to a question: `no` is not Norway.
  const country = rest.find((cell) => !/^[a-z]{2}$/.test(cell) && countryCode(cell) !== undefined);
  take({
    ...(isWhole ? { url: address } : { host: address, port: trimmed[at + 1] ?? "" }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(country === undefined ? {} : { country }),
  }, context);
  return true;
}

/** Where a row goes. */
export interface RowContext {
  /** Line or row, from 1. */
  readonly line: number;
  /** Takes the proxies. */
  readonly collector: Collector;
  /** For rows that name no protocol. */
  readonly defaultProtocol: Protocol;
}

function take(fields: EntryFields, { line, collector, defaultProtocol }: RowContext): void {
  const { proxies, metadata, reason } = proxiesOf(fields, defaultProtocol);
  if (reason !== undefined) collector.reject(line, shownEntry(fields), reason);
  for (const proxy of proxies) collector.add(proxy, metadata);
}
