/**
 * What the official conformance suite expects a server to offer: tools, resources and prompts whose names and
 * answers its scenarios dictate (`conformance list --server` lists them; each scenario's description says what it
 * needs). They are not part of the product. What the suite tests through them is the product's mount.
 */

import {
  type ContentBlock,
  fromJsonSchema,
  McpServer,
  ResourceTemplate,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { registerInputFixtures, STATE } from "./input_fixtures.ts";

/** Tells everybody who listens that a list has changed. */
export interface ListChanges {
  /** The list of tools. */
  toolsChanged(): void;
  /** The list of prompts. */
  promptsChanged(): void;
}

type Era = "legacy" | "modern";

/** One red pixel, PNG. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/** No sound at all, WAV. */
const SILENCE = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

const text = (text: string): ContentBlock => ({ type: "text", text });
const image: ContentBlock = { type: "image", data: PIXEL, mimeType: "image/png" };

/** Tools whose answer is always the same. */
const CONTENT_TOOLS: Readonly<Record<string, readonly ContentBlock[]>> = {
  test_simple_text: [text("This is a simple text response for testing.")],
  test_image_content: [image],
  test_audio_content: [{ type: "audio", data: SILENCE, mimeType: "audio/wav" }],
  test_embedded_resource: [{
    type: "resource",
    resource: {
      uri: "test://embedded-resource",
      mimeType: "text/plain",
      text: "This is an embedded resource content.",
    },
  }],
  test_multiple_content_types: [text("Multiple content types test:"), image, {
    type: "resource",
    resource: {
      uri: "test://mixed-content-resource",
      mimeType: "application/json",
      text: JSON.stringify({ test: "data", value: 123 }),
    },
  }],
};

/** A schema with what only dialect 2020-12 has; it must be published as it is. */
const DIALECT_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: {
    address: {
      $anchor: "addressDef",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
};

/** A parameter that clients repeat in the header `Mcp-Param-Region`. */
const HEADER_SCHEMA = {
  type: "object",
  properties: { region: { type: "string", "x-mcp-header": "Region" } },
  required: ["region"],
};

/** Makes a server of fixtures, for one connection or one request. */
export function createFixtureServer(era: Era, changes: ListChanges): McpServer {
  const server = new McpServer({ name: "proxywhirl-conformance", version: "1.0.0" }, {
    capabilities: {
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { subscribe: true },
      logging: {},
      completions: {},
    },
    cacheHints: Object.fromEntries(
      ["tools/list", "prompts/list", "resources/list", "resources/templates/list"].map((method) => [
        method,
        { ttlMs: 1000, cacheScope: "public" },
      ]),
    ),
    requestState: { verify: STATE.verify },
  });
  registerTools(server, changes);
  registerResources(server, era);
  registerPrompts(server);
  registerInputFixtures(server);
  return server;
}

function registerTools(server: McpServer, changes: ListChanges): void {
  const tool = (name: string, call: (context: ServerContext) => Promise<string> | string) =>
    server.registerTool(name, { description: name }, async (context) => ({
      content: [text(await call(context))],
    }));
  for (const [name, content] of Object.entries(CONTENT_TOOLS)) {
    server.registerTool(name, { description: name }, () => ({ content: [...content] }));
  }
  server.registerTool("test_error_handling", { description: "Always fails" }, () => ({
    content: [text("This tool intentionally returns an error for testing")],
    isError: true,
  }));
  tool("test_tool_with_logging", async ({ mcpReq }) => {
    for (const step of ["started", "goes on", "completed"]) {
      await mcpReq.log("info", `Tool execution ${step}`);
    }
    return "Logged";
  });
  tool("test_logging_tool", async ({ mcpReq }) => {
    await mcpReq.log("info", "Only for those who set a level");
    return "Logged";
  });
  tool("test_tool_with_progress", async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken ?? 0;
    for (const progress of [0, 50, 100]) {
      const params = { progressToken, progress, total: 100, message: `Completed step ${progress} of 100` };
      await mcpReq.notify({ method: "notifications/progress", params });
    }
    return String(progressToken);
  });
  tool("test_reconnection", ({ http }) => {
    http?.closeSSE?.();
    return "The stream was closed before this answer";
  });
  tool("test_trigger_tool_change", () => {
    changes.toolsChanged();
    return "Told";
  });
  tool("test_trigger_prompt_change", () => {
    changes.promptsChanged();
    return "Told";
  });
  for (
    const [name, schema] of [["json_schema_2020_12_tool", DIALECT_SCHEMA], [
      "test_x_mcp_header",
      HEADER_SCHEMA,
    ]] as const
  ) {
    server.registerTool(name, { description: name, inputSchema: fromJsonSchema(schema) }, (input) => ({
      content: [text(JSON.stringify(input))],
    }));
  }
}

/** Resources that can be read, and subscribed to where the protocol still has that. */
function registerResources(server: McpServer, era: Era): void {
  const resource = (uri: string, mimeType: string, content: { text: string } | { blob: string }) =>
    server.registerResource(uri.slice("test://".length), uri, { description: uri, mimeType }, () => ({
      contents: [{ uri, mimeType, ...content }],
    }));
  resource("test://static-text", "text/plain", { text: "This is the content of the static text resource." });
  resource("test://static-binary", "image/png", { blob: PIXEL });
  resource("test://watched-resource", "text/plain", { text: "Watched resource content" });
  const template = new ResourceTemplate("test://template/{id}/data", { list: undefined });
  const mimeType = "application/json";
  server.registerResource("template", template, { description: "By id", mimeType }, ({ href }, { id }) => ({
    contents: [{
      uri: href,
      mimeType,
      text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
    }],
  }));
  if (era === "modern") return;
  server.server.setRequestHandler("resources/subscribe", () => ({}));
  server.server.setRequestHandler("resources/unsubscribe", () => ({}));
}

function registerPrompts(server: McpServer): void {
  const user = (content: ContentBlock) => ({ role: "user" as const, content });
  const texts = (...names: string[]) => ({
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
    required: names,
  });
  server.registerPrompt("test_simple_prompt", { description: "No arguments" }, () => ({
    messages: [user(text("This is a simple prompt for testing."))],
  }));
  server.registerPrompt("test_prompt_with_image", { description: "An image" }, () => ({
    messages: [user(image), user(text("Please analyze the image above."))],
  }));
  server.registerPrompt("test_prompt_with_arguments", {
    description: "Two arguments",
    argsSchema: fromJsonSchema<{ arg1: string; arg2: string }>(texts("arg1", "arg2")),
  }, ({ arg1, arg2 }) => ({
    messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  }));
  server.registerPrompt("test_prompt_with_embedded_resource", {
    description: "A resource inside",
    argsSchema: fromJsonSchema<{ resourceUri: string }>(texts("resourceUri")),
  }, ({ resourceUri: uri }) => ({
    messages: [
      user({
        type: "resource",
        resource: { uri, mimeType: "text/plain", text: "Embedded resource content for testing." },
      }),
      user(text("Please process the embedded resource above.")),
    ],
  }));
  server.server.setRequestHandler(
    "completion/complete",
    () => ({ completion: { values: [], total: 0, hasMore: false } }),
  );
}
