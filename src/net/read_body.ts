/** Reads the body of an answer as text of a bounded size, for a reader who has little room: an assistant. */

import { clearTimeout, setTimeout } from "node:timers";
import { decodeText, isHtml, isTextual } from "./charset.ts";
import { type PageFormat, reduceHtml } from "./html_text.ts";

/** How a body is to be read. */
export interface ReadBodyOptions {
  /** `raw` as it is; HTML as `text` or `markdown`. Other text is never changed. */
  readonly format: "raw" | PageFormat;
  /** Longest text, bytes of UTF-8, ≥ 1. */
  readonly maxBytes: number;
  /** Most that is read of the answer, bytes; the rest is not fetched. */
  readonly readLimitBytes: number;
  /** Changes the whole text before it is cut, for example to take secrets out: half of one must not be left at the end. */
  readonly edit?: ((text: string) => string) | undefined;
  /** Longest time, ms: a site that sends a byte a second must not be waited for. @default {no limit} */
  readonly timeoutMs?: number | undefined;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
}

/** A body that was read. */
export interface ReadableBody {
  /** The text; empty for a body that is none. */
  readonly text: string;
  /** Size of the body, bytes, decoded; as far as it was read when it was cut and the site does not tell. */
  readonly bytes: number;
  /** Whether something is missing at the end. */
  readonly isTruncated: boolean;
  /** Whether the body is text. */
  readonly isText: boolean;
  /** Whether it was cut since the time was over. */
  readonly isLate: boolean;
}

/**
 * Reads the body of an answer; see {@linkcode ReadBodyOptions}. Ends the connection when not all is wanted.
 *
 * @throws what reading the body throws
 */
export async function readBody(response: Response, options: ReadBodyOptions): Promise<ReadableBody> {
  const { format, maxBytes } = options;
  const contentType = response.headers.get("content-type");
  const { bytes, isCut, isLate } = await readUpTo(response.body, options);
  const told = Number(response.headers.get("content-length") ?? NaN);
  const size = isCut && told > bytes.length ? told : bytes.length;
  if (!isTextual(bytes, contentType)) {
    return { text: "", bytes: size, isTruncated: isCut, isText: false, isLate };
  }
  const decoded = decodeText(bytes, contentType);
  const reduced = format !== "raw" && isHtml(decoded, contentType)
    ? await reduceHtml(decoded, format, response.url === "" ? undefined : response.url)
    : { text: decoded, isCut: false };
  const whole = options.edit?.(reduced.text) ?? reduced.text;
  const text = cutText(whole, maxBytes);
  const isTruncated = isCut || reduced.isCut || text.length < whole.length;
  return { text, bytes: size, isTruncated, isText: true, isLate };
}

/** The longest start of a text that fits, without half a character at the end. */
export function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}

interface Beginning {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
  readonly isLate: boolean;
}

async function readUpTo(
  body: ReadableStream<Uint8Array> | null,
  { readLimitBytes, signal, timeoutMs }: ReadBodyOptions,
): Promise<Beginning> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isLate = false;
  const reader = body?.getReader();
  const cancel = (reason?: unknown) => void reader?.cancel(reason).catch(() => {});
  const onAbort = () => cancel(signal?.reason);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => {
    isLate = true;
    cancel();
  }, timeoutMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    while (reader !== undefined && length <= readLimitBytes) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) break;
      chunks.push(value);
      length += value.length;
    }
    if (length > readLimitBytes) await reader?.cancel();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
  const bytes = new Uint8Array(Math.min(length, readLimitBytes));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.subarray(0, bytes.length - at), at);
    at += Math.min(chunk.length, bytes.length - at);
  }
  return { bytes, isCut: isLate || length > readLimitBytes, isLate };
}
