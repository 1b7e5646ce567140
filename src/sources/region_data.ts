/**
 * Fetches region files from npm packages, when a person asks for it: they are large, change daily and have licences
 * of their own, so none comes with the program.
 *
 * The archive must have the checksum that the registry names for it; only then is anything unpacked.
 */

import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { TlsLayer } from "../net/mod.ts";
import { fetchBytes, type FetchTextOptions } from "./fetch_text.ts";
import { openRegionFile, RegionDataError } from "./region.ts";
import { filesIn } from "./tar.ts";

/** What to fetch, and where to. */
export interface FetchRegionDataOptions {
  /** Folder for the files; made when absent. */
  readonly folder: string;
  /** npm packages that hold `.mmdb` files. @default {REGION_PACKAGES} */
  readonly packages?: readonly string[] | undefined;
  /** npm registry. @default {"https://registry.npmjs.org"} */
  readonly registry?: string | undefined;
  /** Longest time for one package, ms. @default {300_000} */
  readonly timeoutMs?: number | undefined;
  /** Largest archive, bytes. @default {268_435_456} */
  readonly maxBytes?: number | undefined;
  /** Whether the registry may have a private address. @default {false} */
  readonly allowPrivate?: boolean | undefined;
  /** How certificates are checked. */
  readonly tls?: TlsLayer | undefined;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
}

/** A package that was fetched. */
export interface FetchedRegionData {
  /** Its name. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** Its licence, as its author states it. */
  readonly licence: string | null;
  /** Paths of its files, ready for {@linkcode RegionDatabase.open}. */
  readonly files: readonly string[];
}

/** Country by address; public domain (CC0). */
export const REGION_PACKAGES: readonly string[] = Object.freeze([
  "@ip-location-db/geo-whois-asn-country-mmdb",
]);

const DEFAULT_REGISTRY = "https://registry.npmjs.org";
const DEFAULT_TIMEOUT_MS = 300_000;
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 1024 ** 3;
const MAX_DESCRIPTION_BYTES = 4 * 1024 * 1024;
const PACKAGE_NAME = /^(?:@[a-z0-9._~-]+\/)?[a-z0-9._~-]{1,100}$/;

/**
 * Fetches region files. A file is replaced only by one that is whole and readable.
 *
 * @throws {RegionDataError} for a package that is not there, has no region file, or is not what the registry says
 * @throws {SourceError} when the registry cannot be reached
 */
export async function fetchRegionData(
  options: FetchRegionDataOptions,
): Promise<readonly FetchedRegionData[]> {
  const fetched: FetchedRegionData[] = [];
  for (const name of options.packages ?? REGION_PACKAGES) fetched.push(await fetchPackage(name, options));
  return fetched;
}

async function fetchPackage(name: string, options: FetchRegionDataOptions): Promise<FetchedRegionData> {
  const { allowPrivate, folder, maxBytes = DEFAULT_MAX_BYTES, registry = DEFAULT_REGISTRY, signal, tls } =
    options;
  if (!PACKAGE_NAME.test(name)) {
    throw new RegionDataError(`Cannot fetch "${name.slice(0, 60)}": it is no package name`);
  }
  const terms = { allowPrivate, signal, tls, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS };
  const address = `${registry.replace(/\/+$/, "")}/${name.replace("/", "%2f")}/latest`;
  const description = await get(address, name, { ...terms, maxBytes: MAX_DESCRIPTION_BYTES });
  const { integrity, licence, tarball, version } = readDescription(description, name);
  const archive = await get(tarball, name, { ...terms, maxBytes });
  const actual = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
  if (!integrity.split(/\s+/).includes(actual)) {
    throw new RegionDataError(`Cannot use "${name}": the archive is not the one that the registry describes`);
  }
  const files = await unpack(archive, name, folder);
  if (files.length === 0) throw new RegionDataError(`Cannot use "${name}": there is no .mmdb file in it`);
  return { name, version, licence, files };
}

async function get(url: string, name: string, terms: FetchTextOptions): Promise<Uint8Array> {
  const { body, isTruncated, status } = await fetchBytes(url, terms);
  if (status !== 200) throw new RegionDataError(`Cannot fetch "${name}": the registry answered ${status}`);
  if (isTruncated) {
    throw new RegionDataError(`Cannot fetch "${name}": it is larger than ${terms.maxBytes} bytes`);
  }
  return body;
}

interface Description {
  readonly version: string;
  readonly licence: string | null;
  readonly tarball: string;
  readonly integrity: string;
}

function readDescription(bytes: Uint8Array, name: string): Description {
  try {
    const { dist, license, version } = JSON.parse(new TextDecoder().decode(bytes));
    const { integrity, tarball } = dist;
    if ([integrity, tarball, version].every((part) => typeof part === "string")) {
      return { version, tarball, integrity, licence: typeof license === "string" ? license : null };
    }
  } catch {
    // Told below.
  }
  throw new RegionDataError(`Cannot fetch "${name}": the registry does not describe it as expected`);
}

async function unpack(archive: Uint8Array, name: string, folder: string): Promise<readonly string[]> {
  let unpacked: Uint8Array;
  try {
    unpacked = await promisify(gunzip)(archive, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (cause) {
    throw new RegionDataError(`Cannot unpack "${name}"`, { cause });
  }
  const files: string[] = [];
  for (const { bytes, path } of filesIn(unpacked)) {
    const file = /(?:^|\/)([\w-][\w.-]{0,100}\.mmdb)$/.exec(path)?.[1];
    if (file === undefined) continue;
    openRegionFile(bytes, file);
    await mkdir(folder, { recursive: true });
    files.push(await replaceFile(join(folder, file), bytes));
  }
  return files;
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<string> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return path;
}
