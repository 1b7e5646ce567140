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
import { isLoopback, type RequestOrigin } from "../../runtime/mod.ts";
import { PROMETHEUS_CONTENT_TYPE } from "../../service/prometheus_text.ts";
import type { McpService } from "../mcp_service.ts";
import { CONFIG_URI, watchResources } from "../resource_updates.ts";
import { createMcpServer, type McpServerOptions } from "../server.ts";
import { SYSTEM_TIMER } from "../update_throttle.ts";
import { document, methodNotAllowed, refusal } from "./answers.ts";
import { Authenticator, type OAuthOptions } from "./auth.ts";
import { OpenCalls } from "./calls.ts";
import { type Caller, Exchange } from "./exchange.ts";
import { type GuardOptions, RequestGuard } from "./guards.ts";
import { clientOf, RateLimit } from "./rate_limit.ts";
import { readJson } from "./read_json.ts";
import { listensToGuarded, missingScopes } from "./scopes.ts";
import { Sessions } from "./sessions.ts";
import { MESSAGES_PATH, SseSessions } from "./sse.ts";
import { watchBody } from "./watch_body.ts";

/** Options of {@linkcode createMcpHttpHandler}. */
export interface McpHttpOptions extends McpServerOptions, GuardOptions {
  /** Whether clients of 2024 are served as well, at `/sse` and `/messages`. @default {false} */
  readonly sse?: boolean;
  /** Authorization server whose tokens are accepted; the service's key still is. */
  readonly oauth?: OAuthOptions;
  /** Most requests from one address, such as `600/min`, or `off`. @default {"off" on loopback, else "100/s"} */
  readonly rateLimit?: string;
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
  /** Sessions of clients of 2025 and 2024 that are open now. */
  readonly openSessions: number;
  /**
   * Answers what is being done, at most for so long, then ends all streams and sessions. New requests are refused.
   *
   * @param graceMs @default {5000}
   */
  close(graceMs?: number): Promise<void>;
}

/**
 * Makes a handler: MCP in both eras of the protocol at `/mcp`, and `/healthz` and `/metrics` for monitoring.
 *
 * @throws {RangeError} The rate limit or a URL of `oauth` cannot be used.
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
  readonly #rateLimit: RateLimit | undefined;
  readonly #authenticator: Authenticator;
  readonly #modern: McpHttpHandler;
  readonly #sessions: Sessions;
  readonly #sse: SseSessions;
  readonly #calls = new OpenCalls();
  readonly #endWatch: () => void;
  #openRequests = 0;
  #isClosing = false;

  constructor(service: McpService, options: McpHttpOptions, makeServer: ServerFactory) {
    const { keepAliveMs = 15_000, maxSessions = 256, timer = SYSTEM_TIMER } = options;
    const { rateLimit = isLoopback(options.hostname ?? "127.0.0.1") ? "off" : "100/s" } = options;
    const onError = (error: Error) => options.onError?.(error);
    this.#service = service;
    this.#options = options;
    this.#guard = new RequestGuard(options);
    this.#rateLimit = rateLimit === "off" ? undefined : new RateLimit(rateLimit, () => timer.now());
    this.#authenticator = new Authenticator(service, options.oauth);
    // Who listens to what is known to the SDK's handler here, not to the server of a request.
    this.#modern = createMcpHandler(
      ({ era }) => makeServer({ ...options, era, pushesUpdates: false }, this.#modern.notify),
      { legacy: "reject", keepAliveMs, onerror: onError },
    );
    const makeLegacy = () => makeServer({ ...options, era: "legacy" }, this.#modern.notify);
    const common = { makeServer: makeLegacy, maxSessions, keepAliveMs, onError };
    this.#sessions = new Sessions({ ...common, idleMs: options.sessionIdleMs ?? 1_800_000, timer });
    this.#sse = new SseSessions({ ...common, calls: this.#calls });
    this.#endWatch = watchResources(service, (uri) => this.#modern.notify.resourceUpdated(uri), options);
  }

  get openSessions(): number {
    return this.#sessions.size + this.#sse.size;
  }

  readonly fetch = async (request: Request, origin?: RequestOrigin): Promise<Response> => {
    try {
      const { pathname } = new URL(request.url);
      return this.#limit(origin) ?? this.#open(request, pathname) ?? this.#guard.check(request) ??
        this.#guard.preflight(request) ??
        this.#guard.withCors(request, await this.#route(request, pathname));
    } catch (error) {
      this.#options.onError?.(new Error("The HTTP handler failed", { cause: error }));
      return refusal(500, "Internal error");
    }
  };

  async close(graceMs: number = 5000): Promise<void> {
    this.#isClosing = true;
    await this.#calls.idle(graceMs);
    this.#endWatch();
    await Promise.all([this.#modern.close(), this.#sessions.close(), this.#sse.close()]);
  }

  #limit(origin: RequestOrigin | undefined): Response | undefined {
    const waitMs = this.#rateLimit?.take(clientOf(origin?.remoteAddr?.hostname)) ?? 0;
    if (waitMs === 0) return undefined;
    const headers = { "retry-after": String(Math.ceil(waitMs / 1000)) };
    return refusal(429, `Too many requests: try again in ${Math.ceil(waitMs)} ms`, { headers });
  }

  /** What anybody may read, from anywhere: it holds no secret, and monitors may know the server by any name. */
  #open(request: Request, pathname: string): Response | undefined {
    if (pathname !== "/healthz") return this.#authenticator.metadata(request, pathname);
    if (request.method !== "GET" && request.method !== "HEAD") return methodNotAllowed("GET, HEAD");
    if (this.#isClosing) return document({ status: "ending" }, 503);
    return document({ status: "ok", version: this.#service.version });
  }

  async #route(request: Request, pathname: string): Promise<Response> {
    const methods = this.#methods(pathname);
    if (methods === undefined) return refusal(404, "Not found. MCP is served at /mcp");
    if (!methods.includes(request.method)) return methodNotAllowed(methods.join(", "));
    if (this.#isClosing) return unavailable("The server is ending");
    const caller = await this.#authenticator.identify(request);
    if (caller instanceof Response) return caller;
    if (pathname === "/metrics") return this.#metrics(caller);
    if (this.#openRequests >= this.#mostOpen(caller)) return unavailable("Too many requests are open");
    this.#openRequests++;
    const exchange = new Exchange(request, caller);
    exchange.atEnd(() => this.#openRequests--);
    try {
      return watchBody(await this.#mcp(exchange, pathname), {
        onEnd: () => exchange.end(),
        stallMs: this.#options.stallMs ?? 60_000,
        expiresAt: caller.authInfo?.expiresAt,
      });
    } catch (error) {
      exchange.end();
      throw error;
    }
  }

  /** Strangers must leave room for those who have shown a key. */
  #mostOpen({ authInfo }: Caller): number {
    const { maxOpenRequests = 1024 } = this.#options;
    return this.#authenticator.isRequired && authInfo === undefined ? maxOpenRequests / 2 : maxOpenRequests;
  }

  #methods(pathname: string): readonly string[] | undefined {
    if (pathname === "/mcp") return ["GET", "POST", "DELETE"];
    if (pathname === "/metrics" && this.#service.metrics !== undefined) return ["GET", "HEAD"];
    if (this.#options.sse !== true) return undefined;
    return pathname === "/sse" ? ["GET"] : pathname === MESSAGES_PATH ? ["POST"] : undefined;
  }

  #metrics(caller: Caller): Response {
    const refused = this.#refuseStranger(caller) ?? this.#refuseScopes(missingScopes(READ_CONFIG, caller));
    return refused ?? new Response(this.#service.metrics?.prometheus() ?? "", {
      headers: { "content-type": PROMETHEUS_CONTENT_TYPE, "cache-control": "no-store" },
    });
  }

  async #mcp(exchange: Exchange, pathname: string): Promise<Response> {
    const { request, caller } = exchange;
    if (request.method === "POST") {
      const { maxBodyBytes: maxBytes = 4_194_304, bodyTimeoutMs: timeoutMs = 30_000 } = this.#options;
      const read = await readJson(request, { maxBytes, timeoutMs });
      if ("refusal" in read) return read.refusal;
      exchange.body = read.value;
      const refused = this.#refuseScopes(missingScopes(exchange.body, caller)) ??
        (listensToGuarded(exchange.body) ? this.#refuseStranger(caller) : undefined);
      if (refused !== undefined) return refused;
    }
    if (pathname === "/sse") return await this.#sse.open(exchange);
    if (pathname === MESSAGES_PATH) return this.#sse.post(exchange);
    if (isCall(exchange.body)) {
      this.#calls.begin();
      exchange.atEnd(() => this.#calls.end());
    }
    const isLegacy = await isLegacyRequest(request, exchange.body);
    return isLegacy
      ? await this.#sessions.handle(exchange)
      : await this.#modern.fetch(request, exchange.options);
  }

  #refuseScopes(missing: readonly string[]): Response | undefined {
    if (missing.length === 0) return undefined;
    const description = `The token lacks the scope ${missing.join(" ")}`;
    return this.#authenticator.challenge(403, "insufficient_scope", description, missing);
  }

  #refuseStranger({ authInfo }: Caller): Response | undefined {
    const isKnown = !this.#authenticator.isRequired || authInfo !== undefined;
    return isKnown ? undefined : this.#authenticator.unauthorized();
  }
}

/** Figures need the same scope as the configuration. */
const READ_CONFIG = { method: "resources/read", params: { uri: CONFIG_URI } };

function unavailable(message: string): Response {
  return refusal(503, message, { headers: { "retry-after": "5" } });
}

/** Whether the exchange ends by itself when the work is done; the others are streams of events to come. */
function isCall(body: unknown): boolean {
  if (typeof body !== "object" || body === null) return false;
  return !("method" in body && body.method === "subscriptions/listen");
}
