/**
 * MCP over the standard streams of this process, in both protocol eras.
 *
 * @module
 */
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import process from "node:process";
import { clearInterval, clearTimeout, setInterval, setTimeout } from "node:timers";
import type { Readable, Writable } from "node:stream";
import type { McpService } from "./mcp_service.ts";
import { endInOrder, listenForSignals, type ProgramEnd } from "./program_end.ts";
import { createMcpServer, type McpServerOptions } from "./server.ts";
import { StdioTransport } from "./stdio_transport.ts";

/** Why a server on stdio came to its end. */
export type StdioEnd = ProgramEnd;

/** Options of {@linkcode serveMcpStdio}. */
export interface StdioOptions extends McpServerOptions {
  /** Where messages come from. @default {process.stdin} */
  readonly input?: Readable;
  /** Where messages go. @default {process.stdout} */
  readonly output?: Writable;
  /** Longer messages are skipped and answered with an error. @default {10485760} */
  readonly maxMessageBytes?: number;
  /** How long open requests may still take once the input has ended. @default {5000} */
  readonly graceMs?: number;
}

/** A running server. */
export interface StdioServer {
  /** Resolves when the connection is closed: by {@linkcode StdioServer.close}, or because the client has gone. */
  readonly closed: Promise<void>;
  /** Closes the connection and waits until everything written has left. */
  close(): Promise<void>;
}

/** Serves a service on two streams; leaves signals, the console and the process alone. */
export function serveMcpStdio(service: McpService, options: StdioOptions = {}): StdioServer {
  const output = options.output ?? process.stdout;
  const transport = new StdioTransport({
    input: options.input ?? process.stdin,
    output,
    ...(options.maxMessageBytes === undefined ? {} : { maxLineBytes: options.maxMessageBytes }),
    ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
    ...(options.timer === undefined ? {} : { timer: options.timer }),
  });
  const handle = serveStdio(({ era }) => createMcpServer(service, { ...options, era }), {
    transport,
    onerror: (error) => options.onError?.(error),
  });
  return {
    closed: transport.closed,
    close: async () => {
      await handle.close();
      await flush(output);
    },
  };
}

/** Options of {@linkcode runMcpStdio}. */
export interface StdioProgramOptions extends StdioOptions {
  /** Called once before the process exits: the place to write out what is only in memory. */
  readonly onClose?: (end: StdioEnd) => void | Promise<void>;
  /** How long `onClose` may take. @default {15000} */
  readonly closeTimeoutMs?: number;
  /** Ends the process. @default {process.exit} */
  readonly exit?: (code: number) => void;
}

/**
 * Serves a service on stdin and stdout as the whole purpose of this process: until its input ends, or SIGINT,
 * SIGTERM or SIGHUP; then calls `onClose`, and exits with 0 even if timers or sockets are alive. Exits with 1 when
 * `onClose` fails or takes too long, and at once on a second signal.
 *
 * Meanwhile `console.log` and its like write to stderr, for stdout belongs to the protocol.
 */
export async function runMcpStdio(service: McpService, options: StdioProgramOptions = {}): Promise<void> {
  const exit = options.exit ?? ((code: number) => process.exit(code));
  const restoreConsole = sendConsoleToStderr();
  // Something must hold the process until `onClose` is done: an ended stdin no longer does.
  const hold = setInterval(() => {}, 2 ** 30);
  const server = serveMcpStdio(service, options);
  const signals = listenForSignals(exit);
  const end = await Promise.race([signals.first, server.closed.then((): StdioEnd => "input ended")]);
  await endInOrder({
    ...options,
    close: () => server.close(),
    end,
    signals,
    release: () => {
      clearInterval(hold);
      restoreConsole();
    },
    exit,
  });
}

/** Resolves when all that was written has left the process, or can no longer, or after a second. */
function flush(output: Writable): Promise<void> {
  if (output.destroyed || output.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 1000);
    output.write("", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function sendConsoleToStderr(): () => void {
  const { log, info, debug } = console;
  Object.assign(console, { log: console.error, info: console.error, debug: console.error });
  return () => void Object.assign(console, { log, info, debug });
}
