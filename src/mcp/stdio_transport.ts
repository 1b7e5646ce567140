/**
 * The stdio transport: one JSON-RPC message a line, on a pair of streams.
 *
 * Used in place of the SDK's own because that one (2.4.0, `StdioServerTransport`) drops a broken line without a
 * word, so that its sender waits until a timeout; closes the whole connection on a line of more than 10 MiB; and
 * throws the open requests away when its input ends, so that `echo … | program` prints nothing. Here a bad line
 * gets an error, a huge one is skipped, and what was asked before the end of input is still answered.
 *
 * @module
 */
import { type JSONRPCMessage, parseJSONRPCMessage, type Transport } from "@modelcontextprotocol/server";
import type { Readable, Writable } from "node:stream";
import { notJsonResponse, notRpcResponse, tooLongResponse } from "./bad_line.ts";
import { LineSplitter } from "./line_splitter.ts";
import { SYSTEM_TIMER, type UpdateTimer } from "./update_throttle.ts";

/** Options of {@linkcode StdioTransport}. */
export interface StdioTransportOptions {
  /** Where messages come from. */
  readonly input: Readable;
  /** Where messages go; nothing else may write to it. */
  readonly output: Writable;
  /** Longer lines are skipped and answered with an error. @default {10485760} */
  readonly maxLineBytes?: number;
  /** How long open requests may still take once the input has ended. @default {5000} */
  readonly graceMs?: number;
  /** The clock for `graceMs`. */
  readonly timer?: UpdateTimer;
}

/** An MCP transport over a readable and a writable stream. Ends by itself when the input ends or the output breaks. */
export class StdioTransport implements Transport {
  /** Set by the protocol layer: the connection is closed. */
  onclose?: () => void;
  /** Set by the protocol layer: something odd happened; never holds the content of a message. */
  onerror?: (error: Error) => void;
  /** Set by the protocol layer: a message came in. */
  onmessage?: (message: JSONRPCMessage) => void;
  /** Resolves when the connection is closed, for whatever reason. */
  readonly closed: Promise<void>;

  readonly #input: Readable;
  readonly #output: Writable;
  readonly #maxLineBytes: number;
  readonly #graceMs: number;
  readonly #timer: UpdateTimer;
  readonly #lines: LineSplitter;
  /** Requests that have not been answered yet. */
  readonly #open = new Set<string | number>();
  #state: "new" | "running" | "draining" | "closed" = "new";
  #cancelGrace: (() => void) | undefined;
  #resolveClosed: () => void = () => {};

  /** @param options The streams and limits. */
  constructor(options: StdioTransportOptions) {
    this.#input = options.input;
    this.#output = options.output;
    this.#maxLineBytes = options.maxLineBytes ?? 10 * 1024 * 1024;
    this.#graceMs = options.graceMs ?? 5000;
    this.#timer = options.timer ?? SYSTEM_TIMER;
    this.closed = new Promise((resolve) => this.#resolveClosed = resolve);
    this.#lines = new LineSplitter(this.#maxLineBytes, {
      line: (line) => this.#receive(line),
      oversized: (line) => this.#refuse(tooLongResponse(line, this.#maxLineBytes)),
    });
  }

  /** Starts to read. */
  start(): Promise<void> {
    if (this.#state !== "new") {
      return Promise.reject(new Error("The stdio transport has been started already"));
    }
    this.#state = "running";
    this.#output.on("error", this.#onOutputError);
    this.#input.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onEnd).on(
      "error",
      this.#onEnd,
    );
    if (this.#input.readableEnded || this.#input.destroyed) queueMicrotask(this.#onEnd);
    return Promise.resolve();
  }

  /** Writes a message; resolves when the stream can take another one. */
  send(message: JSONRPCMessage): Promise<void> {
    if (this.#state === "closed") return Promise.reject(new Error("The stdio transport is closed"));
    const isWritable = this.#output.write(JSON.stringify(message) + "\n");
    if ("id" in message && !("method" in message) && message.id !== undefined) this.#settle(message.id);
    if (isWritable) return Promise.resolve();
    return new Promise((resolve) => {
      this.#output.once("drain", resolve);
      void this.closed.then(() => {
        this.#output.off("drain", resolve);
        resolve();
      });
    });
  }

  /** Stops reading and drops what is not answered. What has been written still leaves the process. */
  close(): Promise<void> {
    if (this.#state === "closed") return Promise.resolve();
    this.#state = "closed";
    this.#cancelGrace?.();
    // The output keeps its error listener: a late EPIPE must not become an uncaught error.
    this.#input.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onEnd);
    this.#input.pause();
    this.#open.clear();
    this.onclose?.();
    this.#resolveClosed();
    return Promise.resolve();
  }

  readonly #onData = (chunk: Uint8Array): void => this.#lines.push(chunk);

  readonly #onEnd = (): void => {
    if (this.#state !== "running") return;
    this.#lines.end();
    this.#state = "draining";
    this.#cancelGrace = this.#timer.after(this.#graceMs, () => void this.close());
    this.#closeWhenSettled();
  };

  /** The reader has gone: nothing that happens from here on can reach anybody. */
  readonly #onOutputError = (error: Error): void => {
    if (this.#state === "closed") return;
    this.onerror?.(new Error("Cannot write to the client", { cause: error }));
    void this.close();
  };

  #receive(line: string): void {
    if (this.#state === "closed" || line.trim() === "") return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return this.#refuse(notJsonResponse(line));
    }
    let message: JSONRPCMessage;
    try {
      message = parseJSONRPCMessage(value);
    } catch {
      return this.#refuse(notRpcResponse(value));
    }
    this.#track(message);
    this.onmessage?.(message);
  }

  #refuse(response: JSONRPCMessage | undefined): void {
    const text = response !== undefined && "error" in response
      ? response.error.message
      : "Invalid message ignored";
    this.onerror?.(new Error(`Bad line from the client: ${text}`));
    if (response !== undefined) this.send(response).catch(() => {});
  }

  #track(message: JSONRPCMessage): void {
    if (!("method" in message)) return;
    if ("id" in message) {
      // A subscription stays open for as long as the connection does.
      if (message.method !== "subscriptions/listen") this.#open.add(message.id);
    } else if (message.method === "notifications/cancelled") {
      const id = message.params?.["requestId"];
      if (typeof id === "string" || typeof id === "number") this.#settle(id);
    }
  }

  #settle(id: string | number): void {
    this.#open.delete(id);
    if (this.#state === "draining") this.#closeWhenSettled();
  }

  #closeWhenSettled(): void {
    if (this.#open.size === 0) void this.close();
  }
}
