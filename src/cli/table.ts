/** Plain text tables for terminals and pipes: no colours, columns aligned, control characters made harmless. */

/** A column of a table. */
export interface Column<Row> {
  /** Heading. */
  readonly title: string;
  /** Numbers stand to the right. @default {"left"} */
  readonly align?: "left" | "right";
  /** Text of a cell. */
  readonly cell: (row: Row) => string;
}

/** Lays out rows under their headings; every line ends with a line end. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => printable(column.cell(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => (line[index] ?? "").length)));
  return cells.map((line) => {
    const padded = line.map((cell, index) => {
      const width = widths[index] ?? 0;
      return columns[index]?.align === "right" ? cell.padStart(width) : cell.padEnd(width);
    });
    return padded.join("  ").trimEnd() + "\n";
  }).join("");
}

/** Terminals obey control characters; text from strangers must not hold any. */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- finding them is the point
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "�");
}
