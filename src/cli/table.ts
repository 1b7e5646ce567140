/** Tables for terminals and pipes: columns aligned, control characters made harmless. */
import { type Paint, plain, type Style } from "./paint.ts";

/** A column of a table. */
export interface Column<Row> {
  /** Heading. */
  readonly title: string;
  /** Numbers stand to the right. @default {"left"} */
  readonly align?: "left" | "right";
  /** Text of a cell. */
  readonly cell: (row: Row) => string;
  /** Style of a cell, from its text. */
  readonly style?: (text: string) => Style | undefined;
}

/** Lays out rows under their headings; every line ends with a line end. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  paint: Paint = plain,
): string {
  const cells = rows.map((row) => columns.map((column) => printable(column.cell(row))));
  const titles = columns.map((column) => printable(column.title));
  const widths = columns.map((_, index) =>
    [titles, ...cells].reduce((widest, line) => Math.max(widest, (line[index] ?? "").length), 0)
  );
  const layOut = (line: readonly string[], style: (index: number, text: string) => Style | undefined) => {
    const last = line.findLastIndex((cell) => cell !== "");
    return line.slice(0, last + 1).map((cell, index) => {
      const blanks = " ".repeat((widths[index] ?? 0) - cell.length);
      const painted = paint(style(index, cell), cell);
      if (columns[index]?.align === "right") return blanks + painted;
      return index === last ? painted : painted + blanks;
    }).join("  ") + "\n";
  };
  return layOut(titles, () => "bold") +
    cells.map((line) => layOut(line, (index, text) => columns[index]?.style?.(text))).join("");
}

/** Names and values, one to a line; a name that begins with blanks belongs to the one before. */
export function facts(
  rows: readonly (readonly [name: string, value: string])[],
  paint: Paint = plain,
  style: (value: string) => Style | undefined = () => undefined,
): string {
  const width = rows.reduce((widest, [name]) => Math.max(widest, name.length), 0) + 2;
  return rows.map(([name, text]) => {
    const value = printable(text);
    return `${
      `${printable(name)}${" ".repeat(width - name.length)}${paint(style(value), value)}`.trimEnd()
    }\n`;
  }).join("");
}

/** Terminals obey control characters; text from strangers must not hold any. */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- finding them is the point
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "�");
}
