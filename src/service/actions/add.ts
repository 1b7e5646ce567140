/** `add`: puts proxies into the pool. A bad entry among many stops nothing. */
import type { AddInput, AddOutput } from "../../../gen/models.ts";
import { InvalidProxyUrlError, parseProxyUrl, type ProxyUrl } from "../../core/mod.ts";
import { ActionError } from "../action_error.ts";
import type { HandlerContext, PoolAddition } from "../handler_context.ts";
import { presentProxy } from "../presenters.ts";

const MAX_REJECTED_SHOWN = 100;

/** An entry that was not taken. */
interface Rejection {
  readonly input: string;
  readonly reason: string;
}

/** Adds one proxy (a bad one is an error) or many (bad ones are listed). */
export async function add(input: AddInput, context: HandlerContext): Promise<AddOutput> {
  const single = input.proxy_url;
  const urls = single === undefined ? input.proxy_urls ?? [] : [single];
  // Loaded when first needed: the ranges of addresses take longer to set up than the server has to start.
  const { isPrivateHost } = await import("../../net/ip_address.ts");
  const isRefused = (host: string) => !context.settings.allowPrivateTargets && isPrivateHost(host);
  const { additions, duplicates, rejected } = sort(urls, input, isRefused);
  const refused = rejected[0];
  if (single !== undefined && refused !== undefined) {
    throw new ActionError(400, `Invalid proxy URL: ${refused.reason}`, {
      nextStep: "Give the proxy as host:port, or as a URL such as socks5://user:password@host:1080.",
    });
  }
  const results = await context.pool.add(additions);
  const added = results.filter((result) => result.isNew).length;
  const proxy = single === undefined ? undefined : results[0]?.proxy;
  return {
    success: rejected.length === 0,
    added,
    duplicates: duplicates + results.length - added,
    rejected: rejected.slice(0, MAX_REJECTED_SHOWN),
    ...(proxy === undefined ? {} : { proxy: presentProxy(proxy) }),
    pool_size: context.rotator.size,
    message: `Added ${added} of ${urls.length}, ${rejected.length} rejected`,
  };
}

function sort(urls: readonly string[], input: AddInput, isRefused: (host: string) => boolean): {
  readonly additions: readonly PoolAddition[];
  readonly duplicates: number;
  readonly rejected: readonly Rejection[];
} {
  const additions = new Map<string, PoolAddition>();
  const rejected: Rejection[] = [];
  let duplicates = 0;
  for (const text of urls) {
    const result = read(text, isRefused);
    if ("reason" in result) rejected.push(result);
    else if (additions.has(result.href)) duplicates++;
    else {
      additions.set(result.href, {
        url: result.href,
        ...(input.region === undefined ? {} : { region: input.region }),
        ...(input.tags === undefined ? {} : { tags: input.tags }),
      });
    }
  }
  return { additions: [...additions.values()], duplicates, rejected };
}

function read(text: string, isRefused: (host: string) => boolean): ProxyUrl | Rejection {
  try {
    const url = parseProxyUrl(text);
    if (!isRefused(url.host)) return url;
    const input = `${url.protocol}://${url.host}:${url.port}`;
    return {
      input,
      reason: `${url.host} is a private address; start the server with --allow-private-targets`,
    };
  } catch (error) {
    if (!(error instanceof InvalidProxyUrlError)) throw error;
    return { input: /^Cannot read proxy "(.*)": /.exec(error.message)?.[1] ?? "", reason: error.reason };
  }
}
