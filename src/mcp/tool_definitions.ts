/**
 * The tools as they are listed: schemas, descriptions and annotations from the generated contract.
 *
 * @module
 */
import type { Tool } from "@modelcontextprotocol/server";
import { type ActionName, ACTIONS, type ActionSpec, TOOL, type ToolPartSpec } from "../../gen/actions.ts";
import { OUTPUT_SCHEMAS } from "../../gen/output_schemas.ts";
import { toolAnnotations } from "../contract/annotations.ts";
import { unifiedOutputSchema } from "../contract/output_schema.ts";
import { wireSchema } from "../contract/wire_schema.ts";
import { ICONS } from "./icons.ts";
import type { McpService } from "./mcp_service.ts";

/**
 * How the actions are laid out: all in the tool `proxywhirl`, or by their effect in `proxywhirl_read`,
 * `proxywhirl_use` and `proxywhirl_manage`, so that a host can approve reading once and for all.
 */
export type ToolLayout = "unified" | "split";

/** A tool and what it does. */
export interface ToolDefinition {
  /** As in `tools/list`. */
  readonly tool: Tool;
  /** Names of its actions. */
  readonly actions: readonly string[];
}

const PARTS: Readonly<Record<ToolLayout, readonly ToolPartSpec[]>> = {
  unified: [{
    suffix: "",
    title: TOOL.title,
    description: TOOL.description,
    effects: ["read", "use", "write", "destructive"],
  }],
  split: TOOL.parts,
};

/** Over HTTP a server lives for one request, so definitions are made once for all of what they depend on. */
const made = new Map<string, readonly ToolDefinition[]>();
const MOST_MADE = 64;

/** The tools of a service; a part of which no action is on offer is left out. */
export function toolDefinitions(service: McpService, layout: ToolLayout): readonly ToolDefinition[] {
  const { actions, requiresKey } = service;
  const key = `${layout} ${requiresKey} ${actions.join()}`;
  let definitions = made.get(key);
  if (definitions === undefined) {
    definitions = define(actions, layout, requiresKey);
    if (made.size >= MOST_MADE) made.clear();
    made.set(key, definitions);
  }
  return definitions;
}

function define(
  offered: readonly string[],
  layout: ToolLayout,
  requiresKey: boolean,
): readonly ToolDefinition[] {
  const specs = ACTIONS.filter((spec) => offered.includes(spec.name));
  return PARTS[layout]
    .map((part) => ({ part, actions: specs.filter((spec) => part.effects.includes(spec.effect)) }))
    .filter(({ actions }) => actions.length > 0)
    .map(({ part, actions }) => ({
      tool: toTool(part, actions, requiresKey),
      actions: actions.map((spec) => spec.name),
    }));
}

/**
 * The names of a layout's tools that take an action, whether or not the service offers it; so that calling one
 * that is refused gives the service's error and not "unknown tool".
 */
export function toolAccepts(
  toolName: string,
  layout: ToolLayout,
  action: unknown,
): "yes" | "no" | "unknown tool" {
  const part = PARTS[layout].find(({ suffix }) => TOOL.name + suffix === toolName);
  if (part === undefined) return "unknown tool";
  const spec = ACTIONS.find(({ name }) => name === action);
  return spec === undefined || part.effects.includes(spec.effect) ? "yes" : "no";
}

function toTool(part: ToolPartSpec, actions: readonly ActionSpec<ActionName>[], apiKey: boolean): Tool {
  return {
    name: TOOL.name + part.suffix,
    title: part.title,
    description: part.description,
    inputSchema: { ...wireSchema(actions, { apiKey }), type: "object" },
    outputSchema: { ...unifiedOutputSchema(actions.map(({ name }) => OUTPUT_SCHEMAS[name])), type: "object" },
    annotations: { ...toolAnnotations(part.title, actions) },
    ...ICONS,
  };
}
