/** An npm registry on loopback, with one package of region files. */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type Handler, ListServer } from "./list_server.ts";

/** Name of the package. */
export const NAME = "@geo/country-mmdb";

/** An archive as npm makes it. */
export function tgz(files: Readonly<Record<string, Uint8Array | string>>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [path, content] of Object.entries(files)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const header = new Uint8Array(512);
    const write = (text: string, at: number) => header.set(new TextEncoder().encode(text), at);
    write(path, 0);
    write(bytes.length.toString(8).padStart(11, "0"), 124);
    write("0", 156);
    write("ustar", 257);
    parts.push(header, bytes, new Uint8Array((512 - bytes.length % 512) % 512));
  }
  return gzipSync(Buffer.concat([...parts, new Uint8Array(1024)]));
}

export function integrityOf(bytes: Uint8Array): string {
  return `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
}

/** A registry with one package. */
export function registry(
  archive: Uint8Array,
  description: Record<string, unknown> = {},
): Promise<ListServer> {
  const latest: Handler = (request, response) => {
    const tarball = `http://${request.headers.host}/archive.tgz`;
    const dist = { tarball, integrity: integrityOf(archive) };
    response.end(JSON.stringify({ name: NAME, version: "2.3.4", license: "CC0-1.0", dist, ...description }));
  };
  return ListServer.start({
    [`/${NAME.replace("/", "%2f")}/latest`]: latest,
    "/archive.tgz": (_request, response) => response.writeHead(302, { location: "/moved.tgz" }).end(),
    "/moved.tgz": (_request, response) => void response.end(archive),
  });
}
