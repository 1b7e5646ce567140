/**
 * What an assistant reads before anything else.
 *
 * @module
 */
import { TOOL } from "../../gen/actions.ts";
import type { McpService } from "./mcp_service.ts";
import { toolDefinitions, type ToolLayout } from "./tool_definitions.ts";

/** The server's instructions, for what this service offers: lines about other actions are left out. */
export function instructions(service: McpService, layout: ToolLayout): string {
  const offered = new Set(service.actions);
  const lines = TOOL.instructions.split("\n").filter((line) =>
    actionsIn(line).every((name) => offered.has(name))
  );
  if (layout === "split") {
    const tools = toolDefinitions(service, layout).map(({ tool, actions }) =>
      `${tool.name} (${actions.join(", ")})`
    );
    lines.push(`The actions are spread over several tools: ${tools.join("; ")}.`);
  }
  if (service.requiresKey) lines.push("Every action but health needs the user's API key as api_key.");
  return lines.join("\n");
}

function actionsIn(line: string): string[] {
  return [...line.matchAll(/"action":\s*"(\w+)"/g)].flatMap(([, name]) => name === undefined ? [] : [name]);
}
