/** The ways from a client to the program: transport, protocol era, and whose client. */

import { SSEClientTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { StdioClientTransport as V1StdioTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as V1HttpTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Readable } from "node:stream";
import { Child } from "../../support/child.ts";
import {
  cleanEnvironment,
  type ClientOptions,
  type ClientSide,
  Connected,
  connectV1,
  connectV2,
} from "../support/clients.ts";
import type { Start } from "../../support/artefacts.ts";

/** How a program is started and spoken to. */
export interface LinkOptions extends ClientOptions {
  /** Arguments of the program. */
  readonly args: readonly string[];
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Header fields of the client, where there are any. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a client of a server that runs already is made. */
type Attach = (url: URL, options: LinkOptions) => Promise<Connected>;

/** One way to the program. */
export interface Link {
  /** For the names of tests. */
  readonly name: string;
  /** What carries the messages. */
  readonly transport: "stdio" | "http" | "sse";
  /** Revision of the protocol that both sides end up with. */
  readonly revision: string;
  /** Starts the program and connects to it. Closing the connection ends the program. */
  connect(start: Start, options: LinkOptions): Promise<Connected>;
  /** Connects to a server that runs already; only over the network. */
  readonly attach?: Attach;
}

/** All ways. */
export const LINKS: readonly Link[] = [
  {
    name: "stdio, 2026 era",
    transport: "stdio",
    revision: "2026-07-28",
    connect: (start, options) => {
      const transport = new StdioClientTransport(stdio(start, options));
      return overStdio(transport, () => connectV2(transport, "modern", options));
    },
  },
  {
    name: "stdio, 2025 era, v1 client",
    transport: "stdio",
    revision: "2025-11-25",
    connect: (start, options) => {
      const transport = new V1StdioTransport(stdio(start, options));
      return overStdio(transport, () => connectV1(transport, options));
    },
  },
  overNetwork(
    { name: "HTTP, 2026 era", transport: "http", revision: "2026-07-28" },
    (url, options) => connectV2(new StreamableHTTPClientTransport(url, init(options)), "modern", options),
  ),
  overNetwork(
    { name: "HTTP, 2025 era, v1 client", transport: "http", revision: "2025-11-25" },
    (url, options) => connectV1(new V1HttpTransport(url, init(options)), options),
  ),
  overNetwork(
    { name: "SSE", transport: "sse", revision: "2025-11-25" },
    (url, options) =>
      connectV2(new SSEClientTransport(new URL("/sse", url), init(options)), "legacy", options),
  ),
];

function stdio(start: Start, { args, env }: LinkOptions) {
  return {
    command: start.command,
    args: [...start.args, ...args],
    env: { ...cleanEnvironment(), ...env },
    stderr: "pipe" as const,
  };
}

async function overStdio(
  { stderr }: { readonly stderr: unknown },
  connect: () => Promise<ClientSide>,
): Promise<Connected> {
  let errors = "";
  (stderr as Readable).setEncoding("utf8").on("data", (text: string) => errors += text);
  return new Connected({ ...await connect(), errors: () => errors });
}

function init({ headers }: LinkOptions) {
  return { requestInit: { headers: { ...headers } } };
}

function overNetwork(
  link: Pick<Link, "name" | "revision"> & { readonly transport: "http" | "sse" },
  connect: (url: URL, options: LinkOptions) => Promise<ClientSide>,
): Link {
  return {
    ...link,
    attach: async (url, options) => new Connected({ ...await connect(url, options), errors: () => "" }),
    connect: async (start, options) => {
      const { child, url } = await startNetwork(start, link.transport, options);
      try {
        return new Connected({
          ...await connect(url, options),
          errors: () => child.stderr,
          end: () => child.kill("SIGKILL"), // how it ends in order has tests of its own
        });
      } catch (error) {
        await child[Symbol.asyncDispose]();
        throw error;
      }
    },
  };
}

/** Where a server that listens says so. */
export const LISTENING: RegExp = /^Listening on (http:.+)$/m;

/** Starts a server on a free port; it writes its address to stderr. */
export async function startNetwork(
  start: Start,
  transport: "http" | "sse",
  { args, env }: LinkOptions,
): Promise<{ readonly child: Child; readonly url: URL }> {
  const all = [...start.args, "--transport", transport, "--port", "0", ...args];
  const child = new Child(start.command, all, { env: { ...cleanEnvironment(), ...env } });
  const [, url = ""] = await child.stderrMatch(LISTENING);
  return { child, url: new URL(url) };
}
