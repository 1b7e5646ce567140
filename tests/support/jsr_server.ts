/**
 * A registry like JSR on the loopback interface, with this package in it as it would be published: the files that
 * `deno publish --dry-run` names, with what publishing does to their imports. `JSR_URL` makes Deno use it.
 *
 * Layout of the answers: https://jsr.io/docs/api#jsr-registry-api
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import denoConfig from "../../deno.json" with { type: "json" };
import { run } from "./child.ts";
import { findRuntime, repoRoot } from "./runtimes.ts";

const { name, version, exports, imports } = denoConfig;

/** The text of each file that would be published, by its path in the package. */
export async function publishedFiles(): Promise<ReadonlyMap<string, string>> {
  const deno = findRuntime("deno");
  assert.ok(deno);
  const args = ["publish", "--dry-run", "--allow-dirty", "--no-check"];
  const { code, stderr } = await run(deno.command, args, { cwd: repoRoot, env: { NO_COLOR: "1" } });
  assert.equal(code, 0, stderr);
  const files = new Map<string, string>();
  for (const [, url] of stderr.matchAll(/^\s*(file:\S+) \([\d.]+K?M?B\)$/gm)) {
    assert.ok(url);
    const path = fileURLToPath(url);
    const text = await readFile(path, "utf8");
    files.set(`/${path.slice(repoRoot.length)}`, path.endsWith(".ts") ? withFullImports(text) : text);
  }
  assert.ok(files.size > 0, stderr);
  return files;
}

/** In a published module there is no import map: what stands for an npm package becomes its name and version. */
function withFullImports(source: string): string {
  const packages = Object.entries(imports);
  return source.replace(
    /(\bfrom\s*|\bimport\s*\(?\s*)"([^"./][^"]*)"/g,
    (whole, before: string, specifier: string) => {
      const found = packages.find(([bare]) => specifier === bare || specifier.startsWith(`${bare}/`));
      return found === undefined ? whole : `${before}"${found[1]}${specifier.slice(found[0].length)}"`;
    },
  );
}

/** The registry; close it at the end. */
export class JsrServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Starts a registry that has these files as the only version of this package. */
  static async start(files: ReadonlyMap<string, string>): Promise<JsrServer> {
    const manifest = Object.fromEntries([...files].map(([path, text]) => {
      const checksum = `sha256-${createHash("sha256").update(text).digest("hex")}`;
      return [path, { size: Buffer.byteLength(text), checksum }];
    }));
    const answers = new Map([
      [`/${name}/meta.json`, JSON.stringify({ latest: version, versions: { [version]: {} } })],
      [`/${name}/${version}_meta.json`, JSON.stringify({ manifest, exports })],
      ...[...files].map(([path, text]) => [`/${name}/${version}${path}`, text] as const),
    ]);
    const server = createServer(({ url = "" }, response) => {
      const text = answers.get(url);
      const type = url.endsWith(".json") ? "application/json" : "text/typescript";
      response.writeHead(text === undefined ? 404 : 200, { "content-type": type }).end(text);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new JsrServer(server);
  }

  /** Its address, for `JSR_URL`. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/`;
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
