/** A client that speaks raw JSON-RPC lines to a server on streams: what is tested is what goes over the wire. */

import { PassThrough } from "node:stream";
import { type McpService, serveMcpStdio, type StdioOptions, type StdioServer } from "../../../src/mcp/mod.ts";

/** Any JSON object that came over the wire; tests look into it freely. */
// deno-lint-ignore no-explicit-any -- a test reads what it expects and fails otherwise
export type Wire = any;

/** The two eras of the protocol. */
export type Era = "legacy" | "modern";

/** Both eras, to loop over. */
export const ERAS: readonly Era[] = ["legacy", "modern"];

/** What every request of the modern era carries. */
export const MODERN_META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
};

/** A connection to a server in this process. */
export class WireClient {
  /** What the client says it can do; before {@linkcode WireClient.open}. */
  capabilities: Readonly<Record<string, unknown>> = {};
  readonly server: StdioServer;
  readonly notifications: Wire[] = [];
  readonly errors: Error[] = [];
  readonly #era: Era;
  readonly #input = new PassThrough();
  readonly #output = new PassThrough();
  readonly #waiting = new Map<unknown, (message: Wire) => void>();
  #onNotification: (() => void) | undefined;
  #lastId = 0;
  #rest = "";

  /** Starts a server; call {@linkcode WireClient.open} before anything else. */
  constructor(service: McpService, era: Era, options: StdioOptions = {}) {
    this.#era = era;
    this.#output.setEncoding("utf8").on("data", (text: string) => {
      const lines = (this.#rest + text).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) this.#receive(JSON.parse(line));
    });
    this.server = serveMcpStdio(service, {
      onError: (error) => this.errors.push(error),
      ...options,
      input: this.#input,
      output: this.#output,
    });
  }

  /** Opens the connection; returns the server's account of itself. */
  async open(): Promise<Wire> {
    if (this.#era === "modern") return (await this.request("server/discover")).result;
    const { result } = await this.request("initialize", {
      protocolVersion: "2025-11-25",
      capabilities: this.capabilities,
      clientInfo: { name: "test", version: "1" },
    });
    this.notify("notifications/initialized");
    return result;
  }

  /** Sends a request and resolves with the whole response. */
  request(method: string, params: Record<string, unknown> = {}): Promise<Wire> {
    return this.send(++this.#lastId, method, params);
  }

  /** Sends a request under an id of the test's choice. */
  send(id: string | number, method: string, params: Record<string, unknown> = {}): Promise<Wire> {
    const answer = new Promise<Wire>((resolve) => this.#waiting.set(id, resolve));
    this.#write({ jsonrpc: "2.0", id, method, params: this.#withMeta(params) });
    return answer;
  }

  /** Calls the tool and resolves with its result. */
  async call(args: unknown, name = "proxywhirl"): Promise<Wire> {
    return (await this.request("tools/call", { name, arguments: args })).result;
  }

  /** Sends a notification. */
  notify(method: string, params: Record<string, unknown> = {}): void {
    this.#write({ jsonrpc: "2.0", method, params: this.#withMeta(params) });
  }

  /** Answers a request of the server. */
  respond(id: string | number, result: object): void {
    this.#write({ jsonrpc: "2.0", id, result });
  }

  /** Resolves with the next notification, or request of the server. */
  async nextNotification(): Promise<Wire> {
    if (this.notifications.length === 0) {
      await new Promise<void>((resolve) => this.#onNotification = resolve);
    }
    return this.notifications.shift();
  }

  /** Ends the input, as a client does that goes away. */
  async close(): Promise<void> {
    this.#input.end();
    await this.server.closed;
  }

  #withMeta(params: Record<string, unknown>): Record<string, unknown> {
    if (this.#era === "legacy") return params;
    const capabilities = { "io.modelcontextprotocol/clientCapabilities": this.capabilities };
    return {
      ...params,
      _meta: { ...MODERN_META, ...capabilities, ...params["_meta"] as object | undefined },
    };
  }

  #write(message: unknown): void {
    this.#input.write(`${JSON.stringify(message)}\n`);
  }

  #receive(message: Wire): void {
    const waiting = this.#waiting.get(message.id);
    if (!("method" in message) && waiting !== undefined) {
      this.#waiting.delete(message.id);
      waiting(message);
      return;
    }
    this.notifications.push(message);
    this.#onNotification?.();
  }
}
