/**
 * `resources/list`, `resources/read`, and subscriptions to resources.
 *
 * @module
 */
import {
  ProtocolError,
  ProtocolErrorCode,
  type Resource,
  ResourceNotFoundError,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { RESOURCES, type ResourceSpec } from "../../gen/resources.ts";
import { showPlain } from "../contract/show.ts";
import type { McpService } from "./mcp_service.ts";
import { CONFIG_URI, HEALTH_URI, ResourceSubscriptions, watchResources } from "./resource_updates.ts";
import type { UpdateThrottleOptions } from "./update_throttle.ts";

/** Options of {@linkcode serveResources}. */
export interface ResourceOptions extends UpdateThrottleOptions {
  /** Era of the protocol that the connection speaks. @default {"legacy"} */
  readonly era?: "legacy" | "modern";
  /** Whether the server tells of updates itself. @default {true} */
  readonly pushesUpdates?: boolean;
}

/** Sets the handlers. Must come before the server is connected. */
export function serveResources(server: Server, service: McpService, options: ResourceOptions): void {
  server.registerCapabilities({ resources: { subscribe: true } });
  server.setRequestHandler("resources/list", () => ({ resources: RESOURCES.map(toResource) }));
  server.setRequestHandler("resources/templates/list", () => ({ resourceTemplates: [] }));
  server.setRequestHandler("resources/read", async ({ params }, context) => {
    const { uri, mimeType } = findResource(service, params.uri, context);
    const content = await read(service, uri);
    return { contents: [{ uri, mimeType, text: JSON.stringify(content) }] };
  });
  if (options.pushesUpdates !== false) serveUpdates(server, service, options);
}

/** See `resource_updates.ts` for what differs between the eras. */
function serveUpdates(server: Server, service: McpService, options: ResourceOptions): void {
  const watch = (notify: (uri: string) => void) => watchResources(service, notify, options);
  const notify = (uri: string) => void server.sendResourceUpdated({ uri }).catch(() => {});
  if (options.era === "modern") {
    onClose(server, watch(notify));
    return;
  }
  const subscriptions = new ResourceSubscriptions(watch, notify);
  server.setRequestHandler("resources/subscribe", ({ params }, context) => {
    subscriptions.add(findResource(service, params.uri, context).uri);
    return {};
  });
  server.setRequestHandler("resources/unsubscribe", ({ params }) => {
    subscriptions.remove(params.uri);
    return {};
  });
  onClose(server, () => subscriptions.close());
}

function onClose(server: Server, callback: () => void): void {
  const before = server.onclose;
  server.onclose = () => {
    before?.();
    callback();
  };
}

/** Over HTTP, where anybody may connect, a configured key guards all but the pool's health. */
function findResource(service: McpService, uri: string, { http }: ServerContext): ResourceSpec {
  const spec = RESOURCES.find((candidate) => candidate.uri === uri);
  if (spec === undefined) throw new ResourceNotFoundError(showPlain(uri));
  if (spec.requiresKey && service.requiresKey && http !== undefined && http.authInfo === undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Authentication failed: Invalid API key", {
      code: 401,
    });
  }
  return spec;
}

function read(service: McpService, uri: string): object | Promise<object> {
  switch (uri) {
    case HEALTH_URI:
      return service.healthResource();
    case CONFIG_URI:
      return service.configResource();
    default:
      throw new ResourceNotFoundError(uri);
  }
}

function toResource({ uri, name, title, description, mimeType }: ResourceSpec): Resource {
  return { uri, name, title, description, mimeType };
}
