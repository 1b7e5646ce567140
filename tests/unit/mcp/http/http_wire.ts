/** A client that sends requests straight to the handler: what is tested is what goes over the wire. */

import assert from "node:assert/strict";
import {
  createMcpHttpHandler,
  type McpHttpOptions,
  type McpHttpServer,
} from "../../../../src/mcp/http/handler.ts";
import type { McpService } from "../../../../src/mcp/mcp_service.ts";
import { type Era, MODERN_META, type Wire } from "../wire.ts";

/** The host that requests name by default. */
export const ORIGIN = "http://127.0.0.1:8000";

/** How a message is sent. */
export interface SendOptions {
  readonly era?: Era;
  readonly session?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly address?: string;
  readonly signal?: AbortSignal;
}

/** A handler, and ways to ask it. */
export class HttpWire {
  readonly handler: McpHttpServer;
  readonly errors: Error[] = [];
  #lastId = 0;

  constructor(service: McpService, options: McpHttpOptions = {}) {
    this.handler = createMcpHttpHandler(service, { onError: (error) => this.errors.push(error), ...options });
  }

  /** Sends any request. */
  fetch(path: string, init: RequestInit = {}, address = "127.0.0.1"): Promise<Response> {
    const request = new Request(ORIGIN + path, init);
    return this.handler.fetch(request, { remoteAddr: { transport: "tcp", hostname: address } });
  }

  /** Sends a message and resolves with the response. */
  post(message: unknown, options: SendOptions = {}): Promise<Response> {
    const { era = "legacy", session = null, headers = {}, path = "/mcp", address, signal } = options;
    return this.fetch(path, {
      method: "POST",
      ...(signal === undefined ? {} : { signal }),
      headers: {
        "content-type": "application/json",
        "accept": "application/json, text/event-stream",
        ...(era === "modern" ? modernHeaders(message) : {}),
        ...(session === null ? {} : { "mcp-session-id": session, "mcp-protocol-version": "2025-11-25" }),
        ...headers,
      },
      body: typeof message === "string" ? message : JSON.stringify(message),
    }, address);
  }

  /** Sends a request and resolves with its answer, whichever form it has. */
  async ask(method: string, params: Record<string, unknown> = {}, options: SendOptions = {}): Promise<Wire> {
    const response = await this.send(method, params, options);
    if (response.headers.get("content-type")?.startsWith("application/json") === true) {
      return await response.json();
    }
    for await (const { message } of events(response)) {
      if (message !== undefined && "id" in message) return message;
    }
    throw new Error(`No answer, status ${response.status}`);
  }

  /** Sends a request and resolves with the response. */
  send(method: string, params: Record<string, unknown> = {}, options: SendOptions = {}): Promise<Response> {
    const meta = options.era === "modern"
      ? { _meta: { ...MODERN_META, ...params["_meta"] as object | undefined } }
      : {};
    return this.post({ jsonrpc: "2.0", id: ++this.#lastId, method, params: { ...params, ...meta } }, options);
  }

  /** Calls the tool and resolves with its structured content. */
  async call(args: Record<string, unknown>, options: SendOptions = {}): Promise<Wire> {
    const { result } = await this.ask("tools/call", { name: "proxywhirl", arguments: args }, options);
    return result.structuredContent;
  }

  /** Opens a session of a 2025 client; resolves with its id. */
  async open(options: SendOptions = {}, capabilities: object = {}): Promise<string> {
    const response = await this.initialize(options, capabilities);
    assert.equal(response.status, 200, await response.clone().text());
    await response.text();
    const session = response.headers.get("mcp-session-id");
    assert.ok(session !== null);
    const initialized = { jsonrpc: "2.0", method: "notifications/initialized" };
    assert.equal((await this.post(initialized, { ...options, session })).status, 202);
    return session;
  }

  /** Asks for a session. */
  initialize(options: SendOptions = {}, capabilities: object = {}): Promise<Response> {
    const clientInfo = { name: "test", version: "1" };
    const params = { protocolVersion: "2025-11-25", capabilities, clientInfo };
    return this.post({ jsonrpc: "2.0", id: "i", method: "initialize", params }, options);
  }

  /** Opens the stream of a session on which the server speaks first. */
  listen(session: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.fetch("/mcp", {
      headers: { accept: "text/event-stream", "mcp-session-id": session, ...headers },
    });
  }
}

/** One event of a stream. */
export interface StreamEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: string;
  /** The data as JSON, when it is. */
  readonly message: Wire | undefined;
}

/** The events of a response, as they come. */
export async function* events(response: Response): AsyncGenerator<StreamEvent> {
  assert.match(response.headers.get("content-type") ?? "", /^text\/event-stream/);
  let rest = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const lines = block.split("\n").map((line) => /^([a-z]*): ?(.*)$/.exec(line) ?? ["", "", ""]);
      const field = (name: string) => lines.find(([, key]) => key === name)?.[2];
      const data = field("data");
      if (data === undefined) continue;
      yield {
        id: field("id"),
        event: field("event"),
        data,
        message: data.startsWith("{") ? JSON.parse(data) : undefined,
      };
    }
  }
}

/** The next message of a stream of events. */
export async function nextMessage(stream: AsyncGenerator<StreamEvent>): Promise<Wire> {
  for (;;) {
    const { value, done } = await stream.next();
    if (done === true) throw new Error("The stream has ended");
    if (value.message !== undefined) return value.message;
  }
}

function modernHeaders(message: unknown): Record<string, string> {
  const { method, params } = message as { method: string; params?: Record<string, unknown> };
  const name = params?.["name"] ?? params?.["uri"];
  return {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
    ...(typeof name === "string" ? { "mcp-name": name } : {}),
  };
}
