/** Calls the handler of an action. */
import type { ActionInput } from "../../gen/models.ts";
import { HANDLERS } from "./actions/mod.ts";
import type { HandlerContext } from "./handler_context.ts";

/**
 * Calls the handler that the input names.
 *
 * The compiler knows that each handler fits its own input, but not that `input.action` picks the matching pair;
 * hence the one assertion.
 */
export function dispatch(input: ActionInput, context: HandlerContext): Promise<object> {
  const handler = HANDLERS[input.action] as (input: ActionInput, context: HandlerContext) => Promise<object>;
  return handler(input, context);
}
