/**
 * HTTP with server-sent events, the transport of 2024-11-05: a stream at `/sse` on which everything comes that the
 * server says, and an address of its own, told at its beginning, to which the client posts what it says.
 *
 * @module
 */
import {
  type JSONRPCMessage,
  type McpServer,
  type MessageExtraInfo,
  parseJSONRPCMessage,
  type Transport,
} from "@modelcontextprotocol/server";
import { clearInterval, setInterval } from "node:timers";
import { refusal, RPC } from "./answers.ts";
import type { OpenCalls } from "./calls.ts";
import type { Exchange } from "./exchange.ts";
import { newId } from "./sessions.ts";

/** Where clients post. */
export const MESSAGES_PATH = "/messages";

/** Options of {@linkcode SseSessions}. */
export interface SseOptions {
  /** Makes the server of a session. */
  readonly makeServer: () => McpServer;
  /** Most streams at a time. */
  readonly maxSessions: number;
  /** Time between two comments on a quiet stream, ms. */
  readonly keepAliveMs: number;
  /** Calls whose answers are still to come on a stream. */
  readonly calls: OpenCalls;
  /** Hears what goes wrong. */
  readonly onError: (error: Error) => void;
}

interface SseSession {
  readonly transport: SseTransport;
  readonly server: McpServer;
  readonly subject: string;
}

/** All clients of 2024. A session lasts as long as its stream. */
export class SseSessions {
  readonly #options: SseOptions;
  readonly #sessions = new Map<string, SseSession>();

  /** Holds nothing before the first session. */
  constructor(options: SseOptions) {
    this.#options = options;
  }

  /** How many there are. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Answers `GET /sse`. */
  async open(exchange: Exchange): Promise<Response> {
    const { makeServer, maxSessions, keepAliveMs, calls } = this.#options;
    if (this.#sessions.size >= maxSessions) {
      return refusal(503, "All sessions are in use", { headers: { "retry-after": "10" } });
    }
    const transport = new SseTransport(keepAliveMs, calls);
    const server = makeServer();
    await server.connect(transport);
    this.#sessions.set(transport.sessionId, { transport, server, subject: exchange.caller.subject });
    exchange.atEnd(() => {
      this.#sessions.delete(transport.sessionId);
      void server.close().catch(this.#options.onError);
    });
    return new Response(transport.stream, {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
      },
    });
  }

  /** Answers `POST /messages`; what the message asks for is answered on the stream. */
  post({ request, caller, body, options }: Exchange): Response {
    const session = this.#sessions.get(new URL(request.url).searchParams.get("sessionId") ?? "");
    if (session === undefined || session.subject !== caller.subject) {
      return refusal(404, "Session not found: it ends with its stream", { code: RPC.sessionNotFound });
    }
    let message: JSONRPCMessage;
    try {
      message = parseJSONRPCMessage(body);
    } catch {
      return refusal(400, "Invalid Request: the body is not a JSON-RPC message", {
        code: RPC.invalidRequest,
      });
    }
    const { authInfo } = options;
    session.transport.receive(message, { request, ...(authInfo === undefined ? {} : { authInfo }) });
    return new Response("Accepted", { status: 202 });
  }

  /** Ends all. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.#sessions.values()].map(({ server }) => server.close().catch(this.#options.onError)),
    );
    this.#sessions.clear();
  }
}

/** One stream, and what is posted for it. */
class SseTransport implements Transport {
  readonly sessionId: string = newId();
  readonly stream: ReadableStream<Uint8Array>;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: <T extends JSONRPCMessage>(message: T, extra?: MessageExtraInfo) => void;
  readonly #encoder = new TextEncoder();
  readonly #calls: OpenCalls;
  readonly #keepAlive: ReturnType<typeof setInterval>;
  readonly #waiting = new Set<unknown>();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(keepAliveMs: number, calls: OpenCalls) {
    this.#calls = calls;
    this.stream = new ReadableStream({
      start: (controller) => void (this.#controller = controller),
      cancel: () => this.close(),
    });
    this.#keepAlive = setInterval(() => this.#write(": keepalive\n\n"), keepAliveMs);
    this.#keepAlive.unref();
  }

  start(): Promise<void> {
    this.#write(`event: endpoint\ndata: ${MESSAGES_PATH}?sessionId=${this.sessionId}\n\n`);
    return Promise.resolve();
  }

  receive(message: JSONRPCMessage, extra: MessageExtraInfo): void {
    if ("method" in message && "id" in message && !this.#waiting.has(message.id)) {
      this.#waiting.add(message.id);
      this.#calls.begin();
    }
    if ("method" in message && message.method === "notifications/cancelled") {
      this.#ended(message.params?.["requestId"]);
    }
    this.onmessage?.(message, extra);
  }

  send(message: JSONRPCMessage): Promise<void> {
    this.#write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
    if (!("method" in message)) this.#ended(message.id);
    return Promise.resolve();
  }

  close(): Promise<void> {
    const controller = this.#controller;
    if (controller === undefined) return Promise.resolve();
    this.#controller = undefined;
    clearInterval(this.#keepAlive);
    for (const _ of this.#waiting) this.#calls.end();
    this.#waiting.clear();
    try {
      controller.close();
    } catch {
      // The client has ended it.
    }
    this.onclose?.();
    return Promise.resolve();
  }

  /** What is cancelled gets no answer. */
  #ended(id: unknown): void {
    if (this.#waiting.delete(id)) this.#calls.end();
  }

  #write(text: string): void {
    this.#controller?.enqueue(this.#encoder.encode(text));
  }
}
