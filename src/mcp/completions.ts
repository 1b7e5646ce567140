/**
 * `completion/complete`, for the arguments of prompts and the variables of resource templates.
 *
 * @module
 */
import { ProtocolError, ProtocolErrorCode, type Server } from "@modelcontextprotocol/server";
import { RESOURCES } from "../../gen/resources.ts";
import type { CompletionKind } from "../contract/spec.ts";
import { readRefusal } from "./call_context.ts";
import type { McpService } from "./mcp_service.ts";
import { findPrompt } from "./prompts.ts";
import { showUri } from "./resource_uris.ts";

/** Most values that a completion may hold, by the protocol. */
const MAX_COMPLETIONS = 100;

/** Kinds that tell nothing of the pool. */
const PUBLIC: readonly (CompletionKind | null)[] = ["performance", "protocol", "strategy"];

/** Sets the handler, when the service completes. Must come before the server is connected. */
export function serveCompletions(server: Server, service: McpService): void {
  if (service.complete === undefined) return;
  server.registerCapabilities({ completions: {} });
  server.setRequestHandler("completion/complete", ({ params }, context) => {
    const { argument, ref } = params;
    const kind = ref.type === "ref/prompt"
      ? findPrompt(ref.name).arguments.find(({ name }) => name === argument.name)?.completes ?? null
      : kindOfVariable(service, ref.uri, argument.name);
    const mayKnow = PUBLIC.includes(kind) || readRefusal(service, context) === undefined;
    const values = kind === null || !mayKnow ? [] : service.complete?.(kind, argument.value) ?? [];
    return {
      completion: {
        values: values.slice(0, MAX_COMPLETIONS),
        total: values.length,
        hasMore: values.length > MAX_COMPLETIONS,
      },
    };
  });
}

function kindOfVariable(service: McpService, uri: string, variable: string): CompletionKind | null {
  const spec = RESOURCES.find((candidate) => candidate.uri === uri && service.resources.includes(uri));
  if (spec === undefined) {
    const message = `Unknown resource template: ${showUri(uri)}`;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
  }
  return spec.variable === variable ? spec.completes : null;
}
