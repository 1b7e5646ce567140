/**
 * Cuts a byte stream into lines, in linear time and bounded memory.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** How much of each end of a skipped line is kept, to find a request's id in it. */
const KEPT_BYTES = 512;

/** A line that was longer than allowed. */
export interface OversizedLine {
  /** Its first bytes. */
  readonly head: string;
  /** Its last bytes. */
  readonly tail: string;
  /** Its length in bytes, without the line break. */
  readonly bytes: number;
}

/** What a {@linkcode LineSplitter} reports. */
export interface LineHandler {
  /** A whole line, without its line break (`\n` or `\r\n`). */
  line(line: string): void;
  /** A line of more than the allowed length has ended; its content is gone. */
  oversized(line: OversizedLine): void;
}

/** Collects chunks until a line is whole. */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #handler: LineHandler;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #skipped: { head: Buffer; tail: Buffer } | undefined;

  /**
   * @param maxBytes Longest line that is kept; longer ones are reported when they end.
   * @param handler Is told each line.
   */
  constructor(maxBytes: number, handler: LineHandler) {
    this.#maxBytes = maxBytes;
    this.#handler = handler;
  }

  /** Takes the next bytes of the stream. */
  push(chunk: Uint8Array): void {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      this.#take(rest.subarray(0, end));
      this.#endLine();
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) this.#take(rest);
  }

  /** The stream has ended: a last line without a line break counts as one. */
  end(): void {
    if (this.#bytes > 0) this.#endLine();
  }

  #take(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#skipped !== undefined) {
      this.#skipped.tail = lastBytes(this.#skipped.tail, part);
    } else {
      this.#chunks.push(part);
      if (this.#bytes > this.#maxBytes) this.#skip();
    }
  }

  #skip(): void {
    const start = Buffer.concat(this.#chunks);
    this.#chunks = [];
    // Copies, lest the few bytes keep the whole line alive.
    this.#skipped = {
      head: Buffer.from(start.subarray(0, KEPT_BYTES)),
      tail: lastBytes(Buffer.alloc(0), start),
    };
  }

  #endLine(): void {
    const [chunks, skipped, bytes] = [this.#chunks, this.#skipped, this.#bytes];
    this.#chunks = [];
    this.#skipped = undefined;
    this.#bytes = 0;
    if (skipped !== undefined) {
      this.#handler.oversized({ head: skipped.head.toString(), tail: skipped.tail.toString(), bytes });
      return;
    }
    const [first, ...more] = chunks;
    if (first === undefined) return this.#handler.line("");
    const line = (more.length === 0 ? first : Buffer.concat(chunks)).toString("utf8");
    this.#handler.line(line.endsWith("\r") ? line.slice(0, -1) : line);
  }
}

function lastBytes(before: Buffer, part: Buffer): Buffer {
  return Buffer.concat([before, part.subarray(-KEPT_BYTES)]).subarray(-KEPT_BYTES);
}
