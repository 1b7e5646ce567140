/**
 * Measures: `deno task bench [NAME…] [--json]`.
 *
 * Every `*.bench.ts` beside this file exports functions that return rows. A name narrows the choice to functions
 * whose `file/function` contains it. The figures are printed beside their budgets; nothing fails when one is missed,
 * since a busy machine proves nothing.
 *
 * @module
 */

import { readdir } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import { runtimeInfo } from "../../src/runtime/mod.ts";
import { type BenchRow, isOverBudget } from "./bench_row.ts";
import { formatRows } from "./table.ts";

type Bench = () => Promise<readonly BenchRow[]>;

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean", default: false } },
  allowPositionals: true,
});

const files = (await readdir(new URL("./", import.meta.url))).filter((name) => name.endsWith(".bench.ts"))
  .sort();
const all: (BenchRow & { readonly bench: string })[] = [];
const { name, version } = runtimeInfo();
if (!values.json) console.log(`${name} ${version}, ${process.platform} ${process.arch}; "!" is over budget`);

for (const file of files) {
  const exported: Record<string, unknown> = await import(new URL(file, import.meta.url).href);
  for (const [key, run] of Object.entries(exported)) {
    const bench = `${file.replace(".bench.ts", "")}/${key}`;
    if (typeof run !== "function" || !isWanted(bench)) continue;
    const rows = await (run as Bench)();
    all.push(...rows.map((row) => ({ bench, ...row })));
    if (!values.json) console.log(`\n${bench}\n${formatRows(rows)}`);
  }
}

if (values.json) console.log(JSON.stringify(all, null, 2));
else console.log(`\n${all.length} figures, ${all.filter(isOverBudget).length} over budget`);
process.exit(0); // whatever timers or sockets the measured code has left behind

function isWanted(bench: string): boolean {
  return positionals.length === 0 || positionals.some((part) => bench.includes(part));
}
