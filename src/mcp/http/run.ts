/**
 * MCP over HTTP as the whole purpose of a process.
 *
 * @module
 */
import process from "node:process";
import { type FetchHandler, type HttpListener, isLoopback, listenHttp } from "../../runtime/mod.ts";
import type { McpService } from "../mcp_service.ts";
import { endInOrder, listenForSignals, type ProgramEnd, withDeadline } from "../program_end.ts";
import type { OAuthOptions } from "./auth.ts";
import { createMcpHttpHandler, type McpHttpOptions, type McpHttpServer } from "./handler.ts";

/** How long the last answers may take to leave once everything is done, ms. */
const LAST_WORDS_MS = 1000;

/** Options of {@linkcode serveMcpHttp}. */
export interface HttpServeOptions extends Omit<McpHttpOptions, "oauth"> {
  /** Authorization server whose tokens are accepted. On loopback the resource is the server's own address. */
  readonly oauth?: Omit<OAuthOptions, "resource"> & Partial<Pick<OAuthOptions, "resource">>;
  /** Port to listen on; 0 takes a free one. @default {8000} */
  readonly port?: number;
}

/** A server that listens. */
export interface HttpServer {
  /** The address of its MCP endpoint, e.g. `http://127.0.0.1:8000/mcp`. */
  readonly url: string;
  /** Ends it in order: answers what is being done, at most for `graceMs`, and cuts the rest. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Serves MCP over HTTP; leaves signals and the process alone.
 *
 * @throws {RangeError} Others could reach the server, and it has no key.
 * @throws {Error} With a `code` such as `EADDRINUSE` when it cannot listen.
 */
export async function serveMcpHttp(service: McpService, options: HttpServeOptions = {}): Promise<HttpServer> {
  const { hostname = "127.0.0.1", port = 8000 } = options;
  checkProtection(service, options);
  // The port may be known only now, and is part of what tokens are for.
  let handler: McpHttpServer | undefined;
  const early = () => new Response(null, { status: 503, headers: { "retry-after": "1" } });
  const fetch: FetchHandler = (request, origin) =>
    handler?.fetch(request, origin) ?? Promise.resolve(early());
  const listener = await listenHttp({ hostname, port, fetch });
  const url = `${originOf(hostname, listener)}/mcp`;
  const { oauth, ...others } = options;
  try {
    handler = createMcpHttpHandler(service, {
      ...others,
      hostname,
      ...(oauth === undefined ? {} : { oauth: { resource: url, ...oauth } }),
    });
  } catch (error) {
    await listener.kill();
    throw error;
  }
  return {
    url,
    async close(graceMs) {
      const stopped = listener.stop();
      await handler?.close(graceMs);
      await withDeadline(stopped, LAST_WORDS_MS).catch(() => listener.kill());
    },
  };
}

/** Options of {@linkcode runMcpHttp}. */
export interface HttpProgramOptions extends HttpServeOptions {
  /** Called when the server listens. */
  readonly onListening?: (url: string) => void;
  /** Called once before the process exits: the place to write out what is only in memory. */
  readonly onClose?: (end: ProgramEnd) => void | Promise<void>;
  /** How long `onClose` may take. @default {15000} */
  readonly closeTimeoutMs?: number;
  /** How long calls that are being done may still take. @default {5000} */
  readonly graceMs?: number;
  /** Ends the process. @default {process.exit} */
  readonly exit?: (code: number) => void;
}

/**
 * Serves a service over HTTP as the whole purpose of this process: until SIGINT, SIGTERM or SIGHUP; then takes no
 * more requests, finishes or aborts those under way, calls `onClose`, and exits with 0. Exits with 1 when `onClose`
 * fails or takes too long, and at once on a second signal.
 */
export async function runMcpHttp(service: McpService, options: HttpProgramOptions = {}): Promise<void> {
  const exit = options.exit ?? ((code: number) => process.exit(code));
  const server = await serveMcpHttp(service, options);
  const signals = listenForSignals(exit);
  options.onListening?.(server.url);
  const end = await signals.first;
  await endInOrder({ ...options, close: () => server.close(options.graceMs), end, exit, signals });
}

/** Without a key everybody who reaches the port may do everything. */
function checkProtection(service: McpService, { hostname = "127.0.0.1", oauth }: HttpServeOptions): void {
  if (isLoopback(hostname)) return;
  if (!service.requiresKey && oauth === undefined) {
    throw new RangeError(
      `Cannot serve on "${hostname}" without a key, since others could reach it: set --api-key (better ` +
        `PROXYWHIRL_API_KEY) or --oauth-issuer, or serve on 127.0.0.1`,
    );
  }
  if (oauth !== undefined && oauth.resource === undefined) {
    throw new RangeError(
      `Cannot serve on "${hostname}" with tokens: set --oauth-resource to the URL under which clients reach /mcp`,
    );
  }
}

/** A wildcard address is none that a client can use. */
function originOf(wanted: string, { hostname, port }: HttpListener): string {
  const host = wanted === "localhost" ? wanted : /^(0\.0\.0\.0|::)$/.test(hostname) ? "127.0.0.1" : hostname;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
