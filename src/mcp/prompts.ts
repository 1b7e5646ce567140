/**
 * `prompts/list`, `prompts/get`, and the completion of their arguments.
 *
 * @module
 */
import { type Prompt, ProtocolError, ProtocolErrorCode, type Server } from "@modelcontextprotocol/server";
import { PROMPTS, type PromptSpec } from "../../gen/prompts.ts";
import { renderPrompt } from "../contract/prompt.ts";
import { showPlain } from "../contract/show.ts";
import type { McpService } from "./mcp_service.ts";

/** Most values that a completion may hold, by the protocol. */
const MAX_COMPLETIONS = 100;

/** Sets the handlers. Must come before the server is connected. */
export function servePrompts(server: Server, service: McpService): void {
  server.registerCapabilities({ prompts: {} });
  server.setRequestHandler("prompts/list", () => ({ prompts: PROMPTS.map(toPrompt) }));
  server.setRequestHandler("prompts/get", ({ params }) => {
    const prompt = findPrompt(params.name);
    // What a client puts into the text comes back to it, and may end up in a log of the conversation.
    const values = Object.entries(params.arguments ?? {}).map(([name, value]) => [name, showPlain(value)]);
    const text = renderPrompt(prompt, Object.fromEntries(values));
    return { description: prompt.description, messages: [{ role: "user", content: { type: "text", text } }] };
  });
  if (service.complete === undefined) return;
  server.registerCapabilities({ completions: {} });
  server.setRequestHandler("completion/complete", ({ params }) => {
    const { ref, argument } = params;
    if (ref.type !== "ref/prompt") return { completion: { values: [] } };
    const completes = findPrompt(ref.name).arguments.find(({ name }) => name === argument.name)?.completes ??
      null;
    const values = completes === null ? [] : service.complete?.(completes, argument.value) ?? [];
    return {
      completion: {
        values: values.slice(0, MAX_COMPLETIONS),
        total: values.length,
        hasMore: values.length > MAX_COMPLETIONS,
      },
    };
  });
}

function findPrompt(name: string): PromptSpec {
  const prompt = PROMPTS.find((candidate) => candidate.name === name);
  if (prompt !== undefined) return prompt;
  const names = PROMPTS.map((known) => known.name).join(", ");
  const message = `Unknown prompt: ${showPlain(name)}. Must be one of: ${names}`;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}

function toPrompt(spec: PromptSpec): Prompt {
  return {
    name: spec.name,
    title: spec.title,
    description: spec.description,
    arguments: spec.arguments.map(({ name, description }) => ({ name, description, required: false })),
  };
}
