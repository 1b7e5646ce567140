/**
 * Finds the country and network of an address, offline, in MaxMind DB files (`.mmdb`). Several files complete each
 * other: one for countries and one for networks, or one for IPv4 and one for IPv6. What no file knows stays unknown.
 */

import { Buffer } from "node:buffer";
import { readFile, stat } from "node:fs/promises";
import { isIP } from "node:net";
import { Reader } from "mmdb-lib";
import { ProxyWhirlError } from "../core/mod.ts";
import { isPrivateAddress } from "../net/mod.ts";
import { countryCode } from "./country.ts";

/** Where an address is; `null` is "not known". */
export interface RegionInfo {
  /** Country, ISO 3166-1 alpha-2, upper case. */
  readonly region: string | null;
  /** City. */
  readonly city: string | null;
  /** Autonomous system number. */
  readonly asn: number | null;
}

/** A region file is absent, broken, or could not be fetched. */
export class RegionDataError extends ProxyWhirlError {
  /**
   * Makes the error.
   *
   * @param message Which file, and what is wrong with it
   * @param options The error that caused this one
   */
  constructor(message: string, options?: ErrorOptions) {
    super("REGION_DATA", message, options);
  }
}

const MAX_FILE_BYTES = 1024 ** 3;
const NOTHING: RegionInfo = Object.freeze({ region: null, city: null, asn: null });

type Fields = Readonly<Record<string, unknown>>;

/** Region files, open for look-ups. They are held in memory: a look-up takes some 2 µs. */
export class RegionDatabase {
  readonly #readers: readonly Reader<Fields>[];

  private constructor(readers: readonly Reader<Fields>[]) {
    this.#readers = readers;
  }

  /**
   * Opens files. Of two that know something, the one named first is believed.
   *
   * @throws {RegionDataError} naming the file that is absent or broken
   */
  static async open(paths: readonly string[]): Promise<RegionDatabase> {
    return new RegionDatabase(await Promise.all(paths.map(openFile)));
  }

  /**
   * Where an address is. Never throws; names are not looked up.
   *
   * @param host IPv4, or IPv6 with or without brackets; anything else is not known
   */
  locate(host: string): RegionInfo {
    const bare = host.replace(/^\[|\]$/g, "");
    const address = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(bare)?.[1] ?? bare;
    if (isIP(address) === 0 || isEverywhere(address)) return NOTHING;
    let found = NOTHING;
    for (const reader of this.#readers) {
      const { asn, city, region } = infoOf(lookUp(reader, address));
      found = { region: found.region ?? region, city: found.city ?? city, asn: found.asn ?? asn };
    }
    return found;
  }
}

/** Checks that bytes are a region file, and opens it. */
export function openRegionFile(bytes: Uint8Array, name: string): Reader<Fields> {
  try {
    const reader = new Reader<Fields>(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const { nodeCount, recordSize } = reader.metadata;
    if (nodeCount * recordSize / 4 > bytes.byteLength) throw new Error("It is shorter than it says");
    return reader;
  } catch (cause) {
    throw new RegionDataError(`Cannot read "${name}": it is no MaxMind DB file, or it is damaged`, { cause });
  }
}

async function openFile(path: string): Promise<Reader<Fields>> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) throw new RegionDataError(`Cannot read "${path}": it is larger than 1 GiB`);
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof RegionDataError) throw cause;
    const { code } = cause as { readonly code?: unknown };
    const reason = code === "ENOENT"
      ? "there is no such file"
      : code === "EISDIR"
      ? "it is a directory"
      : String(code);
    throw new RegionDataError(`Cannot read "${path}": ${reason}`, { cause });
  }
  return openRegionFile(bytes, path);
}

/**
 * Addresses that each network has for itself. Published files give some of them a country: whose registry set the
 * range aside. Loopback they leave out, so a file of one's own may have it.
 */
function isEverywhere(address: string): boolean {
  return isPrivateAddress(address) && !/^(?:127\.|::1$)/.test(address);
}

/** A damaged file refuses anything. A file for IPv4 alone takes the first 32 bits of IPv6 for an address of its own. */
function lookUp(reader: Reader<Fields>, address: string): Fields {
  if (reader.metadata.ipVersion === 4 && isIP(address) === 6) return {};
  try {
    return reader.get(address) ?? {};
  } catch {
    return {};
  }
}

/** Files differ: `country.iso_code` (MaxMind), `country_code` (ip-location-db), `country` (others). */
function infoOf(record: Fields): RegionInfo {
  const country = record["country"];
  const code = isFields(country) ? country["iso_code"] : record["country_code"] ?? country;
  const city = isFields(record["city"]) ? record["city"]["names"] : record["city"];
  const cityName = isFields(city) ? city["en"] : city;
  const network = record["autonomous_system_number"] ?? record["asn"];
  const asn = Number(/^(?:as)?(\d{1,10})$/i.exec(String(network ?? ""))?.[1] ?? 0);
  return {
    region: typeof code === "string" ? countryCode(code) ?? null : null,
    city: typeof cityName === "string" && cityName !== "" ? cityName.slice(0, 100) : null,
    asn: asn > 0 ? asn : null,
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
