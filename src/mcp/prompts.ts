/**
 * `prompts/list` and `prompts/get`.
 *
 * @module
 */
import { type Prompt, ProtocolError, ProtocolErrorCode, type Server } from "@modelcontextprotocol/server";
import { PROMPTS, type PromptSpec } from "../../gen/prompts.ts";
import { renderPrompt } from "../contract/prompt.ts";
import { showPlain } from "../contract/show.ts";
import { ICONS } from "./icons.ts";
import { firstPage } from "./pages.ts";

const LIST: readonly Prompt[] = PROMPTS.map(toPrompt);

/** Sets the handlers. Must come before the server is connected. */
export function servePrompts(server: Server): void {
  server.registerCapabilities({ prompts: {} });
  server.setRequestHandler("prompts/list", ({ params }) => {
    firstPage(params);
    return { prompts: [...LIST] };
  });
  server.setRequestHandler("prompts/get", ({ params }) => {
    const prompt = findPrompt(params.name);
    // What a client puts into the text comes back to it, and may end up in a log of the conversation.
    const values = Object.entries(params.arguments ?? {}).map(([name, value]) => [name, showPlain(value)]);
    const text = renderPrompt(prompt, Object.fromEntries(values));
    return { description: prompt.description, messages: [{ role: "user", content: { type: "text", text } }] };
  });
}

/**
 * The prompt of a name.
 *
 * @throws {ProtocolError} There is none.
 */
export function findPrompt(name: string): PromptSpec {
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
    ...ICONS,
  };
}
