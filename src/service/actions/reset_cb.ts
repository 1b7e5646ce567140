/** `reset_cb`: closes the circuit breaker of a proxy. */
import type { ResetCbInput, ResetCbOutput } from "../../../gen/models.ts";
import type { HandlerContext } from "../handler_context.ts";
import { requireProxy } from "../lookup.ts";

/** Closes a circuit breaker. */
export function resetCb(input: ResetCbInput, context: HandlerContext): Promise<ResetCbOutput> {
  const { id } = requireProxy(context.rotator, input.proxy_id);
  return Promise.resolve({
    success: true,
    proxy_id: id,
    previous_state: context.rotator.resetCircuit(id),
    new_state: "closed",
    message: `Circuit breaker reset successfully for proxy ${id}`,
  });
}
