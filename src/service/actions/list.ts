/** `list`: the proxies page by page, and how many of all that match are in which health. */
import type { HealthStatus, PoolProxy } from "../../core/mod.ts";
import type { ListInput, ListOutput, ProxyRow } from "../../../gen/models.ts";
import { ActionError } from "../action_error.ts";
import { excerpt } from "../boundary.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { type HandlerContext, toCriteria } from "../handler_context.ts";
import { presentProxy } from "../presenters.ts";

const DEFAULT_LIMIT = 100;

type Counts = Record<HealthStatus, number>;

/** Lists proxies. Cost: the page, or with criteria or a cursor one look at each proxy. */
export function list(input: ListInput, context: HandlerContext): Promise<ListOutput> {
  const limit = input.limit ?? DEFAULT_LIMIT;
  const after = startOf(input.cursor, context);
  const filter = {
    ...toCriteria(input.criteria),
    ...(input.status === undefined ? {} : { status: input.status }),
  };
  const isWhole = Object.keys(filter).length === 0;
  const counts: Counts = isWhole
    ? countsOfPool(context)
    : { unknown: 0, healthy: 0, degraded: 0, unhealthy: 0, dead: 0 };
  const page: PoolProxy[] = [];
  let hasMore = false;
  for (const proxy of context.rotator.proxies(filter)) {
    if (!isWhole) counts[proxy.status]++;
    if (hasMore || (after > 0 && proxy.ordinal <= after)) continue;
    if (page.length < limit) page.push(proxy);
    else hasMore = true;
    if (hasMore && isWhole) break;
  }
  const last = hasMore ? page.at(-1) : undefined;
  return Promise.resolve({
    proxies: page.map(presentRow),
    total: counts.healthy + counts.degraded + counts.unhealthy + counts.dead + counts.unknown,
    healthy: counts.healthy,
    degraded: counts.degraded,
    unhealthy: counts.unhealthy,
    dead: counts.dead,
    unknown: counts.unknown,
    ...(last === undefined ? {} : { next_cursor: encodeCursor({ id: last.id, ordinal: last.ordinal }) }),
  });
}

/** The ordinal behind which the page starts. The id counts first: after a restart the numbers differ. */
function startOf(cursor: string | undefined, { rotator }: HandlerContext): number {
  if (cursor === undefined) return 0;
  const position = decodeCursor(cursor);
  if (position === undefined) {
    throw new ActionError(400, `Invalid cursor: ${excerpt(cursor)}`, {
      nextStep: "Pass next_cursor of the page before as it is, or no cursor for the first page.",
    });
  }
  const last = rotator.getProxy(position.id);
  return last === undefined ? position.ordinal : last.ordinal;
}

function countsOfPool({ rotator }: HandlerContext): Counts {
  const { unknown, healthy, degraded, unhealthy, dead } = rotator.poolStatus();
  return { unknown, healthy, degraded, unhealthy, dead };
}

function presentRow(proxy: PoolProxy): ProxyRow {
  return {
    ...presentProxy(proxy),
    total_requests: proxy.totalRequests,
    total_successes: proxy.totalSuccesses,
    total_failures: proxy.totalFailures,
  };
}
