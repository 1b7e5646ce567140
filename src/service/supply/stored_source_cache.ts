/**
 * Lists as they were last read, kept with the pool: after a restart their servers are asked only whether they have
 * changed. The version alone would be of no use, since a server that is told it sends no list; so both are kept, packed.
 */
import { Buffer } from "node:buffer";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import {
  type CachedSource,
  type FoundProxy,
  type ProxySource,
  SOURCE_FORMATS,
  SourceCache,
} from "../../sources/mod.ts";
import { VERSION } from "../version.ts";
import type { Notes } from "./notes.ts";

const PREFIX = "list:";
/** Longer notes are not kept: such a list is sent anew after a restart. */
const MAX_NOTE_LENGTH = 1_000_000;
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

type Fields = Readonly<Record<string, unknown>>;

/** Remembers lists in the notes of a store. */
export class StoredSourceCache extends SourceCache {
  readonly #notes: Notes;
  readonly #onError: (error: unknown) => void;
  readonly #loaded = new Set<string>();
  readonly #changed = new Map<string, CachedSource>();

  /**
   * Makes a cache that knows nothing until it is asked to load.
   *
   * @param notes Where lists are kept
   * @param onError Hears when that place fails; lists then last as long as the process
   */
  constructor(notes: Notes, onError: (error: unknown) => void) {
    super();
    this.#notes = notes;
    this.#onError = onError;
  }

  /** Keeps a list; written by {@linkcode StoredSourceCache.save}. */
  override set(name: string, cached: CachedSource): void {
    super.set(name, cached);
    this.#changed.set(name, cached);
  }

  /** Reads what has been kept of these lists, unless they are at hand. */
  async load(sources: readonly ProxySource[]): Promise<void> {
    for (const source of sources) {
      const { name, url } = source;
      if (this.#loaded.has(name) || this.get(name, url) !== undefined) continue;
      this.#loaded.add(name);
      try {
        const key = keyOf(name);
        const note = (await this.#notes.loadNotes(key)).get(key);
        const cached = note === undefined ? undefined : await unpack(note, source);
        if (cached !== undefined) super.set(name, cached);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  /** Writes those of these lists that have changed; others are not worth keeping. */
  async save(sources: readonly ProxySource[]): Promise<void> {
    const notes = new Map<string, string>();
    for (const source of sources) {
      const cached = this.#changed.get(source.name);
      if (cached !== undefined) notes.set(keyOf(source.name), await pack(cached, source));
    }
    this.#changed.clear();
    try {
      if (notes.size > 0) await this.#notes.saveNotes(notes);
    } catch (error) {
      this.#onError(error);
    }
  }
}

/** No name holds `|`, so that the key of one is never the beginning of another's. */
function keyOf(name: string): string {
  return `${PREFIX}${name}|`;
}

/** What else a list must have in common with what was kept: read by other rules, it may be another list. */
function termsOf({ format, protocol, readHttpsAs }: ProxySource): string {
  return JSON.stringify([VERSION, format ?? null, protocol ?? null, readHttpsAs ?? null]);
}

/** The note for a list; empty for one without a version, or too long. */
async function pack({ etag, lastModified, parsed, url }: CachedSource, source: ProxySource): Promise<string> {
  if (etag === null && lastModified === null) return "";
  const { rejected: _, ...kept } = parsed;
  const text = JSON.stringify({ url, etag, lastModified, terms: termsOf(source), parsed: kept });
  const note = (await promisify(gzip)(text)).toString("base64");
  return note.length > MAX_NOTE_LENGTH ? "" : note;
}

/** The list of a note; `undefined` for what cannot be read, or was read by other rules. */
async function unpack(note: string, source: ProxySource): Promise<CachedSource | undefined> {
  if (note === "") return undefined;
  let content: unknown;
  try {
    const bytes = await promisify(gunzip)(Buffer.from(note, "base64"), {
      maxOutputLength: MAX_UNPACKED_BYTES,
    });
    content = JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
  if (!isFields(content) || content["terms"] !== termsOf(source) || content["url"] !== source.url) {
    return undefined;
  }
  const { etag, lastModified, parsed } = content;
  if (!isFields(parsed) || !isVersion(etag) || !isVersion(lastModified)) return undefined;
  const { duplicates, isCut, proxies, rejectedCount } = parsed;
  const format = SOURCE_FORMATS.find((format) => format === parsed["format"]);
  if (format === undefined || !Array.isArray(proxies) || !proxies.every(isProxy)) return undefined;
  return {
    url: source.url,
    etag,
    lastModified,
    parsed: {
      format,
      proxies,
      duplicates: Number(duplicates) || 0,
      rejectedCount: Number(rejectedCount) || 0,
      rejected: [],
      isCut: isCut === true,
    },
  };
}

function isProxy(value: unknown): value is FoundProxy {
  return isFields(value) && typeof value["url"] === "string";
}

function isVersion(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
