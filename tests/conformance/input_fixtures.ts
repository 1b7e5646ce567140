/** The fixtures of the conformance suite that ask the client for input: forms, sampling, roots. */

import {
  acceptedContent,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  fromJsonSchema,
  type InputRequest,
  inputRequired,
  type InputRequiredResult,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from "@modelcontextprotocol/server";

/** What travels through the client between two rounds, signed. */
interface RoundState {
  readonly round: number;
}

/** Signs the state, and refuses one that the client has changed. */
export const STATE: RequestStateCodec<RoundState> = createRequestStateCodec({
  key: crypto.getRandomValues(new Uint8Array(32)),
});

type Requests = Record<string, InputRequest>;

const form = (
  message: string,
  properties: Record<string, Record<string, unknown>>,
  required: string[] = [],
): InputRequest =>
  inputRequired.elicit({ message, requestedSchema: { type: "object", properties, required } as never });
const ask = (message: string, field: string, type = "string") =>
  form(message, { [field]: { type } }, [field]);
const sample = (prompt: string) =>
  inputRequired.createMessage({
    messages: [{ role: "user", content: { type: "text", text: prompt } }],
    maxTokens: 100,
  });

/** Every kind of field, with a default. */
const DEFAULTS = {
  name: { type: "string", description: "User name", default: "John Doe" },
  age: { type: "integer", description: "User age", default: 30 },
  score: { type: "number", description: "User score", default: 95.5 },
  status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
  verified: { type: "boolean", description: "Verification status", default: true },
};

const plain = ["option1", "option2", "option3"];
const titled = ["First", "Second", "Third"].map((title, index) => ({ const: `value${index + 1}`, title }));

/** Every way to offer a choice. */
const CHOICES = {
  untitledSingle: { type: "string", enum: plain },
  titledSingle: { type: "string", oneOf: titled },
  legacyEnum: { type: "string", enum: ["opt1", "opt2"], enumNames: ["Option One", "Option Two"] },
  untitledMulti: { type: "array", minItems: 1, maxItems: 3, items: { type: "string", enum: plain } },
  titledMulti: { type: "array", minItems: 1, maxItems: 3, items: { anyOf: titled } },
};

/** Tools that ask once; any answer under one of the keys will do. */
const ASKING: Readonly<Record<string, { readonly requests: Requests; readonly isSigned?: true }>> = {
  test_elicitation_sep1034_defaults: { requests: { form: form("Please review the defaults", DEFAULTS) } },
  test_elicitation_sep1330_enums: { requests: { form: form("Please select options", CHOICES) } },
  test_input_required_result_sampling: { requests: { sample: sample("What is the capital of France?") } },
  test_input_required_result_list_roots: { requests: { roots: inputRequired.listRoots() } },
  test_missing_capability: { requests: { sample: sample("Hello") } },
  test_streaming_elicitation: { requests: { answer: ask("Answer?", "answer") } },
  test_input_required_result_request_state: {
    requests: { confirm: ask("Please confirm", "ok", "boolean") },
    isSigned: true,
  },
  test_input_required_result_tampered_state: {
    requests: { confirm: ask("Please confirm", "ok", "boolean") },
    isSigned: true,
  },
  test_input_required_result_multiple_inputs: {
    requests: {
      user_name: ask("What is your name?", "name"),
      greeting: sample("Generate a greeting"),
      client_roots: inputRequired.listRoots(),
    },
    isSigned: true,
  },
};

/** Registers them. */
export function registerInputFixtures(server: McpServer): void {
  for (const [name, { requests, isSigned }] of Object.entries(ASKING)) {
    server.registerTool(name, { description: name }, async (context) => {
      const answers = answersTo(context, requests);
      if (answers.length === 0) return await askFor(requests, isSigned === true ? 1 : undefined);
      return done(isSigned === true ? "state-ok" : "Answered", ...answers);
    });
  }
  for (const name of ["test_sampling", "test_elicitation"] as const) registerRelay(server, name);
  server.registerTool(
    "test_input_required_result_elicitation",
    { description: "Asks until it has a name" },
    ({ mcpReq }) => {
      const name = acceptedContent(mcpReq.inputResponses, "user_name")?.["name"];
      return typeof name === "string"
        ? done(`Hello, ${name}!`)
        : askFor({ user_name: ask("What is your name?", "name") });
    },
  );
  server.registerTool("test_input_required_result_capabilities", {
    description: "Asks what the client can answer",
  }, (context) => {
    const can = clientCapabilities(context);
    const requests: Requests = {
      ...(can.sampling === undefined ? {} : { sample: sample("Hello") }),
      ...(can.elicitation === undefined ? {} : { form: ask("What is your name?", "name") }),
    };
    const answers = answersTo(context, requests);
    return answers.length > 0 || Object.keys(requests).length === 0
      ? done("Answered", ...answers)
      : askFor(requests);
  });
  server.registerTool(
    "test_input_required_result_multi_round",
    { description: "Asks twice" },
    ({ mcpReq }) => {
      switch (mcpReq.requestState<RoundState>()?.round) {
        case undefined:
          return askFor({ step1: ask("Step 1: What is your name?", "name") }, 1);
        case 1:
          return askFor({ step2: ask("Step 2: What is your favorite color?", "color") }, 2);
        default:
          return done("Both rounds are done");
      }
    },
  );
  server.registerPrompt(
    "test_input_required_result_prompt",
    { description: "Asks for context" },
    ({ mcpReq }) => {
      const given = acceptedContent(mcpReq.inputResponses, "user_context")?.["context"];
      if (typeof given !== "string") return askFor({ user_context: ask("What context?", "context") });
      return { messages: [{ role: "user", content: { type: "text", text: `Context: ${given}` } }] };
    },
  );
}

/** Tools that pass their one argument on, as a prompt to the client's model or as a question to its user. */
function registerRelay(server: McpServer, name: "test_sampling" | "test_elicitation"): void {
  const key = name === "test_sampling" ? "prompt" : "message";
  const inputSchema = fromJsonSchema<Readonly<Record<string, string>>>({
    type: "object",
    properties: { [key]: { type: "string" } },
    required: [key],
  });
  server.registerTool(name, { description: name, inputSchema }, (input, context) => {
    const words = input[key] ?? "";
    const requests = { relayed: key === "prompt" ? sample(words) : ask(words, "response") };
    const answers = answersTo(context, requests);
    return answers.length === 0 ? askFor(requests) : done(...answers);
  });
}

/** What the client says in this very request that it can do; the SDK hands it over without a type. */
function clientCapabilities({ mcpReq }: ServerContext): ClientCapabilities {
  const envelope: Readonly<Record<string, ClientCapabilities>> = mcpReq.envelope ?? {};
  return envelope[CLIENT_CAPABILITIES_META_KEY] ?? {};
}

function answersTo({ mcpReq }: ServerContext, requests: Requests): string[] {
  return Object.keys(requests).flatMap((key) => {
    const view = inputResponse(mcpReq.inputResponses, key);
    return view.kind === "missing" ? [] : [JSON.stringify(view)];
  });
}

async function askFor(inputRequests: Requests, round?: number): Promise<InputRequiredResult> {
  if (round === undefined) return inputRequired({ inputRequests });
  return inputRequired({ inputRequests, requestState: await STATE.mint({ round }) });
}

function done(...lines: string[]): CallToolResult {
  return { content: [{ type: "text", text: lines.join("\n") }] };
}
