/**
 * One request through one given proxy, on a connection of its own: for checks of proxies and for lists.
 *
 * No failover, no redirects, no decoding, nothing learned. For everything else there is `ProxyClient`.
 *
 * @example
 * ```ts ignore
 * const { status, body, timings } = await requestThrough(
 *   parseProxyUrl("http://203.0.113.7:8080"),
 *   "https://judge.example/ip",
 *   { timeoutMs: 5_000 },
 * );
 * ```
 */

import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { dial, dialDirect, type DialOptions, type ProxyEndpoint, usesAbsoluteForm } from "./dial.ts";
import { netErrorFrom } from "./errors.ts";
import { basicAuthorization } from "./http_connect.ts";
import { exchange, type HeaderFields } from "./http_exchange.ts";
import { type PhaseLimits, waitOn } from "./phase_wait.ts";
import { checkTarget } from "./target_guard.ts";

/** What is sent, and on what terms. */
export interface RequestThroughOptions
  extends Pick<DialOptions, "tls" | "timeouts" | "allowPrivate" | "signal"> {
  /** Method. @default {"GET"} */
  readonly method?: string;
  /** Header fields. */
  readonly headers?: HeaderFields;
  /** Body. */
  readonly body?: string | Uint8Array;
  /** Longest time for everything, body included, ms. @default {30_000} */
  readonly timeoutMs?: number;
  /** Read at most this much of the body, bytes. @default {1_048_576} */
  readonly maxBytes?: number;
  /** Send plain HTTP through a tunnel as well, where the proxy speaks HTTP. @default {false} */
  readonly tunnel?: boolean;
}

/** What came back. */
export interface RequestThroughResult {
  /** HTTP status. */
  readonly status: number;
  /** Header fields. */
  readonly headers: Headers;
  /** Body as it came, not decoded. */
  readonly body: Uint8Array;
  /** Whether the body was longer than `maxBytes`. */
  readonly isTruncated: boolean;
  /** What took how long. */
  readonly timings: RequestTimings;
}

/** Milliseconds from the start. */
export interface RequestTimings {
  /** Until the connection to the site was up, TLS included. */
  readonly connectedMs: number;
  /** Until the head of the answer was there. */
  readonly firstByteMs: number;
  /** Until the body was read. */
  readonly totalMs: number;
}

/**
 * Sends a request through a proxy; with `null` **without** one, from this machine's own address.
 *
 * @throws {NetError} saying what failed, in which phase and on whose side
 * @throws {TargetRefusedError} for a site on a private address, unless `allowPrivate`
 * @throws the reason of the signal when the caller gives up
 */
export async function requestThrough(
  proxy: ProxyEndpoint | null,
  url: string | URL,
  options: RequestThroughOptions = {},
): Promise<RequestThroughResult> {
  const { body = null, maxBytes = 1_048_576, signal, timeoutMs = 30_000 } = options;
  const address = new URL(url);
  checkTarget(address, { allowPrivateTargets: options.allowPrivate });
  const start = performance.now();
  const deadline = start + timeoutMs;
  const target = {
    host: address.hostname,
    port: portOf(address),
    isTls: address.protocol === "https:",
    tunnel: options.tunnel,
  };
  const socket = proxy === null
    ? await dialDirect(target, { ...options, deadline })
    : await dial(proxy, target, { ...options, deadline });
  try {
    const connectedMs = performance.now() - start;
    const isAbsolute = proxy !== null && usesAbsoluteForm(proxy, target);
    const authorization = isAbsolute ? basicAuthorization(proxy) : undefined;
    const message = await exchange(socket, {
      method: (options.method ?? "GET").toUpperCase(),
      url: address,
      headers: {
        ...options.headers,
        ...(authorization === undefined ? {} : { "proxy-authorization": authorization }),
      },
      body: typeof body === "string" ? new TextEncoder().encode(body) : body,
      isAbsolute,
      keepAlive: false,
    }, { timeoutMs, deadline, signal });
    const firstByteMs = performance.now() - start;
    const limits = { phase: "body", side: "proxy", timeoutMs, deadline, signal } as const;
    const read = await readBody(socket, message, maxBytes, limits);
    const timings = { connectedMs, firstByteMs, totalMs: performance.now() - start };
    return { status: message.statusCode ?? 0, headers: headersFrom(message), ...read, timings };
  } finally {
    socket.destroy();
  }
}

/** Port of a URL, the default one written out. */
export function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

/** Header fields of an answer. A field that the platform's class does not take is left out. */
export function headersFrom({ rawHeaders }: Pick<IncomingMessage, "rawHeaders">): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    try {
      headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
    } catch {
      // A name or value that is not allowed; the parser is more lenient.
    }
  }
  return headers;
}

function readBody(
  socket: Socket,
  message: IncomingMessage,
  maxBytes: number,
  limits: PhaseLimits,
): Promise<Pick<RequestThroughResult, "body" | "isTruncated">> {
  return waitOn(socket, limits, ({ done, fail }) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const finish = (isTruncated: boolean) => {
      const body = new Uint8Array(Math.min(length, maxBytes));
      let at = 0;
      for (const chunk of chunks) {
        body.set(chunk.subarray(0, body.length - at), at);
        at += Math.min(chunk.length, body.length - at);
      }
      done({ body, isTruncated });
    };
    message.on("data", (chunk: Uint8Array) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) finish(true);
    });
    message.on("end", () => finish(false));
    message.on("error", (error) => fail(netErrorFrom(error, limits)));
    return () => {
      message.removeAllListeners("data");
      message.removeAllListeners("end");
    };
  });
}
