/**
 * `tools/list` and `tools/call`.
 *
 * @module
 */
import {
  type CallToolResult,
  type ContentBlock,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { showPlain } from "../contract/show.ts";
import { callContext } from "./call_context.ts";
import { canAsk, consentTo } from "./confirm.ts";
import type { McpActionResult, McpService } from "./mcp_service.ts";
import { firstPage } from "./pages.ts";
import { resultLinks } from "./result_links.ts";
import { toolAccepts, toolDefinitions, type ToolLayout } from "./tool_definitions.ts";

/** Options of {@linkcode serveTools}. */
export interface ToolOptions {
  /** One tool, or one an effect. @default {that of the service, else "unified"} */
  readonly tools?: ToolLayout;
  /** Is told what went wrong beside the answers. */
  readonly onError?: (error: Error) => void;
}

/** How a server lays out its tools. */
export function layoutOf(service: McpService, options: ToolOptions): ToolLayout {
  return options.tools ?? service.toolLayout ?? "unified";
}

/** Sets the handlers. Must come before the server is connected. */
export function serveTools(server: Server, service: McpService, options: ToolOptions): void {
  const layout = layoutOf(service, options);
  server.registerCapabilities({ tools: {} });
  server.setRequestHandler("tools/list", ({ params }) => {
    firstPage(params);
    return { tools: toolDefinitions(service, layout).map(({ tool }) => tool) };
  });
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const input = params.arguments ?? {};
    const match = toolAccepts(params.name, layout, input["action"]);
    if (match === "unknown tool") {
      const names = toolDefinitions(service, layout).map(({ tool }) => tool.name).join(", ");
      const message = `Unknown tool: ${showPlain(params.name)}. Must be one of: ${names}`;
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
    }
    if (match === "no") return toToolResult(wrongTool(service, layout, params.name, input["action"]));
    try {
      return await call(server, service, input, context);
    } catch (error) {
      // A service never rejects; were one to, its message must not reach a client unseen.
      options.onError?.(new Error("The service failed", { cause: error }));
      return toToolResult({ ok: false, error: { error: "Internal error", code: 500 } });
    }
  });
}

/** Asks the user where that is due, does the action, and links to what its result tells of. */
async function call(
  server: Server,
  service: McpService,
  input: Readonly<Record<string, unknown>>,
  context: ServerContext,
): Promise<CallToolResult | InputRequiredResult> {
  const calling = callContext(context);
  const question = canAsk(server, context) ? await service.confirmation?.(input, calling) : undefined;
  if (question !== undefined) {
    const consent = consentTo(question, context);
    if (consent === "refused") return toToolResult({ ok: true, value: question.declined });
    if (consent !== "given") return consent;
  }
  const result = await service.handle(input, calling);
  if (!result.ok) return toToolResult(result);
  const revision = server.getNegotiatedProtocolVersion();
  return toToolResult(result, resultLinks(input["action"], result.value, service.resources, revision));
}

/**
 * The outcome of an action as a tool result: the same object twice, as `structuredContent` for clients that read
 * structure (some show a model nothing else), and as JSON text for those that do not. An error keeps its object
 * and is marked. Links come after the text.
 */
export function toToolResult(result: McpActionResult, links: readonly ContentBlock[] = []): CallToolResult {
  const body = result.ok ? result.value : result.error;
  return {
    content: [{ type: "text", text: JSON.stringify(body) }, ...links],
    structuredContent: { ...body },
    ...(result.ok ? {} : { isError: true }),
  };
}

function wrongTool(
  service: McpService,
  layout: ToolLayout,
  name: string,
  action: unknown,
): McpActionResult {
  const definitions = toolDefinitions(service, layout);
  const { actions } = definitions.find(({ tool }) => tool.name === name) ?? { actions: [] };
  const right = definitions.find((definition) => definition.actions.some((known) => known === action));
  const error = `${name} does not do ${showPlain(action)}. Must be one of: ${actions.join(", ")}`;
  return {
    ok: false,
    error: {
      error,
      code: 400,
      ...(right === undefined ? {} : { next_step: `Call ${right.tool.name} for it.` }),
    },
  };
}
