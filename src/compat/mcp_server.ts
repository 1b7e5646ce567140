/** The server class of the Python library. */
import type { Readable, Writable } from "node:stream";
import type { ProxyRotator } from "../core/mod.ts";
import { cleanupRotator, setRotator } from "./proxywhirl.ts";
import { activate } from "./server_state.ts";

/** Options of {@linkcode ProxyWhirlMCPServer}. */
export interface ProxyWhirlMCPServerOptions {
  /** The rotator to serve; without it the one in use, which is made on first use. */
  readonly proxyManager?: ProxyRotator;
}

/** Options of {@linkcode ProxyWhirlMCPServer.run}. */
export interface RunOptions {
  /** How clients connect. This version knows stdio. @default {"stdio"} */
  readonly transport?: "stdio" | "http" | "sse" | "streamable-http";
  /** Where messages come from. @default {process.stdin} */
  readonly input?: Readable;
  /** Where messages go. @default {process.stdout} */
  readonly output?: Writable;
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
   * Serves until the client goes, then cleans up. On the standard streams the server is the whole purpose of the
   * process: it also ends on SIGINT and SIGTERM, and exits.
   *
   * @throws {RangeError} The transport is not available in this version.
   */
  async run(options: RunOptions = {}): Promise<void> {
    const { transport = "stdio", input, output } = options;
    if (transport !== "stdio") {
      throw new RangeError(`Cannot serve over "${transport}": this version serves over stdio`);
    }
    await this.initialize();
    const { service } = await activate();
    const { runMcpStdio, serveMcpStdio } = await import("../mcp/mod.ts");
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
