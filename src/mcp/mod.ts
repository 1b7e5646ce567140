/**
 * MCP servers over a pool: tools, resources and prompts, for both eras of the protocol.
 *
 * A program serves its own standard streams with {@linkcode runMcpStdio}; {@linkcode serveMcpStdio} serves any two
 * streams, and any number of clients over one service.
 *
 * @example A client and a server in one process
 * ```ts
 * import { PassThrough } from "node:stream";
 * import { loadSettings, ProxyRotator, ProxyWhirlService, VERSION } from "@proxywhirl/mcp";
 * import { serveMcpStdio } from "@proxywhirl/mcp/mcp";
 * import assert from "node:assert/strict";
 *
 * const { settings } = await loadSettings();
 * const service = new ProxyWhirlService({ rotator: new ProxyRotator(), settings, version: VERSION });
 * const [input, output] = [new PassThrough(), new PassThrough()];
 * const server = serveMcpStdio(service, { input, output });
 *
 * input.end(
 *   '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":' +
 *     '{"name":"proxywhirl","arguments":{"action":"health"}}}\n',
 * );
 * await server.closed;
 * const { result } = JSON.parse(String(output.read()));
 * assert.equal(result.structuredContent.pool_status, "empty");
 * ```
 *
 * @module
 */
export type {
  McpActionResult,
  McpCallContext,
  McpConfirmation,
  McpErrorBody,
  McpMetrics,
  McpProgress,
  McpService,
  McpTrace,
} from "./mcp_service.ts";
export type { ActionEffect, CompletionKind } from "../contract/spec.ts";
export type { OAuthOptions } from "./http/auth.ts";
export type { GuardOptions } from "./http/guards.ts";
export { createMcpHttpHandler, type McpHttpOptions, type McpHttpServer } from "./http/handler.ts";
export {
  type HttpProgramOptions,
  type HttpServeOptions,
  type HttpServer,
  runMcpHttp,
  serveMcpHttp,
} from "./http/run.ts";
export type { ProgramEnd } from "./program_end.ts";
export type { RequestOrigin } from "../runtime/mod.ts";
export { CONFIG_URI, HEALTH_URI, watchResources } from "./resource_updates.ts";
export type { ResourceOptions } from "./resources.ts";
export type { McpServerOptions } from "./server.ts";
export {
  runMcpStdio,
  serveMcpStdio,
  type StdioEnd,
  type StdioOptions,
  type StdioProgramOptions,
  type StdioServer,
} from "./stdio.ts";
export type { ToolLayout } from "./tool_definitions.ts";
export type { ToolOptions } from "./tools.ts";
export type { UpdateThrottleOptions, UpdateTimer } from "./update_throttle.ts";
