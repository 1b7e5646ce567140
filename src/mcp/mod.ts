/**
 * MCP servers over a pool: one tool, two resources and two prompts, for both eras of the protocol.
 *
 * @example A server over a service, talking to a client in the same process
 * ```ts ignore
 * ```
 *
 * @module
 */
export type {
  McpActionResult,
  McpCallContext,
  McpErrorBody,
  McpProgress,
  McpService,
} from "./mcp_service.ts";
export { CONFIG_URI, HEALTH_URI, watchResources } from "./resource_updates.ts";
export type { ResourceOptions } from "./resources.ts";
export { createMcpServer, type McpServerOptions } from "./server.ts";
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
