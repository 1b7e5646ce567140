/** `fetch`: what each list gave, and what became of it. */
import type { FetchOutput, SourceResult } from "../../../gen/models.ts";
import { type Column, table } from "../table.ts";
import type { View } from "./view.ts";

const COLUMNS: readonly Column<SourceResult>[] = [
  { title: "LIST", cell: (row) => row.name },
  { title: "PROXIES", align: "right", cell: (row) => row.ok ? String(row.count) : "-" },
  { title: "REMARK", cell: (row) => row.error ?? "", style: () => "yellow" },
];

/** The lists, and the pool afterwards. */
export const view: View<FetchOutput> = {
  text: ({ message, pool_size, sources }, paint) =>
    `${table(sources, COLUMNS, paint)}\n${message}.\nThe pool has ${pool_size} proxies.\n`,
};
