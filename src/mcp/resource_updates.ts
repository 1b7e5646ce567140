/**
 * Tells subscribers that a resource has changed, at most once a second each.
 *
 * The two protocol eras differ in who keeps the list of subscriptions: up to 2025-11-25 the server does, from
 * `resources/subscribe` and `resources/unsubscribe`; since 2026-07-28 the SDK's entry point does, from
 * `subscriptions/listen`, and the server may publish every change.
 *
 * @module
 */
import type { McpService } from "./mcp_service.ts";
import { UpdateThrottle, type UpdateThrottleOptions } from "./update_throttle.ts";

/** URI of the pool's health. */
export const HEALTH_URI = "proxy://health";
/** URI of the configuration. */
export const CONFIG_URI = "proxy://config";

/** With more throttles than this, those that have nothing to hold back are dropped. */
const MANY = 1024;

/**
 * Reports every change of a resource, each throttled by itself, until ended.
 *
 * @param service Whose resources.
 * @param notify Is called with the URI of the resource that changed.
 * @returns A function that ends it; notifications still due are dropped.
 */
export function watchResources(
  service: McpService,
  notify: (uri: string) => void,
  options: UpdateThrottleOptions = {},
): () => void {
  const throttles = new Map<string, UpdateThrottle>();
  let prune = MANY;
  const end = service.onResourceChange((uri) => {
    let throttle = throttles.get(uri);
    if (throttle === undefined) {
      if (throttles.size >= prune) prune = Math.max(MANY, 2 * dropIdle(throttles));
      throttle = new UpdateThrottle(() => notify(uri), options);
      throttles.set(uri, throttle);
    }
    throttle.changed();
  });
  return () => {
    end();
    for (const throttle of throttles.values()) throttle.close();
    throttles.clear();
  };
}

/** Drops the throttles that hold nothing back; returns how many are left. */
function dropIdle(throttles: Map<string, UpdateThrottle>): number {
  for (const [uri, throttle] of throttles) if (throttle.isIdle) throttles.delete(uri);
  return throttles.size;
}

/** The subscriptions of one connection of the 2025 era; listens to the service only while there are any. */
export class ResourceSubscriptions {
  readonly #watch: (notify: (uri: string) => void) => () => void;
  readonly #notify: (uri: string) => void;
  readonly #uris = new Set<string>();
  #end: (() => void) | undefined;

  /**
   * @param watch Starts listening; see {@linkcode watchResources}.
   * @param notify Sends the notification.
   */
  constructor(watch: (notify: (uri: string) => void) => () => void, notify: (uri: string) => void) {
    this.#watch = watch;
    this.#notify = notify;
  }

  /** How many there are. */
  get size(): number {
    return this.#uris.size;
  }

  /** Subscribes to a resource; once is enough. */
  add(uri: string): void {
    this.#uris.add(uri);
    this.#end ??= this.#watch((changed) => {
      if (this.#uris.has(changed)) this.#notify(changed);
    });
  }

  /** Ends a subscription. */
  remove(uri: string): void {
    if (this.#uris.delete(uri) && this.#uris.size === 0) this.close();
  }

  /** Ends all. */
  close(): void {
    this.#uris.clear();
    this.#end?.();
    this.#end = undefined;
  }
}
