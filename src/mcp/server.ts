/**
 * Makes MCP servers over a service. For the mounts in this folder: the SDK's types do not belong into our public
 * ones.
 *
 * The handlers are set on the SDK's protocol layer, not registered through `registerTool` and its like: what the
 * server lists is generated data that needs no conversion, and arguments must reach the service unchecked, whose
 * errors say more than a schema validator's.
 *
 * @module
 */
import { McpServer } from "@modelcontextprotocol/server";
import { serveCompletions } from "./completions.ts";
import { ICONS } from "./icons.ts";
import { instructions } from "./instructions.ts";
import type { McpService } from "./mcp_service.ts";
import { servePrompts } from "./prompts.ts";
import { type ResourceOptions, serveResources } from "./resources.ts";
import { layoutOf, serveTools, type ToolOptions } from "./tools.ts";

/** Options of {@linkcode createMcpServer}. */
export interface McpServerOptions extends ToolOptions, ResourceOptions {}

/** How long a client of the modern era may keep a list; none of them changes while a server runs. */
const LIST_CACHE_MS = 300_000;

/**
 * Makes a server over a service, for one connection or one request. Cheap: schemas are assembled when they are
 * listed. What it holds of the service ends with `close()`.
 *
 * @param options `era` must be that of the connection; the SDK tells it to a factory of servers.
 * @example
 * ```ts ignore
 * const server = createMcpServer(service);
 * await server.connect(transport);
 * ```
 */
export function createMcpServer(service: McpService, options: McpServerOptions = {}): McpServer {
  const server = new McpServer({
    name: "proxywhirl",
    title: "ProxyWhirl",
    version: service.version,
    description: "A pool of proxies that learns which of them works for which site",
    websiteUrl: "https://github.com/wyattowalsh/proxywhirl",
    ...ICONS,
  }, {
    instructions: instructions(service, layoutOf(service, options)),
    cacheHints: {
      "server/discover": { ttlMs: LIST_CACHE_MS, cacheScope: "public" },
      "tools/list": { ttlMs: LIST_CACHE_MS, cacheScope: "public" },
      "prompts/list": { ttlMs: LIST_CACHE_MS, cacheScope: "public" },
      "resources/list": { ttlMs: LIST_CACHE_MS, cacheScope: "public" },
      "resources/templates/list": { ttlMs: LIST_CACHE_MS, cacheScope: "public" },
    },
  });
  serveTools(server.server, service, options);
  serveResources(server.server, service, options);
  servePrompts(server.server);
  serveCompletions(server.server, service);
  return server;
}
