/** Following redirects, as the Fetch standard has it ("HTTP-redirect fetch"). */

import type { PreparedRequest } from "./prepared_request.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** They were meant for the first site, not for the next. */
const CREDENTIALS = ["authorization", "cookie", "proxy-authorization"];
const OF_BODY = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-location",
  "content-type",
];

/** Where an answer sends the client; undefined when it is no redirect, or one to nowhere. */
export function redirectTarget(
  status: number,
  headers: Headers,
  from: URL,
): URL | undefined {
  const location = REDIRECTS.has(status) ? headers.get("location") : null;
  if (location === null) return undefined;
  let url: URL;
  try {
    url = new URL(asUtf8(location), from);
  } catch {
    return undefined;
  }
  if (url.hash === "") url.hash = from.hash;
  url.username = "";
  url.password = "";
  return url;
}

/**
 * The request that follows a redirect.
 *
 * @throws {TypeError} after too many redirects, or when the body is a stream that is gone
 */
export function followRedirect(request: PreparedRequest, status: number, url: URL): PreparedRequest {
  if (request.redirectsLeft <= 0) throw new TypeError("Too many redirects");
  const { method } = request;
  const becomesGet = status === 303
    ? method !== "GET" && method !== "HEAD"
    : (status === 301 || status === 302) && method === "POST";
  const body = becomesGet ? null : request.body;
  if (body !== null && !body.isAvailable) {
    throw new TypeError("Cannot follow the redirect: the body is a stream, which cannot be sent again");
  }
  const headers = new Headers(request.headers);
  if (becomesGet) { for (const name of OF_BODY) headers.delete(name); }
  if (url.origin !== request.url.origin) { for (const name of CREDENTIALS) headers.delete(name); }
  return {
    method: becomesGet ? "GET" : method,
    url,
    headers,
    body,
    isIdempotent: becomesGet || request.isIdempotent,
    redirectsLeft: request.redirectsLeft - 1,
    isRedirected: true,
  };
}

/** Header fields arrive as Latin-1; sites write UTF-8 into this one. */
function asUtf8(text: string): string {
  // deno-lint-ignore no-control-regex
  if (!/[^\u0000-\u007f]/.test(text)) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(
      Uint8Array.from(text, (char) => char.charCodeAt(0)),
    );
  } catch {
    return text;
  }
}
