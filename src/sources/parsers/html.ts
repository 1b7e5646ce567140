/**
 * Pages: tables with a header (columns by name), tables without one, and, when no table holds a proxy, the text
 * of the page, line by line.
 *
 * The page is read as a stream of tags and no tree is built: pages of lists are large and not well-formed.
 */

import { Parser } from "htmlparser2";
import { readProxyUrl } from "../../core/proxy_url.ts";
import { Collector } from "../collector.ts";
import type { ParsedSource, ParseSourceOptions } from "../found_proxy.ts";
import { type Columns, columnsOf, readLooseRow, readRow } from "../row.ts";

const MAX_CELLS = 100;
const MAX_CELL_LENGTH = 500;
/** Deeper than any page; the parser looks through all open elements for each closing tag. */
const MAX_DEPTH = 256;
/** Small, since only between parts can a page that nests without end be stopped. */
const PART_LENGTH = 1 << 12;

const HIDDEN = new Set(["script", "style", "noscript", "template", "title"]);
const BLOCKS =
  /^(?:br|p|li|div|pre|code|tr|td|th|h[1-6]|option|textarea|ul|ol|section|article|body|html|table)$/;
const ADDRESS =
  /^((?:https?|socks\w{0,2}):\/\/\S+:\d{1,5}\/?|(?:\d{1,3}\.){3}\d{1,3}:\d{1,5})(?:[\s|,;].*)?$/i;

/** A table that is open; tables may stand in cells of others. */
interface OpenTable {
  columns: Columns | undefined;
  cells: string[];
  isInCell: boolean;
}

/** Reads a page. Cost: linear. */
export function parseHtml(text: string, options: ParseSourceOptions = {}): ParsedSource {
  const inTables = new Collector(options);
  const inText = new Collector({ ...options, maxRejected: 0 });
  readPage(text, new PageReader(inTables, inText, options), () => inTables.isFull || inText.isFull);
  return (inTables.size > 0 ? inTables : inText.size > 0 ? inText : inTables).result("html");
}

/** Feeds the page in parts, so that it can end early. */
function readPage(text: string, reader: PageReader, isEnough: () => boolean): void {
  let depth = 0;
  const parser = new Parser({
    onopentag: (name) => {
      depth++;
      reader.open(name);
    },
    onclosetag: (name) => {
      depth--;
      reader.close(name);
    },
    ontext: (part) => reader.text(part),
  });
  for (let start = 0; start < text.length; start += PART_LENGTH) {
    parser.write(text.slice(start, start + PART_LENGTH));
    if (isEnough()) break;
    if (depth > MAX_DEPTH) {
      parser.reset();
      depth = 0;
    }
  }
  parser.end();
  reader.end();
}

/** What happens at each tag and each text. */
class PageReader {
  readonly #inTables: Collector;
  readonly #inText: Collector;
  readonly #options: ParseSourceOptions;
  readonly #tables: OpenTable[] = [];
  #line = "";
  #row = 0;
  #hidden = 0;

  constructor(inTables: Collector, inText: Collector, options: ParseSourceOptions) {
    this.#inTables = inTables;
    this.#inText = inText;
    this.#options = options;
  }

  open(name: string): void {
    if (HIDDEN.has(name)) this.#hidden++;
    if (BLOCKS.test(name)) this.#endLine();
    const table = this.#tables.at(-1);
    if (name === "table") {
      if (this.#tables.length < MAX_DEPTH) {
        this.#tables.push({ columns: undefined, cells: [], isInCell: false });
      }
    } else if (name === "tr" && table !== undefined) {
      this.#endRow(table);
    } else if ((name === "td" || name === "th") && table !== undefined) {
      if (table.cells.length < MAX_CELLS) table.cells.push("");
      table.isInCell = true;
    }
  }

  close(name: string): void {
    if (HIDDEN.has(name)) this.#hidden = Math.max(0, this.#hidden - 1);
    if (BLOCKS.test(name)) this.#endLine();
    const table = this.#tables.at(-1);
    if (table === undefined) return;
    if (name === "td" || name === "th") table.isInCell = false;
    if (name === "tr" || name === "table") this.#endRow(table);
    if (name === "table") this.#tables.pop();
  }

  text(part: string): void {
    if (this.#hidden > 0) return;
    const table = this.#tables.at(-1);
    const last = table === undefined ? -1 : table.cells.length - 1;
    if (table?.isInCell === true && last >= 0) {
      table.cells[last] = ((table.cells[last] ?? "") + part).slice(0, MAX_CELL_LENGTH);
    }
    const [first = "", ...others] = part.split(/[\r\n]/);
    this.#line = (this.#line + first).slice(0, MAX_CELL_LENGTH);
    for (const other of others) {
      this.#endLine();
      this.#line = other.slice(0, MAX_CELL_LENGTH);
    }
  }

  end(): void {
    this.#endLine();
    for (const table of this.#tables) this.#endRow(table);
  }

  #endRow(table: OpenTable): void {
    const cells = table.cells.map((cell) => cell.replace(/\s+/g, " ").trim());
    table.cells = [];
    table.isInCell = false;
    if (cells.length === 0 || this.#inTables.isFull) return;
    this.#row++;
    const columns = cells.length > 1 ? columnsOf(cells) : undefined;
    if (columns !== undefined) {
      table.columns = columns;
      return;
    }
    const context = {
      line: this.#row,
      collector: this.#inTables,
      defaultProtocol: this.#options.defaultProtocol ?? "http",
    };
    if (table.columns === undefined) readLooseRow(cells, context);
    // A row that spans the table is a heading or an advertisement.
    else if (cells.length > 1) readRow(cells, table.columns, context);
  }

  #endLine(): void {
    const address = ADDRESS.exec(this.#line.trim())?.[1];
    this.#line = "";
    if (address === undefined || this.#inText.isFull) return;
    const proxy = readProxyUrl(address, this.#options.defaultProtocol ?? "http");
    if (typeof proxy !== "string") this.#inText.add(proxy);
  }
}
