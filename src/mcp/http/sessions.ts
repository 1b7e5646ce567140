/**
 * Sessions of the 2025 revisions: a server each, which keeps subscriptions, and can ask its client something.
 *
 * Clients rarely say goodbye. A session nobody uses ends after a while, and when there are too many, the one unused
 * for longest makes room; never one that is in use, and never that of a known caller for an unknown one.
 *
 * @module
 */
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  type McpServer,
  type RequestId,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { UpdateTimer } from "../update_throttle.ts";
import { refusal, RPC } from "./answers.ts";
import { EventBudget, EventLog } from "./event_log.ts";
import type { Exchange } from "./exchange.ts";

/** After how long a client whose stream has ended may ask for it again, ms; told to clients. */
const RETRY_MS = 1000;

/** Options of {@linkcode Sessions}. */
export interface SessionsOptions {
  /** Makes the server of a session. */
  readonly makeServer: () => McpServer;
  /** Most sessions at a time. */
  readonly maxSessions: number;
  /** How long a session may be unused. */
  readonly idleMs: number;
  /** Time between two comments on a quiet stream, ms. */
  readonly keepAliveMs: number;
  /** The clock. */
  readonly timer: UpdateTimer;
  /** Hears what the SDK refuses. */
  readonly onError: (error: Error) => void;
}

interface Session {
  readonly id: string;
  readonly server: McpServer;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly log: EventLog;
  readonly subject: string;
  readonly isKnown: boolean;
  /** Ids of requests, outside of batches, whose answers are open. */
  readonly running: Set<RequestId>;
  /** Requests and streams that are open now. */
  open: number;
  lastUsed: number;
}

/** All sessions of a server. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #budget = new EventBudget();
  #cancelSweep: (() => void) | undefined;

  /** Holds nothing before the first session. */
  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** How many there are. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Answers a request of a 2025 client. */
  async handle(exchange: Exchange): Promise<Response> {
    const id = exchange.request.headers.get("mcp-session-id");
    if (id === null && isInitialize(exchange.body)) return await this.#begin(exchange);
    if (id === null) {
      return refusal(400, "Bad Request: header Mcp-Session-Id is missing; initialize tells it");
    }
    const session = this.#sessions.get(id);
    // Whoever learns of a session's id still cannot use it as somebody else.
    if (session === undefined || session.subject !== exchange.caller.subject) {
      return refusal(404, "Session not found", { code: RPC.sessionNotFound });
    }
    return await this.#use(session, exchange);
  }

  /** Ends all. */
  async close(): Promise<void> {
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
    await Promise.all([...this.#sessions.values()].map((session) => this.#end(session)));
  }

  async #begin(exchange: Exchange): Promise<Response> {
    const { makeServer, maxSessions, keepAliveMs, timer, onError } = this.#options;
    const isKnown = exchange.caller.authInfo !== undefined;
    if (this.#sessions.size >= maxSessions && !this.#makeRoom(isKnown)) {
      return refusal(503, "All sessions are in use", { headers: { "retry-after": "10" } });
    }
    const id = newId();
    const log = new EventLog(this.#budget);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      eventStore: log,
      retryInterval: RETRY_MS,
      keepAliveMs,
      onsessioninitialized: () => {
        this.#sessions.set(id, session);
        this.#sweepLater();
      },
    });
    transport.onerror = onError;
    const server = makeServer();
    const { subject } = exchange.caller;
    const session: Session = {
      ...{ id, server, transport, log, subject, isKnown },
      running: new Set(),
      open: 0,
      lastUsed: timer.now(),
    };
    await server.connect(transport);
    const { onclose } = transport; // of the server, which has just set it
    transport.onclose = () => {
      this.#sessions.delete(id);
      log.clear();
      onclose?.();
    };
    const response = await this.#use(session, exchange);
    if (!this.#sessions.has(id)) await this.#end(session);
    return response;
  }

  async #use(session: Session, exchange: Exchange): Promise<Response> {
    session.open++;
    exchange.atEnd(() => {
      session.open--;
      session.lastUsed = this.#options.timer.now();
    });
    const message = requestOf(exchange.body);
    if (message !== undefined) {
      session.running.add(message.id);
      exchange.atEnd(() => session.running.delete(message.id));
    }
    const response = await session.transport.handleRequest(exchange.request, exchange.options);
    await endCancelled(session, exchange.body);
    return response;
  }

  async #end(session: Session): Promise<void> {
    this.#sessions.delete(session.id);
    session.log.clear();
    await session.server.close().catch(this.#options.onError);
  }

  /** Ends the session unused for longest; false when there is none that may end. */
  #makeRoom(isKnown: boolean): boolean {
    const candidates = [...this.#sessions.values()]
      .filter((session) => session.open === 0 && (isKnown || !session.isKnown))
      .sort((a, b) => Number(a.isKnown) - Number(b.isKnown) || a.lastUsed - b.lastUsed);
    const [oldest] = candidates;
    if (oldest === undefined) return false;
    void this.#end(oldest);
    return true;
  }

  #sweepLater(): void {
    const { idleMs, timer } = this.#options;
    this.#cancelSweep ??= timer.after(Math.max(idleMs / 4, 100), () => {
      this.#cancelSweep = undefined;
      const limit = timer.now() - idleMs;
      for (const session of [...this.#sessions.values()]) {
        if (session.open === 0 && session.lastUsed <= limit) void this.#end(session);
      }
      if (this.#sessions.size > 0) this.#sweepLater();
    });
  }
}

/**
 * A request that is cancelled gets no answer, so its stream would stay open for as long as the client does. It is
 * closed; to a client that asks for the rest of it, the log has something to say that ends it for good.
 */
async function endCancelled({ transport, running }: Session, body: unknown): Promise<void> {
  if (!isJSONRPCNotification(body) || body.method !== "notifications/cancelled") return;
  const id = body.params?.["requestId"];
  if (typeof id !== "string" && typeof id !== "number" || !running.delete(id)) return;
  transport.closeSSEStream(id);
  await transport.send({ jsonrpc: "2.0", id, error: { code: RPC.refused, message: "Request cancelled" } });
}

function requestOf(body: unknown): { readonly id: RequestId } | undefined {
  return isJSONRPCRequest(body) ? body : undefined;
}

/** 192 random bits: whoever has not been told it will not find it. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isInitialize(body: unknown): boolean {
  const messages = Array.isArray(body) ? body : [body];
  return messages.some((message) =>
    typeof message === "object" && message !== null && "method" in message && message.method === "initialize"
  );
}
