/**
 * Serves a fetch handler on a port: the one seam between the HTTP of Deno, Node and Bun and the rest of the program.
 *
 * Deno has two servers. `Deno.serve` is the quicker one, but waits for the end of a request's headers for ever
 * (measured on 2.9: a half-sent line still held its connection after 45 s), and nobody can see such a connection to
 * close it. `node:http` cuts slow senders off, on Deno as well. So `Deno.serve` answers on loopback, where everybody
 * who can reach the port may as well stop the program, and `node:http` everywhere else.
 *
 * @module
 */
import { runtimeInfo } from "./runtime_info.ts";

/** Where a request comes from. What `Deno.serve` hands to its handler has this shape. */
export interface RequestOrigin {
  /** The other end of the connection. */
  readonly remoteAddr?: {
    /** `tcp`, mostly. */
    readonly transport?: string;
    /** Its address. */
    readonly hostname?: string;
  };
}

/** Answers requests; never rejects. */
export type FetchHandler = (request: Request, origin?: RequestOrigin) => Promise<Response>;

/** Options of {@linkcode listenHttp}. */
export interface HttpListenerOptions {
  /** Address or name to listen on. */
  readonly hostname: string;
  /** Port; 0 takes a free one. */
  readonly port: number;
  /** Answers the requests. */
  readonly fetch: FetchHandler;
  /** How long a connection may take to send the headers of a request, where the server can tell. @default {10000} */
  readonly headersTimeoutMs?: number;
  /** How long a whole request may take to arrive, likewise. @default {60000} */
  readonly requestTimeoutMs?: number;
  /** Which server to take. @default {"auto"} */
  readonly server?: "auto" | "deno" | "node";
}

/** A server that listens. */
export interface HttpListener {
  /** The address it listens on. */
  readonly hostname: string;
  /** The port it listens on. */
  readonly port: number;
  /** Takes no more connections; resolves when all requests have been answered. */
  stop(): Promise<void>;
  /** Cuts all connections. */
  kill(): Promise<void>;
}

/**
 * Starts to listen.
 *
 * @throws {Error} With a `code` such as `EADDRINUSE` when it cannot.
 */
export async function listenHttp(options: HttpListenerOptions): Promise<HttpListener> {
  const { server = "auto" } = options;
  const takesDeno = server === "deno" ||
    server === "auto" && runtimeInfo().name === "Deno" && isLoopback(options.hostname);
  if (takesDeno) return (await import("./http_listener_deno.ts")).listenOnDeno(options);
  return await (await import("./http_listener_node.ts")).listenOnNode(options);
}

/** Whether only this machine can reach what listens on a host. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
