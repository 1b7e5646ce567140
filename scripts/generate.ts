/** Writes `gen/` from `schema/`. */
import { mkdir, writeFile } from "node:fs/promises";
import { loadContract } from "../schema/mod.ts";
import { generateFiles } from "./gen/files.ts";

const root = new URL("../", import.meta.url);
await mkdir(new URL("gen/", root), { recursive: true });
for (const [path, text] of generateFiles(await loadContract())) await writeFile(new URL(path, root), text);
