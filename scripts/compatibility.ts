/**
 * Tries the proxies that others have written and writes the table of `docs/compatibility.md`. They must be installed:
 * `scripts/ci_debian.sh`.
 *
 * @module
 */

import { readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { tryMatrix } from "../tests/support/real_proxies_matrix.ts";
import { matrixTable } from "../tests/support/real_proxies_table.ts";

const path = fileURLToPath(new URL("../docs/compatibility.md", import.meta.url));
const start = "<!-- table of scripts/compatibility.ts -->\n";
const end = "<!-- end of table -->\n";

const text = readFileSync(path, "utf8");
const from = text.indexOf(start) + start.length;
const to = text.indexOf(end);
if (from < start.length || to < from) throw new Error(`${path} has no place for the table`);
const table = matrixTable(await tryMatrix(["deno", "node", "bun"]));
writeFileSync(path, `${text.slice(0, from)}\n${table}\n\n${text.slice(to)}`);
execFileSync("deno", ["fmt", "-q", path]);
console.log(table);
