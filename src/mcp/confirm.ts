/**
 * Asks the user before an action that cannot be undone, where the client can show a form.
 *
 * Since 2026-07-28 the question is a result of the call, which the client repeats with the answer; on older
 * connections the SDK sends it as `elicitation/create` and calls the handler again. A client that shows no forms
 * has its own way to ask before it calls a tool that says it is destructive; there the action is done at once.
 *
 * @module
 */
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  type InputRequiredResult,
  inputResponse,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { McpConfirmation } from "./mcp_service.ts";

/** What became of a question: to be asked still, or answered. */
export type Consent = "given" | "refused" | InputRequiredResult;

/** Whether the client of a call can show a form. */
export function canAsk(server: Server, { mcpReq }: ServerContext): boolean {
  const declared: ClientCapabilities | undefined = mcpReq.envelope === undefined
    ? server.getClientCapabilities()
    : Reflect.get(mcpReq.envelope, CLIENT_CAPABILITIES_META_KEY);
  const elicitation = declared?.elicitation;
  // `{}` stands for forms: it was all there was to declare before addresses could be sent.
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

/** Reads the answer to a question, or asks it. Only an accepted form with the box ticked is a yes. */
export function consentTo({ key, message }: McpConfirmation, { mcpReq }: ServerContext): Consent {
  const answer = inputResponse(mcpReq.inputResponses, key);
  if (answer.kind === "elicit") {
    return acceptedContent(mcpReq.inputResponses, key)?.["confirm"] === true ? "given" : "refused";
  }
  return inputRequired({
    inputRequests: {
      [key]: inputRequired.elicit({
        message,
        requestedSchema: {
          type: "object",
          properties: {
            confirm: { type: "boolean", title: "Yes, do it", description: "Without this nothing is done" },
          },
          required: ["confirm"],
        },
      }),
    },
  });
}
