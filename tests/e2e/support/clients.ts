/** Real MCP clients connected to the real program over stdio. */

import { Client, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
// The package's types do not resolve under Deno (its exports name no .d.ts files); see V1Client below.
import { Client as UntypedV1Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as V1Transport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import type { Readable } from "node:stream";
import process from "node:process";
import { findRuntime, repoRoot, type RuntimeName } from "../../support/runtimes.ts";

/** Any JSON object that came over the wire; tests look into it freely. */
// deno-lint-ignore no-explicit-any -- a test reads what it expects and fails otherwise
export type Wire = any;

/** What both SDKs' clients can do. */
interface AnyClient {
  listTools(): Promise<Wire>;
  listResources(): Promise<Wire>;
  listResourceTemplates(): Promise<Wire>;
  readResource(params: { uri: string }): Promise<Wire>;
  listPrompts(): Promise<Wire>;
  getPrompt(params: { name: string; arguments?: Record<string, string> }): Promise<Wire>;
  complete(params: {
    ref: { type: "ref/prompt"; name: string } | { type: "ref/resource"; uri: string };
    argument: { name: string; value: string };
  }): Promise<Wire>;
  getServerVersion(): Wire;
  getServerCapabilities(): Wire;
  getInstructions(): string | undefined;
  close(): Promise<void>;
}

/** What a test may want of one call; both SDKs call these the same. */
export interface CallOptions {
  /** Is told of progress. */
  readonly onprogress?: (step: { progress: number; total?: number | undefined }) => void;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
}

/** How a client behaves. */
export interface ClientOptions {
  /** Answers forms that the server sends; without it the client declares that it shows none. */
  readonly elicit?: (params: Wire) => Wire;
}

/** How the program is started. */
export interface ProgramOptions extends ClientOptions {
  /** Arguments of the program. @default {["--db", ":memory:"]} */
  readonly args?: readonly string[];
  /** The whole command, in the place of the sources on Deno with these arguments. */
  readonly start?: { readonly command: string; readonly args: readonly string[] };
  /** The working folder. @default {the repository} */
  readonly cwd?: string;
  /** Environment variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Command and arguments that start the program. */
export function program(
  args: readonly string[] = ["--db", ":memory:"],
  name: RuntimeName = "deno",
): { command: string; args: string[] } {
  const runtime = findRuntime(name);
  if (runtime === undefined) throw new Error(`${name} is missing`);
  return { command: runtime.command, args: runtime.args(`${repoRoot}mod.ts`, ...args) };
}

/** This process's environment without settings of the program. */
export function cleanEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([key]) => !key.startsWith("PROXYWHIRL_"));
  return Object.fromEntries(entries.flatMap(([key, value]) => value === undefined ? [] : [[key, value]]));
}

/** The parts of a {@linkcode Connected} that differ between SDKs and transports. */
export interface Connection {
  readonly client: AnyClient;
  readonly revision: string;
  callTool(params: { name: string; arguments: Record<string, unknown> }, options: CallOptions): Promise<Wire>;
  subscribe(uri: string, listener: () => void): Promise<() => Promise<void>>;
  received(): string;
  errors(): string;
  end?(): Promise<unknown>;
}

/** What a client knows by itself: not the process at the other end. */
export type ClientSide = Omit<Connection, "errors" | "end">;

/** A client that is connected to the program. */
export class Connected {
  /** The SDK's client. */
  readonly client: AnyClient;
  /** Revision of the protocol that both sides speak. */
  readonly revision: string;
  /** Names of the actions that were called. */
  readonly called: Set<unknown> = new Set<unknown>();
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.client = connection.client;
    this.revision = connection.revision;
    this.#connection = connection;
  }

  /** Every message that the client has received since the handshake, as JSON. */
  get received(): string {
    return this.#connection.received();
  }

  /** What the program has written to stderr. */
  get stderr(): string {
    return this.#connection.errors();
  }

  /** Calls the tool. The structured content of its result must be what its text says. */
  async call(
    args: Record<string, unknown>,
    { tool = "proxywhirl", ...options }: CallOptions & { readonly tool?: string } = {},
  ): Promise<Wire> {
    this.called.add(args["action"]);
    const result = await this.#connection.callTool({ name: tool, arguments: args }, options);
    const [content, ...more] = result.content;
    if (content.type !== "text" || more.some(({ type }: Wire) => type !== "resource_link")) {
      throw new Error("Expected one text, and links after it");
    }
    if (JSON.stringify(JSON.parse(content.text)) !== JSON.stringify(result.structuredContent)) {
      throw new Error(`Text and structure differ: ${content.text}`);
    }
    return result;
  }

  /** Calls the tool for a result that is no error, and returns it. */
  async ok(args: Record<string, unknown>, options: CallOptions = {}): Promise<Wire> {
    const result = await this.call(args, options);
    if (result.isError === true) throw new Error(`Unexpected error: ${result.content[0].text}`);
    return result.structuredContent;
  }

  /** Calls the tool for an error, and returns it. */
  async error(args: Record<string, unknown>): Promise<Wire> {
    const result = await this.call(args);
    if (result.isError !== true) throw new Error(`Expected an error: ${result.content[0].text}`);
    return result.structuredContent;
  }

  /** Reads a JSON resource. */
  async resource(uri: string): Promise<Wire> {
    const { contents } = await this.client.readResource({ uri });
    if (contents.length !== 1 || contents[0].mimeType !== "application/json" || contents[0].uri !== uri) {
      throw new Error(`Unexpected content: ${JSON.stringify(contents)}`);
    }
    return JSON.parse(contents[0].text);
  }

  /** Calls the listener on every update of a resource; returns what ends that. */
  subscribe(uri: string, listener: () => void): Promise<() => Promise<void>> {
    return this.#connection.subscribe(uri, listener);
  }

  /** Ends the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.#connection.end?.();
  }
}

/** One kind of client. */
export interface ClientKind {
  /** For the names of tests. */
  readonly name: string;
  /** Revision of the protocol that it ends up with. */
  readonly revision: string;
  /** Starts the program and connects. */
  connect(options?: ProgramOptions): Promise<Connected>;
}

const me = { name: "proxywhirl-test", version: "1.0.0" };

/** The official clients in the eras that they speak. */
export const CLIENTS: readonly ClientKind[] = [
  {
    name: "v2 client, 2025 era",
    revision: "2025-11-25",
    connect: (options) => overStdio(options, (transport) => connectV2(transport, "legacy", options)),
  },
  {
    name: "v2 client, 2026 era",
    revision: "2026-07-28",
    connect: (options) => overStdio(options, (transport) => connectV2(transport, "modern", options)),
  },
  {
    name: "v1 client",
    revision: "2025-11-25",
    connect: async (options = {}) => {
      const transport = new V1Transport(parameters(options));
      const errors = collect(transport.stderr);
      return new Connected({ ...await connectV1(transport, options), errors });
    },
  },
];

function parameters({ args, env, start = program(args), cwd = repoRoot }: ProgramOptions) {
  return {
    command: start.command,
    args: [...start.args],
    env: { ...cleanEnvironment(), ...env },
    cwd,
    stderr: "pipe" as const,
  };
}

async function overStdio(
  options: ProgramOptions = {},
  connect: (transport: StdioClientTransport) => Promise<ClientSide>,
): Promise<Connected> {
  const transport = new StdioClientTransport(parameters(options));
  const errors = collect(transport.stderr);
  return new Connected({ ...await connect(transport), errors });
}

function collect(stream: unknown): () => string {
  let text = "";
  (stream as Readable).setEncoding("utf8").on("data", (chunk: string) => text += chunk);
  return () => text;
}

/** Keeps what a transport delivers from now on. */
function record(transport: { onmessage?: ((...args: never[]) => void) | undefined }): () => string {
  let text = "";
  const { onmessage } = transport;
  transport.onmessage = (...args) => {
    text += `${JSON.stringify(args[0])}\n`;
    onmessage?.apply(transport, args);
  };
  return () => text;
}

/** Connects the current official client, over any transport. */
export async function connectV2(
  transport: Transport,
  era: "legacy" | "modern",
  { elicit }: ClientOptions = {},
): Promise<ClientSide> {
  const mode = era === "legacy" ? era : { pin: "2026-07-28" };
  const capabilities = elicit === undefined ? {} : { elicitation: { form: {} } };
  const client = new Client(me, { versionNegotiation: { mode }, capabilities });
  if (elicit !== undefined) client.setRequestHandler("elicitation/create", ({ params }) => elicit(params));
  const listeners = new Map<string, () => void>();
  client.setNotificationHandler(
    "notifications/resources/updated",
    ({ params }) => listeners.get(params.uri)?.(),
  );
  await client.connect(transport);
  const received = record(transport);
  await client.listTools(); // from now on the client checks results against the output schema
  return {
    client,
    revision: client.getNegotiatedProtocolVersion() ?? "none",
    received,
    callTool: (params, options) => client.callTool(params, options),
    subscribe: async (uri, listener) => {
      listeners.set(uri, listener);
      if (era === "legacy") {
        await client.subscribeResource({ uri });
        return async () => void await client.unsubscribeResource({ uri });
      }
      const subscription = await client.listen({ resourceSubscriptions: [uri] });
      return () => subscription.close();
    },
  };
}

/** What of the v1 client the tests use, since its own types do not resolve. */
interface V1Client extends AnyClient {
  connect(transport: unknown): Promise<void>;
  callTool(params: object, schema: undefined, options: CallOptions): Promise<Wire>;
  setNotificationHandler(schema: unknown, handler: (notification: Wire) => void): void;
  setRequestHandler(schema: unknown, handler: (request: Wire) => Wire): void;
  subscribeResource(params: { uri: string }): Promise<unknown>;
  unsubscribeResource(params: { uri: string }): Promise<unknown>;
}

/** Connects the client that most programs still use, over one of its own transports. */
export async function connectV1(
  transport: Wire,
  { elicit }: ClientOptions = {},
): Promise<ClientSide> {
  const capabilities = elicit === undefined ? {} : { elicitation: {} };
  const client: V1Client = new UntypedV1Client(me, { capabilities });
  if (elicit !== undefined) client.setRequestHandler(ElicitRequestSchema, ({ params }) => elicit(params));
  const listeners = new Map<string, () => void>();
  client.setNotificationHandler(
    ResourceUpdatedNotificationSchema,
    ({ params }) => listeners.get(params.uri)?.(),
  );
  let revision = "none";
  const setVersion = transport.setProtocolVersion?.bind(transport);
  transport.setProtocolVersion = (version: string) => {
    revision = version;
    setVersion?.(version);
  };
  await client.connect(transport);
  const received = record(transport);
  await client.listTools(); // from now on the client checks results against the output schema
  return {
    client,
    revision,
    received,
    callTool: (params, options) => client.callTool(params, undefined, options),
    subscribe: async (uri, listener) => {
      listeners.set(uri, listener);
      await client.subscribeResource({ uri });
      return async () => void await client.unsubscribeResource({ uri });
    },
  };
}
