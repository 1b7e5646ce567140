/** The real program, serving over HTTP. */

import { Child } from "../../support/child.ts";
import type { RuntimeName } from "../../support/runtimes.ts";
import { cleanEnvironment, program } from "./clients.ts";

/** How the program is started. */
export interface HttpProgramOptions {
  /** Arguments besides the transport and the port. */
  readonly args?: readonly string[];
  /** @default {"http"} */
  readonly transport?: "http" | "streamable-http" | "sse";
  /** @default {"deno"} */
  readonly runtime?: RuntimeName;
  /** Flags of the runtime. */
  readonly flags?: readonly string[];
  /** Environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A program that listens. */
export class HttpProgram {
  /** The process. */
  readonly child: Child;
  /** Its MCP endpoint. */
  readonly url: string;

  private constructor(child: Child, url: string) {
    this.child = child;
    this.url = url;
  }

  /** Starts one on a free port, and waits until it tells its address. */
  static async start(options: HttpProgramOptions = {}): Promise<HttpProgram> {
    const { args = ["--db", ":memory:"], transport = "http", runtime, flags = [], env = {} } = options;
    const { command, args: all } = program(["--transport", transport, "--port", "0", ...args], runtime);
    all.splice(all.findIndex((arg) => arg.endsWith("mod.ts")), 0, ...flags);
    // What it says goes to stderr; a shell lets a test wait for the lines.
    const child = new Child("sh", ["-c", 'exec "$@" 2>&1', "sh", command, ...all], {
      env: { ...cleanEnvironment(), ...env },
    });
    for (;;) {
      const line = await child.nextLine();
      const url = /^Listening on (http:\S+)$/.exec(line)?.[1];
      if (url !== undefined) return new HttpProgram(child, url);
    }
  }

  /** Another path on the same server. */
  at(path: string): string {
    return new URL(path, this.url).href;
  }

  /** Kills it when it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
  }
}

const HEADERS = { "content-type": "application/json", "accept": "application/json, text/event-stream" };

/** Calls the tool in the modern era, in one request. */
export function callTool(
  url: string,
  args: Readonly<Record<string, unknown>>,
  init: RequestInit = {},
): Promise<Response> {
  const message = {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: {
      name: "proxywhirl",
      arguments: args,
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
      },
    },
  };
  return fetch(url, {
    ...init,
    method: "POST",
    headers: {
      ...HEADERS,
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "proxywhirl",
      ...init.headers as Record<string, string> | undefined,
    },
    body: JSON.stringify(message),
  });
}

/** The structured content of such a call. */
export async function resultOf(
  response: Promise<Response>,
  // deno-lint-ignore no-explicit-any -- a test reads what it expects and fails otherwise
): Promise<any> {
  return (await (await response).json()).result.structuredContent;
}
