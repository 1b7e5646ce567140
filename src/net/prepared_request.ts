/** A request as it goes over the network, read from the arguments of `fetch`. */

import { ACCEPT_ENCODING } from "./body_reader.ts";
import { prepareBody, type RequestBody } from "./request_body.ts";

/** One request to one URL. Following a redirect makes another one. */
export interface PreparedRequest {
  /** Method, upper case. */
  readonly method: string;
  /** Whole URL, without credentials. */
  readonly url: URL;
  /** Header fields that the caller wants, and defaults. */
  readonly headers: Headers;
  /** Body. */
  readonly body: RequestBody | null;
  /** Whether sending it twice does no more than sending it once. */
  readonly isIdempotent: boolean;
  /** Redirects that may still be followed. */
  readonly redirectsLeft: number;
  /** Whether a redirect led here. */
  readonly isRedirected: boolean;
}

/** What is read besides from the arguments of `fetch`. */
export interface PrepareOptions {
  /** Whether the request may be sent twice although its method does not promise that. */
  readonly idempotent?: boolean | undefined;
  /** Redirects to follow. */
  readonly maxRedirects: number;
  /** Value for `user-agent` when the caller gives none. */
  readonly userAgent: string;
}

const NORMALIZED = /^(?:delete|get|head|options|post|put|patch)$/i;
const FORBIDDEN = /^(?:connect|trace|track)$/i;
/** RFC 9110 §9.2.2. */
const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);
/** Fields of the connection, not of the request: the connections are ours. */
const OURS = [
  "connection",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/**
 * Reads the arguments of `fetch`.
 *
 * @throws {TypeError} for arguments that `fetch` refuses too
 */
export async function prepareRequest(
  input: string | URL | Request,
  init: RequestInit,
  options: PrepareOptions,
): Promise<PreparedRequest> {
  const base = input instanceof Request ? input : undefined;
  const url = urlOf(base === undefined ? String(input) : base.url);
  const method = methodOf(init.method ?? base?.method ?? "GET");
  const headers = new Headers(init.headers ?? base?.headers);
  const given = init.body ?? base?.body ?? null;
  if (given !== null && (method === "GET" || method === "HEAD")) {
    throw new TypeError(`Cannot send a body with ${method}`);
  }
  const prepared = given === null ? null : await prepareBody(given);
  if (prepared !== null && prepared.contentType !== null && !headers.has("content-type")) {
    headers.set("content-type", prepared.contentType);
  }
  for (const name of OURS) headers.delete(name);
  if (prepared?.body.isStream !== true) headers.delete("content-length");
  else if (!/^\d{1,15}$/.test(headers.get("content-length") ?? "0")) {
    throw new TypeError(
      `Cannot send content-length "${headers.get("content-length")?.slice(0, 30)}": not a number`,
    );
  }
  if (!headers.has("accept")) headers.set("accept", "*/*");
  if (!headers.has("accept-encoding")) headers.set("accept-encoding", ACCEPT_ENCODING);
  if (!headers.has("user-agent")) headers.set("user-agent", options.userAgent);
  return {
    method,
    url,
    headers,
    body: prepared?.body ?? null,
    isIdempotent: options.idempotent ?? IDEMPOTENT.has(method),
    redirectsLeft: options.maxRedirects,
    isRedirected: false,
  };
}

function urlOf(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new TypeError("Cannot request a URL that cannot be read; give it in full, with https://", {
      cause,
    });
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError("Cannot request a URL with credentials in it: send them in a header");
  }
  return url;
}

function methodOf(method: string): string {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64}$/.test(method) || FORBIDDEN.test(method)) {
    throw new TypeError(`Cannot use method "${method.slice(0, 30)}"`);
  }
  return NORMALIZED.test(method) ? method.toUpperCase() : method;
}
