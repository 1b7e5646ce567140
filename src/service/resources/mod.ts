/** The readers of all resources, bound to the generated contract: a missing or mistyped one does not compile. */
import type { ResourceReaders } from "../../../gen/handlers.ts";
import { presentHealth } from "../actions/health.ts";
import { statusOf } from "../actions/status.ts";
import { presentConfig } from "../present_config.ts";
import type { ResourceContext } from "./resource_context.ts";
import { presentSources } from "./sources.ts";
import { presentTarget } from "./target.ts";

/** One reader a resource. */
export const READERS: ResourceReaders<ResourceContext> = {
  "proxy://health": ({ rotator }) => Promise.resolve(presentHealth(rotator)),
  "proxy://config": ({ isPersistent, rotator, settings }) =>
    Promise.resolve(presentConfig(rotator, settings, isPersistent)),
  "proxy://sources": async ({ supply }) => presentSources(await (await supply()).sources()),
  "proxy://metrics": ({ metrics }) => Promise.resolve(metrics.snapshot()),
  "proxy://proxies/{id}": ({ rotator }, id) => {
    const proxy = rotator.getProxy(id);
    return Promise.resolve(proxy === undefined ? undefined : statusOf(proxy, rotator));
  },
  "proxy://targets/{target}": ({ rotator }, target) => Promise.resolve(presentTarget(rotator, target)),
};
