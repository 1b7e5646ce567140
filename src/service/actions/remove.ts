/** `remove`: takes a proxy out of the pool for good. */
import type { RemoveInput, RemoveOutput } from "../../../gen/models.ts";
import { proxyNotFound } from "../action_error.ts";
import type { HandlerContext } from "../handler_context.ts";
import { requireProxy } from "../lookup.ts";

/** Removes a proxy, in memory and on disk. */
export async function remove(input: RemoveInput, context: HandlerContext): Promise<RemoveOutput> {
  const { id } = requireProxy(context.rotator, input.proxy_id);
  if (!await context.pool.remove(id)) throw proxyNotFound(input.proxy_id);
  return {
    success: true,
    proxy_id: id,
    message: `Proxy ${id} removed successfully`,
    pool_size: context.rotator.size,
  };
}
