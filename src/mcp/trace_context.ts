/**
 * The trace that a call belongs to: `traceparent` and `tracestate` in its `_meta`, as SEP-414 has it.
 *
 * @module
 */
import type { McpCallContext } from "./mcp_service.ts";

/** Longer ones are nonsense: the format has 55 characters, and lists at most 512. */
const MAX_LENGTH = 1024;

/** What a call says about its trace; nothing when it says nothing that can be read. */
export function traceOf(meta: Readonly<Record<string, unknown>> | undefined): Pick<McpCallContext, "trace"> {
  const { traceparent, tracestate } = meta ?? {};
  if (typeof traceparent !== "string" || traceparent.length > MAX_LENGTH) return {};
  const isState = typeof tracestate === "string" && tracestate.length <= MAX_LENGTH;
  return { trace: { traceparent, ...(isState ? { tracestate } : {}) } };
}
