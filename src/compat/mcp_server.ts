/** The server class of the Python library. */
import type { Readable, Writable } from "node:stream";
import type { Settings } from "../../gen/settings.ts";
import { show } from "../contract/show.ts";
import type { ProxyRotator } from "../core/mod.ts";
import { loadSettings, type ProxyWhirlService } from "../service/mod.ts";
import { cleanupRotator, setRotator } from "./proxywhirl.ts";
import { activate } from "./server_state.ts";

/** Options of {@linkcode ProxyWhirlMCPServer}. */
export interface ProxyWhirlMCPServerOptions {
  /** The rotator to serve; without it the one in use, which is made on first use. */
  readonly proxyManager?: ProxyRotator;
}

/** Options of {@linkcode ProxyWhirlMCPServer.run}. */
export interface RunOptions {
  /** How clients connect. @default {"stdio"} */
  readonly transport?: "stdio" | "http" | "sse" | "streamable-http";
  /** Where messages come from. @default {process.stdin} */
  readonly input?: Readable;
  /** Where messages go. @default {process.stdout} */
  readonly output?: Writable;
  /** Over HTTP: where to listen. @default {that of the settings, "127.0.0.1"} */
  readonly host?: string;
  /** Over HTTP: the port; 0 takes a free one. @default {that of the settings, 8000} */
  readonly port?: number;
  /** Over HTTP: called with the address when clients can connect. */
  readonly onListening?: (url: string) => void;
}

/**
 * An MCP server over the rotator in use.
 *
 * @example
 * ```ts ignore
 * import { AsyncProxyRotator, ProxyWhirlMCPServer } from "@proxywhirl/mcp";
 *
 * const server = new ProxyWhirlMCPServer({ proxyManager: new AsyncProxyRotator({ strategy: "weighted" }) });
 * await server.initialize();
 * await server.run({ transport: "stdio" });
 * ```
 */
export class ProxyWhirlMCPServer {
  readonly #proxyManager: ProxyRotator | undefined;
  #isInitialized = false;

  /**
   * Makes a server that does not run yet.
   *
   * @param options The rotator to serve
   */
  constructor(options: ProxyWhirlMCPServerOptions = {}) {
    this.#proxyManager = options.proxyManager;
  }

  /** Puts the rotator in place, and loads the pool. {@linkcode ProxyWhirlMCPServer.run} does it if it was not done. */
  async initialize(): Promise<void> {
    if (this.#isInitialized) return;
    this.#isInitialized = true;
    if (this.#proxyManager !== undefined) await setRotator(this.#proxyManager);
    await activate();
  }

  /**
   * Serves until the client goes, then cleans up. On the standard streams and over HTTP the server is the whole
   * purpose of the process: it also ends on SIGINT and SIGTERM, and exits.
   *
   * @throws {RangeError} There is no such transport, or others could reach the server and it has no key.
   */
  async run(options: RunOptions = {}): Promise<void> {
    const { transport = "stdio", input, output } = options;
    if (!TRANSPORTS.includes(transport)) {
      throw new RangeError(`Cannot serve over ${show(transport)}, allowed: ${TRANSPORTS.join(", ")}`);
    }
    await this.initialize();
    const { service } = await activate();
    if (transport !== "stdio") {
      await runHttp(service, transport, options);
      return;
    }
    const { runMcpStdio, serveMcpStdio } = await import("../mcp/stdio.ts");
    if (input === undefined && output === undefined) {
      await runMcpStdio(service, { onClose: cleanupRotator });
      return;
    }
    const server = serveMcpStdio(service, {
      ...(input === undefined ? {} : { input }),
      ...(output === undefined ? {} : { output }),
    });
    await server.closed;
    await cleanupRotator();
  }
}

const TRANSPORTS: readonly unknown[] = ["stdio", "http", "streamable-http", "sse"];

async function runHttp(
  service: ProxyWhirlService,
  transport: Settings["transport"],
  { host, port, onListening }: RunOptions,
): Promise<void> {
  const [{ runMcpHttp }, { httpOptions }, { settings }] = await Promise.all([
    import("../mcp/http/run.ts"),
    import("../mcp/http/http_settings.ts"),
    loadSettings(),
  ]);
  await runMcpHttp(service, {
    ...httpOptions({ ...settings, transport }),
    ...(host === undefined ? {} : { hostname: host }),
    ...(port === undefined ? {} : { port }),
    ...(onListening === undefined ? {} : { onListening }),
    onClose: cleanupRotator,
  });
}
