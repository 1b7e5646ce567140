/**
 * Makes the bundle that desktop programs install with one click: `deno task mcpb [--output FILE]`,
 * `dist/proxywhirl.mcpb` by default. It holds the minified program, which the host runs with the Node it brings along.
 *
 * @module
 */

import { packExtension } from "@anthropic-ai/mcpb";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.ts";
import { mcpbManifest } from "./mcpb_manifest.ts";
import { mcpbFile } from "./package_facts.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const PROGRAM = "server/proxywhirl.mjs";

/**
 * Packs the bundle.
 *
 * @param output Path of the `.mcpb` file.
 * @param program The minified program, if it exists; made when left out.
 * @throws {Error} When the packer refuses the manifest; it says why on stdout.
 */
export async function makeMcpb(output: string, program?: string): Promise<string> {
  const path = resolve(output);
  const folder = await mkdtemp(join(tmpdir(), "proxywhirl-mcpb-"));
  try {
    const content = join(folder, PROGRAM);
    await mkdir(dirname(content));
    if (program === undefined) await bundle(content);
    else await copyFile(program, content);
    await copyFile(join(root, "LICENSE"), join(folder, "LICENSE"));
    await writeFile(join(folder, "manifest.json"), `${JSON.stringify(mcpbManifest(PROGRAM), null, 2)}\n`);
    const done = await packExtension({ extensionPath: folder, outputPath: path, silent: true });
    if (!done) {
      throw new Error(`Cannot pack ${path}: the manifest is refused, or the folder cannot be written`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return path;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { output: { type: "string", default: join("dist", mcpbFile) } } });
  console.log(await makeMcpb(values.output));
}
