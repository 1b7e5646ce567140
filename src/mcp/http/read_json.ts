/**
 * Reads the body of a request within bounds of size and time.
 *
 * @module
 */
import { clearTimeout, setTimeout } from "node:timers";
import { refusal, RPC } from "./answers.ts";

/** Bounds of {@linkcode readJson}. */
export interface BodyLimits {
  /** Longest body, bytes. */
  readonly maxBytes: number;
  /** How long it may take to arrive. */
  readonly timeoutMs: number;
}

/** The body of a request as JSON, or the answer to one that cannot be read. */
export async function readJson(
  request: Request,
  limits: BodyLimits,
): Promise<{ readonly value: unknown } | { readonly refusal: Response }> {
  if (!isJson(request.headers.get("content-type"))) {
    return { refusal: refusal(415, "Unsupported Media Type: Content-Type must be application/json") };
  }
  const text = await readText(request, limits);
  if (typeof text !== "string") return { refusal: text };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { refusal: refusal(400, "Parse error: the body is not valid JSON", { code: RPC.parseError }) };
  }
}

function isJson(contentType: string | null): boolean {
  return /^\s*application\/json\s*(;|$)/i.test(contentType ?? "");
}

/** The body, or a refusal; of one that is too long nothing more is read. */
async function readText(request: Request, { maxBytes, timeoutMs }: BodyLimits): Promise<string | Response> {
  const tooLong = () => refusal(413, `Payload Too Large: a body may have ${maxBytes} bytes`);
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) return tooLong();
  if (request.body === null) return "";
  const reader = request.body.getReader();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void reader.cancel().catch(() => {});
  }, timeoutMs);
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (isLate) return refusal(408, "Request Timeout: the body did not arrive in time");
      if (done) return parts.join("") + decoder.decode();
      bytes += value.byteLength;
      if (bytes > maxBytes) {
        void reader.cancel().catch(() => {});
        return tooLong();
      }
      parts.push(decoder.decode(value, { stream: true }));
    }
  } catch {
    return refusal(400, "Parse error: the body could not be read", { code: RPC.parseError });
  } finally {
    clearTimeout(timer);
  }
}
