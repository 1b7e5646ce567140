/**
 * Makes the npm package: `deno task pack [--output FILE]`, `dist/proxywhirl-mcp-VERSION.tgz` by default.
 *
 * `deno pack` turns the sources into JavaScript and types. What it has no words for is added: the command
 * `proxywhirl`, which is the bundle and so starts with one file to read, and what npm and the MCP registry show.
 *
 * @module
 */

import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { filesIn } from "../src/sources/tar.ts";
import { bundle } from "./bundle.ts";
import {
  author,
  description,
  keywords,
  mcpName,
  nodeRange,
  packageName,
  repository,
  version,
} from "./package_facts.ts";
import { runToEnd } from "./run_to_end.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const BIN = "bin/proxywhirl.mjs";
/** What JSR gets besides what the entry points reach; on npm it is of no use. */
const SOURCE = /(?<!\.d)\.ts$/;

/** What `deno pack` writes into `package.json`, as far as it is read here. */
interface PackedManifest {
  readonly name: string;
  readonly version: string;
  readonly type: "module";
  readonly license: string;
  readonly main: string;
  readonly types: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** File name of the npm package, as `npm pack` calls it. */
export const tarballName: string = `${packageName.replace("@", "").replace("/", "-")}-${version}.tgz`;

/**
 * Packs the npm package.
 *
 * @param output Path of the tarball.
 * @param program A bundle that exists; made when left out.
 * @throws {Error} With the words of `deno pack` or `npm pack` when one fails.
 */
export async function pack(output: string, program?: string): Promise<string> {
  const path = resolve(output);
  const folder = await mkdtemp(join(tmpdir(), "proxywhirl-pack-"));
  try {
    const content = join(folder, "package");
    await unpackSources(folder, content);
    await mkdir(join(content, dirname(BIN)));
    const bin = join(content, BIN);
    const source = program ?? (await bundle(join(folder, "bundle.mjs"))).path;
    await writeFile(bin, `#!/usr/bin/env node\n${await readFile(source, "utf8")}`, { mode: 0o755 });
    const manifest = join(content, "package.json");
    const completed = completeManifest(JSON.parse(await readFile(manifest, "utf8")));
    await writeFile(manifest, `${JSON.stringify(completed, null, 2)}\n`);
    await runToEnd(npm(), ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], {
      cwd: content,
    });
    await mkdir(dirname(path), { recursive: true });
    await copyFile(join(folder, tarballName), path);
  } finally {
    await rm(folder, { recursive: true });
  }
  return path;
}

/** The JavaScript and the types, without maps: they would be two thirds of the package. */
async function unpackSources(folder: string, content: string): Promise<void> {
  const packed = join(folder, "deno.tgz");
  await runToEnd(Deno.execPath(), ["pack", "--allow-dirty", "--no-source-maps", "--output", packed], {
    cwd: root,
  });
  for (const { path, bytes } of filesIn(gunzipSync(await readFile(packed)))) {
    const target = join(folder, path);
    if (SOURCE.test(path)) continue;
    if (!target.startsWith(content + sep)) {
      throw new Error(`Cannot unpack "${path}": it leads out of the package`);
    }
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
}

/** The `package.json` of the package. */
export function completeManifest(packed: PackedManifest): Record<string, unknown> {
  return {
    name: packed.name,
    version: packed.version,
    description,
    keywords,
    license: packed.license,
    author,
    homepage: `${repository}#readme`,
    repository: { type: "git", url: `git+${repository}.git` },
    bugs: `${repository}/issues`,
    mcpName,
    type: packed.type,
    engines: { node: nodeRange },
    bin: { proxywhirl: BIN },
    main: packed.main,
    types: packed.types,
    exports: { ...packed.exports, "./package.json": "./package.json" },
    dependencies: packed.dependencies,
    // The types of sockets in our types; who writes TypeScript for Node has them.
    peerDependencies: { "@types/node": ">=22" },
    peerDependenciesMeta: { "@types/node": { optional: true } },
    publishConfig: { access: "public" },
  };
}

function npm(): string {
  return process.platform === "win32" ? "npm.cmd" : "npm";
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { output: { type: "string", default: join("dist", tarballName) } },
  });
  console.log(await pack(values.output));
}
