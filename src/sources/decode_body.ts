/** Turns the bytes of an answer into text: content encodings, character sets, and a limit on what comes out. */

import { pipeline } from "node:stream/promises";
import { Readable, Writable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { SourceError } from "./source_error.ts";

/** A text, whole or its beginning. */
export interface DecodedText {
  /** The text. */
  readonly text: string;
  /** Whether more came than `maxBytes`. */
  readonly isCut: boolean;
}

/** What to decode. */
export interface EncodedBody {
  /** Bytes as they came. */
  readonly body: Uint8Array;
  /** Whether the bytes are the beginning of more. */
  readonly isTruncated: boolean;
  /** `content-encoding` of the answer. */
  readonly encoding: string | null;
  /** `content-type` of the answer. */
  readonly contentType: string | null;
  /** Longest text, bytes. */
  readonly maxBytes: number;
}

/** What is asked for in `accept-encoding`. */
export const ACCEPTED_ENCODINGS = "gzip, deflate, br";

/**
 * Decodes a body. A small archive can hold a huge text: what comes out is limited too.
 *
 * @throws {SourceError} `SOURCE_ENCODING` for an encoding that was not asked for or is damaged
 */
export async function decodeBody(encoded: EncodedBody): Promise<DecodedText> {
  const { bytes, isCut } = await inflated(encoded);
  return { text: decoderOf(encoded.contentType).decode(bytes), isCut };
}

interface Bytes {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
}

async function inflated({ body, encoding, isTruncated, maxBytes }: EncodedBody): Promise<Bytes> {
  const name = encoding?.trim().toLowerCase() ?? "";
  // Files that end in .gz are often served without a word about it.
  const isPlain = name === "" || name === "identity";
  if (isPlain && !(body[0] === 0x1f && body[1] === 0x8b)) return { bytes: body, isCut: isTruncated };
  const stream = isPlain || name === "gzip" || name === "x-gzip"
    ? createGunzip()
    : name === "deflate"
    ? createInflate()
    : name === "br"
    ? createBrotliDecompress()
    : undefined;
  if (stream === undefined) {
    throw new SourceError("SOURCE_ENCODING", `Cannot read the encoding "${name.slice(0, 40)}"`);
  }
  const sink = new LimitedSink(maxBytes);
  try {
    await pipeline(Readable.from([body], { objectMode: false }), stream, sink);
  } catch (cause) {
    if (!sink.isFull && !(isTruncated && sink.size > 0)) {
      throw new SourceError("SOURCE_ENCODING", "Cannot unpack the answer: it is damaged", { cause });
    }
  }
  return { bytes: sink.bytes(), isCut: sink.isFull || isTruncated };
}

/** Takes bytes up to a limit, then fails, which ends the unpacking. */
class LimitedSink extends Writable {
  readonly #chunks: Uint8Array[] = [];
  readonly #limit: number;
  size = 0;
  isFull = false;

  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    const room = this.#limit - this.size;
    const part = chunk.subarray(0, room);
    this.#chunks.push(part);
    this.size += part.length;
    this.isFull = chunk.length > room;
    done(this.isFull ? new Error("It is longer than allowed") : undefined);
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }
}

function decoderOf(contentType: string | null): TextDecoder {
  const charset = /charset\s*=\s*"?([\w-]{1,40})/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
