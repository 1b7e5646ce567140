/**
 * The tools as they are listed: schemas, descriptions and annotations from the generated contract.
 *
 * @module
 */
import type { Tool } from "@modelcontextprotocol/server";
import { type ActionEffect, type ActionName, ACTIONS, type ActionSpec, TOOL } from "../../gen/actions.ts";
import { OUTPUT_SCHEMAS } from "../../gen/output_schemas.ts";
import { toolAnnotations } from "../contract/annotations.ts";
import { unifiedOutputSchema } from "../contract/output_schema.ts";
import { wireSchema } from "../contract/wire_schema.ts";
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

interface Part {
  readonly suffix: string;
  readonly title: string;
  readonly effects: readonly ActionEffect[];
}

const UNIFIED: readonly Part[] = [
  { suffix: "", title: TOOL.title, effects: ["read", "use", "write", "destructive"] },
];

const SPLIT: readonly Part[] = [
  { suffix: "_read", title: `${TOOL.title}: look`, effects: ["read"] },
  { suffix: "_use", title: `${TOOL.title}: use proxies`, effects: ["use"] },
  { suffix: "_manage", title: `${TOOL.title}: change the pool`, effects: ["write", "destructive"] },
];

/** The tools of a service; a part of which no action is on offer is left out. */
export function toolDefinitions(service: McpService, layout: ToolLayout): readonly ToolDefinition[] {
  const offered = new Set(service.actions);
  const specs = ACTIONS.filter((spec) => offered.has(spec.name));
  return (layout === "split" ? SPLIT : UNIFIED)
    .map((part) => ({ part, actions: specs.filter((spec) => part.effects.includes(spec.effect)) }))
    .filter(({ actions }) => actions.length > 0)
    .map(({ part, actions }) => ({
      tool: toTool(part, actions, service.requiresKey),
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
  const part = (layout === "split" ? SPLIT : UNIFIED).find(({ suffix }) => TOOL.name + suffix === toolName);
  if (part === undefined) return "unknown tool";
  const spec = ACTIONS.find(({ name }) => name === action);
  return spec === undefined || part.effects.includes(spec.effect) ? "yes" : "no";
}

function toTool(part: Part, actions: readonly ActionSpec<ActionName>[], apiKey: boolean): Tool {
  return {
    name: TOOL.name + part.suffix,
    title: part.title,
    description: TOOL.description,
    inputSchema: { ...wireSchema(actions, { apiKey }), type: "object" },
    outputSchema: { ...unifiedOutputSchema(actions.map(({ name }) => OUTPUT_SCHEMAS[name])), type: "object" },
    annotations: { ...toolAnnotations(part.title, actions) },
  };
}
