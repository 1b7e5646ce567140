/**
 * The API of the Python library's MCP module, in camelCase: functions over one rotator that all share.
 *
 * A program of its own had better make a {@linkcode ProxyWhirlService} over its own {@linkcode ProxyRotator}:
 * nothing here is needed for that, and nothing is shared.
 *
 * @module
 */
export { AsyncProxyRotator, type AsyncProxyRotatorOptions } from "./async_proxy_rotator.ts";
export { type McpLifespan, mcpLifespan } from "./mcp_lifespan.ts";
export { ProxyWhirlMCPServer, type ProxyWhirlMCPServerOptions, type RunOptions } from "./mcp_server.ts";
export { ProxyConfiguration, type ProxyConfigurationOptions } from "./proxy_configuration.ts";
export {
  cleanupRotator,
  getRotator,
  proxywhirl,
  type ProxywhirlCall,
  setAuth,
  setRotator,
} from "./proxywhirl.ts";
