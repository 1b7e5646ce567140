/** What the handlers of the actions work with. */
import {
  type Criteria,
  type PoolProxy,
  type ProxyMetadata,
  type ProxyRotator,
  targetOf,
} from "../core/mod.ts";
import type { CriteriaInput } from "../../gen/models.ts";
import type { ActionEffect } from "../contract/spec.ts";
import type { Settings } from "../../gen/settings.ts";
import { ActionError } from "./action_error.ts";
import type { Network } from "./network.ts";
import { excerpt } from "./boundary.ts";
import type { Supply } from "./supply/supply.ts";
import type { TraceContext } from "./telemetry_spans.ts";

/** Where a call comes from. */
export type CallOrigin = "local" | "http";

/** How far a long action has come. */
export interface CallProgress {
  /** Units done so far; never falls. */
  readonly progress: number;
  /** Units in all, when known. */
  readonly total?: number;
  /** One line for a person. */
  readonly message?: string;
}

/** What the service learns about a call besides its input. */
export interface CallContext {
  /** Effects that the caller may have; all when absent. */
  readonly effects?: readonly ActionEffect[];
  /** Whether the transport has already checked the key; otherwise `api_key` in the input counts. */
  readonly authorized?: boolean;
  /** A process on this machine, or the network. */
  readonly origin?: CallOrigin;
  /** Aborted when the caller goes away. */
  readonly signal?: AbortSignal;
  /** Present when the caller wants to hear of progress. */
  readonly progress?: (progress: CallProgress) => void;
  /** The trace that the call belongs to. */
  readonly trace?: TraceContext;
}

/** A proxy to be added. */
export interface PoolAddition extends ProxyMetadata {
  /** Canonical URL. */
  readonly url: string;
}

/** What became of a {@linkcode PoolAddition}. */
export interface PoolAdditionResult {
  /** UUID of the proxy. */
  readonly id: string;
  /** False when the pool had it already. */
  readonly isNew: boolean;
  /** The proxy. */
  readonly proxy: PoolProxy;
}

/** Changes the pool, in memory or also on disk. `PoolSync` of the store has this shape. */
export interface PoolEditor {
  /** Adds proxies; known ones have their metadata updated. */
  add(proxies: readonly PoolAddition[]): Promise<readonly PoolAdditionResult[]>;
  /** Removes a proxy; false when there was none. */
  remove(id: string): Promise<boolean>;
}

/** What every handler gets besides its input. */
export interface HandlerContext {
  /** The pool and its choices. */
  readonly rotator: ProxyRotator;
  /** Adds and removes. */
  readonly pool: PoolEditor;
  /** Settings of the program. */
  readonly settings: Settings;
  /** Requests through the pool. */
  readonly network: () => Promise<Network>;
  /** Lists of proxies, and trials. */
  readonly supply: () => Promise<Supply>;
  /** The call. */
  readonly call: CallContext;
}

/** Changes a pool that lives in memory only. */
export function memoryPool(rotator: ProxyRotator): PoolEditor {
  return {
    add: (proxies) => Promise.resolve(proxies.map(({ url, ...metadata }) => rotator.addProxy(url, metadata))),
    remove: (id) => Promise.resolve(rotator.removeProxy(id)),
  };
}

/**
 * The criteria of a call for the core: the keys of the wire are those of the core.
 *
 * @throws {ActionError} 400: the target is neither a URL nor a host.
 */
export function toCriteria(input: CriteriaInput | undefined): Criteria {
  if (input?.target !== undefined) checkTarget(input.target);
  return input ?? {};
}

/**
 * Makes sure that a target can be told from others.
 *
 * @throws {ActionError} 400: it is neither a URL nor a host.
 */
export function checkTarget(target: string): void {
  try {
    targetOf(target);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ActionError(400, `Invalid target: ${excerpt(target)}`, {
      cause,
      nextStep: "Give the site as a URL or a host, for example https://shop.example/ or shop.example.",
    });
  }
}
