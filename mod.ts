/**
 * A pool of proxies for AI assistants, scripts and people: knows which proxy works for which site, hands out the
 * right one, learns from every outcome, and keeps the pool's memory on disk.
 *
 * As a program it is an MCP server on standard input and output, and a command line. As a library:
 *
 * @example Rotate
 * ```ts
 * import { ProxyRotator } from "@proxywhirl/mcp";
 *
 * const rotator = new ProxyRotator({ strategy: "least-used" });
 * rotator.addProxy("http://user:pw@203.0.113.7:8080", { region: "US" });
 * const lease = rotator.acquire({ region: "US" });
 * lease.report({ verdict: "ok", latencyMs: 120 });
 * ```
 *
 * @module
 */
import process from "node:process";
import { isMain } from "./src/runtime/mod.ts";

export * from "./src/core/mod.ts";
export * from "./src/service/mod.ts";
export * from "./src/compat/mod.ts";
export type * from "./gen/models.ts";
// The core and the wire have two names in common; the plain ones are the core's.
export type { ExplainedChoice, ExplainedProxy } from "./src/core/mod.ts";
export type {
  ExplainedChoice as ExplainOutputChoice,
  ExplainedProxy as ExplainOutputProxy,
} from "./gen/models.ts";
export type * from "./gen/settings.ts";

// The command line, the MCP SDK and the store are loaded only when this is the program: the library stays cheap.
if (isMain(import.meta)) {
  const { main, processIo } = await import("./src/cli/mod.ts");
  const loadServer = async (transport: string) =>
    transport === "stdio"
      ? (await import("./src/mcp/stdio.ts")).runMcpStdio
      : (await import("./src/mcp/http/program.ts")).serveProgram;
  process.exitCode = await main(process.argv.slice(2), processIo(loadServer));
}
