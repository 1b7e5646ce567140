/**
 * `resources/list`, `resources/templates/list`, `resources/read`, and subscriptions to resources.
 *
 * @module
 */
import {
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type Resource,
  ResourceNotFoundError,
  type ResourceTemplateType,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { RESOURCES, type ResourceSpec } from "../../gen/resources.ts";
import { readRefusal } from "./call_context.ts";
import { ICONS } from "./icons.ts";
import type { McpService } from "./mcp_service.ts";
import { firstPage } from "./pages.ts";
import { placeOf, type ResourcePlace, showUri, uriOf } from "./resource_uris.ts";
import { ResourceSubscriptions, watchResources } from "./resource_updates.ts";
import type { UpdateThrottleOptions } from "./update_throttle.ts";

/** Options of {@linkcode serveResources}. */
export interface ResourceOptions extends UpdateThrottleOptions {
  /** Era of the protocol that the connection speaks. @default {"legacy"} */
  readonly era?: "legacy" | "modern";
  /** Whether the server tells of updates itself. @default {true} */
  readonly pushesUpdates?: boolean;
}

/** Most subscriptions of one connection of the 2025 era. */
const MAX_SUBSCRIPTIONS = 1000;

/** Sets the handlers. Must come before the server is connected. */
export function serveResources(server: Server, service: McpService, options: ResourceOptions): void {
  server.registerCapabilities({ resources: { subscribe: true } });
  const offered = () => RESOURCES.filter(({ uri }) => service.resources.includes(uri));
  server.setRequestHandler("resources/list", ({ params }) => {
    firstPage(params);
    return { resources: offered().filter(({ variable }) => variable === null).map(toResource) };
  });
  server.setRequestHandler("resources/templates/list", ({ params }) => {
    firstPage(params);
    return { resourceTemplates: offered().filter(({ variable }) => variable !== null).map(toTemplate) };
  });
  server.setRequestHandler("resources/read", async ({ params }, context): Promise<ReadResourceResult> => {
    const { spec, value } = findResource(service, params.uri, context);
    const content = await service.readResource(spec.uri, value);
    if (content === undefined) throw new ResourceNotFoundError(showUri(params.uri));
    return {
      contents: [{ uri: addressOf(spec, content), mimeType: spec.mimeType, text: JSON.stringify(content) }],
      ...(options.era === "modern" ? { ttlMs: spec.maxAgeS * 1000, cacheScope: "private" } : {}),
    };
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
    const { spec } = findResource(service, params.uri, context);
    if (!spec.subscribable) throw invalid(`${spec.uri} tells of no changes: read it when needed`);
    if (subscriptions.size >= MAX_SUBSCRIPTIONS) throw invalid(`At most ${MAX_SUBSCRIPTIONS} subscriptions`);
    subscriptions.add(params.uri);
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

function findResource(service: McpService, uri: string, context: ServerContext): ResourcePlace {
  const place = placeOf(uri);
  if (place === undefined || !service.resources.includes(place.spec.uri)) {
    throw new ResourceNotFoundError(showUri(uri));
  }
  const refusal = place.spec.requiresKey ? readRefusal(service, context) : undefined;
  if (refusal !== undefined) throw invalid(refusal.message, { code: refusal.code });
  return place;
}

/** The address as it should be: what a client wrote in the place of a variable may hold a credential. */
function addressOf({ uri, valueKey }: ResourceSpec, content: object): string {
  const value: unknown = valueKey === null ? undefined : Reflect.get(content, valueKey);
  return typeof value === "string" ? uriOf(uri, value) : uri;
}

function invalid(message: string, data?: object): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message, data);
}

function toResource({ uri, ...spec }: ResourceSpec): Resource {
  return { uri, ...described(spec) };
}

function toTemplate({ uri, ...spec }: ResourceSpec): ResourceTemplateType {
  return { uriTemplate: uri, ...described(spec) };
}

function described({ description, mimeType, name, title }: Omit<ResourceSpec, "uri">) {
  return { name, title, description, mimeType, ...ICONS };
}
