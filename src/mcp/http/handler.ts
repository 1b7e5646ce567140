/**
 * MCP over HTTP as a fetch handler: `Request` in, `Response` out, on any runtime and behind any router.
 *
 * @module
 */
import {
  createMcpHandler,
  isLegacyRequest,
  type McpHttpHandler,
  type McpServer,
  type ServerNotifier,
} from "@modelcontextprotocol/server";
import { clearTimeout, setTimeout } from "node:timers";
import type { RequestOrigin } from "../../runtime/mod.ts";
import type { McpService } from "../mcp_service.ts";
import { watchResources } from "../resource_updates.ts";
import { createMcpServer, type McpServerOptions } from "../server.ts";
import { SYSTEM_TIMER } from "../update_throttle.ts";
import { document, methodNotAllowed, refusal } from "./answers.ts";
import { Exchange } from "./exchange.ts";
import { type GuardOptions, RequestGuard } from "./guards.ts";
import { readJson } from "./read_json.ts";
import { Sessions } from "./sessions.ts";
import { watchBody } from "./watch_body.ts";

/** Options of {@linkcode createMcpHttpHandler}. */
export interface McpHttpOptions extends McpServerOptions, GuardOptions {
  /** Longest body of a request, bytes. @default {4194304} */
  readonly maxBodyBytes?: number;
  /** How long a body may take to arrive. @default {30000} */
  readonly bodyTimeoutMs?: number;
  /** Most sessions of 2025 clients at a time; the one unused for longest makes room. @default {256} */
  readonly maxSessions?: number;
  /** How long a session may be unused. @default {1800000} */
  readonly sessionIdleMs?: number;
  /** Most requests and streams that are open at a time. @default {1024} */
  readonly maxOpenRequests?: number;
  /** Time between two comments on a quiet stream. @default {15000} */
  readonly keepAliveMs?: number;
  /** How long a client may leave an event of a stream unread. @default {60000} */
  readonly stallMs?: number;
}

/** MCP over HTTP. */
export interface McpHttpServer {
  /** Answers a request; never rejects. Can be handed to `Deno.serve` as it is. */
  readonly fetch: (request: Request, origin?: RequestOrigin) => Promise<Response>;
  /** Sessions of 2025 clients that are open now. */
  readonly openSessions: number;
  /**
   * Answers what is being done, at most for so long, then ends all streams and sessions. New requests are refused.
   *
   * @param graceMs @default {5000}
   */
  close(graceMs?: number): Promise<void>;
}

/**
 * Makes a handler: MCP in both eras of the protocol at `/mcp`, and `/healthz`.
 *
 * @example
 * ```ts ignore
 * const { fetch } = createMcpHttpHandler(service);
 * Deno.serve({ hostname: "127.0.0.1", port: 8000 }, fetch);
 * ```
 */
export function createMcpHttpHandler(service: McpService, options: McpHttpOptions = {}): McpHttpServer {
  return mountMcp(service, options, (serverOptions) => createMcpServer(service, serverOptions));
}

/** Makes the server of a request or of a session; `notify` tells listeners of the modern era of changes. */
export type ServerFactory = (options: McpServerOptions, notify: ServerNotifier) => McpServer;

/**
 * Mounts servers of any kind, with all that stands between them and the network. The way for the conformance suite
 * to try the mount through servers of its own.
 */
export function mountMcp(
  service: McpService,
  options: McpHttpOptions,
  makeServer: ServerFactory,
): McpHttpServer {
  return new Handler(service, options, makeServer);
}

class Handler implements McpHttpServer {
  readonly #service: McpService;
  readonly #options: McpHttpOptions;
  readonly #guard: RequestGuard;
  readonly #modern: McpHttpHandler;
  readonly #sessions: Sessions;
  readonly #endWatch: () => void;
  /** Whether each of the open exchanges is a call, whose answer is worth waiting for, or a stream that only ends with us. */
  readonly #open = new Set<Exchange>();
  readonly #calls = new Set<Exchange>();
  #isClosing = false;
  #onIdle: (() => void) | undefined;

  constructor(service: McpService, options: McpHttpOptions, makeServer: ServerFactory) {
    const { keepAliveMs = 15_000 } = options;
    const onError = (error: Error) => options.onError?.(error);
    this.#service = service;
    this.#options = options;
    this.#guard = new RequestGuard(options);
    // Who listens to what is known to the SDK's handler here, not to the server of a request.
    this.#modern = createMcpHandler(
      ({ era }) => makeServer({ ...options, era, pushesUpdates: false }, this.#modern.notify),
      { legacy: "reject", keepAliveMs, onerror: onError },
    );
    this.#sessions = new Sessions({
      makeServer: () => makeServer({ ...options, era: "legacy" }, this.#modern.notify),
      maxSessions: options.maxSessions ?? 256,
      idleMs: options.sessionIdleMs ?? 1_800_000,
      keepAliveMs,
      timer: options.timer ?? SYSTEM_TIMER,
      onError,
    });
    this.#endWatch = watchResources(service, (uri) => this.#modern.notify.resourceUpdated(uri), options);
  }

  get openSessions(): number {
    return this.#sessions.size;
  }

  readonly fetch = async (request: Request, _origin?: RequestOrigin): Promise<Response> => {
    try {
      const { pathname } = new URL(request.url);
      if (pathname === "/healthz") return this.#healthz(request);
      return this.#guard.check(request) ?? this.#guard.preflight(request) ??
        this.#guard.withCors(request, await this.#route(request, pathname));
    } catch (error) {
      this.#options.onError?.(new Error("The HTTP handler failed", { cause: error }));
      return refusal(500, "Internal error");
    }
  };

  async close(graceMs: number = 5000): Promise<void> {
    this.#isClosing = true;
    if (this.#calls.size > 0) await this.#callsDone(graceMs);
    this.#endWatch();
    await Promise.all([this.#modern.close(), this.#sessions.close()]);
  }

  #healthz(request: Request): Response {
    if (request.method !== "GET" && request.method !== "HEAD") return methodNotAllowed("GET, HEAD");
    if (this.#isClosing) return document({ status: "ending" }, 503);
    return document({ status: "ok", version: this.#service.version });
  }

  async #route(request: Request, pathname: string): Promise<Response> {
    if (this.#isClosing) return unavailable("The server is ending");
    if (pathname === "/mcp") return await this.#mcp(request);
    return refusal(404, "Not found. MCP is served at /mcp");
  }

  async #mcp(request: Request): Promise<Response> {
    if (!["GET", "POST", "DELETE"].includes(request.method)) return methodNotAllowed("GET, POST, DELETE");
    if (this.#open.size >= (this.#options.maxOpenRequests ?? 1024)) {
      return unavailable("Too many requests are open");
    }
    let body: unknown;
    if (request.method === "POST") {
      const { maxBodyBytes: maxBytes = 4_194_304, bodyTimeoutMs: timeoutMs = 30_000 } = this.#options;
      const read = await readJson(request, { maxBytes, timeoutMs });
      if ("refusal" in read) return read.refusal;
      body = read.value;
    }
    return await this.#answer(new Exchange(request, { subject: "anybody" }, body));
  }

  async #answer(exchange: Exchange): Promise<Response> {
    this.#open.add(exchange);
    if (isCall(exchange.body)) this.#calls.add(exchange);
    exchange.atEnd(() => {
      this.#open.delete(exchange);
      if (this.#calls.delete(exchange) && this.#calls.size === 0) this.#onIdle?.();
    });
    const end = () => exchange.end();
    try {
      const { request } = exchange;
      const isLegacy = await isLegacyRequest(request, exchange.body);
      const response = isLegacy
        ? await this.#sessions.handle(exchange)
        : await this.#modern.fetch(request, exchange.options);
      return watchBody(response, { onEnd: end, stallMs: this.#options.stallMs ?? 60_000 });
    } catch (error) {
      end();
      throw error;
    }
  }

  #callsDone(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function unavailable(message: string): Response {
  return refusal(503, message, { headers: { "retry-after": "5" } });
}

/** Whether the exchange ends by itself when the work is done; the others are streams of events to come. */
function isCall(body: unknown): boolean {
  if (typeof body !== "object" || body === null) return false;
  return !("method" in body && body.method === "subscriptions/listen");
}
