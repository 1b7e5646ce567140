/** Reads the body of a response for somebody who has little room: bounded, decoded, reduced. */

import { decodeText, isHtml, isTextual } from "./charset.ts";
import { type PageFormat, reduceHtml } from "./html_text.ts";

/** How a body is wanted. */
export interface BoundedBodyOptions {
  /** Most text to give, bytes of UTF-8. @default {20_000} */
  readonly maxBytes?: number;
  /** `raw` as it is; `text` and `markdown` reduce HTML and leave other texts alone. @default {"raw"} */
  readonly format?: "raw" | PageFormat;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/** A body as far as it is given. */
export interface BoundedBody {
  /** The text; empty for a binary body. */
  readonly text: string;
  /** Whether the body is text. */
  readonly isText: boolean;
  /** Whether there is more than is given. */
  readonly isTruncated: boolean;
  /** Size of the body, bytes, decoded; of the part that was read when it was cut and the site does not tell. */
  readonly bytes: number;
  /** Type that the site gives. */
  readonly contentType: string | null;
}

/** A page is read further than it is given, since most of it is markup. */
const PAGE_BYTES = 1_000_000;

/**
 * Reads a body up to a bound and gives it up there.
 *
 * @throws what reading the body throws
 */
export async function readBounded(
  response: Response,
  options: BoundedBodyOptions = {},
): Promise<BoundedBody> {
  const { format = "raw", maxBytes = 20_000, signal } = options;
  const contentType = response.headers.get("content-type");
  const told = Number(response.headers.get("content-length") ?? NaN);
  const isReduced = format !== "raw" && /html/i.test(contentType ?? "html");
  const { bytes, isCut } = await readUpTo(
    response,
    isReduced ? Math.max(PAGE_BYTES, maxBytes) : maxBytes,
    signal,
  );
  const size = isCut && told > bytes.length ? told : bytes.length;
  if (!isTextual(bytes, contentType)) {
    return { text: "", isText: false, isTruncated: isCut, bytes: size, contentType };
  }
  const decoded = decodeText(bytes, contentType);
  const whole = format !== "raw" && isHtml(decoded, contentType)
    ? await reduceHtml(decoded, format, response.url === "" ? undefined : response.url)
    : decoded;
  const text = cutText(whole, maxBytes);
  return { text, isText: true, isTruncated: isCut || text.length < whole.length, bytes: size, contentType };
}

/** A text of at most so many bytes of UTF-8, no character broken. */
export function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(bytes.subarray(0, end));
}

async function readUpTo(
  { body }: Response,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly isCut: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  const onAbort = () => void reader?.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    while (reader !== undefined && length <= maxBytes) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) break;
      chunks.push(value);
      length += value.length;
    }
    if (length > maxBytes) await reader?.cancel();
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
  const bytes = new Uint8Array(Math.min(length, maxBytes));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.subarray(0, bytes.length - at), at);
    at += Math.min(chunk.length, bytes.length - at);
  }
  return { bytes, isCut: length > maxBytes };
}
