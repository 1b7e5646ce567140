/** What finding and trying proxies works with. */
import type { ProxyRotator } from "../../core/mod.ts";
import type { Settings } from "../../../gen/settings.ts";
import {
  DEFAULT_JUDGES,
  type SourceCache,
  type SourceMemory,
  type TlsLayer,
  type ValidateOptions,
} from "../../sources/mod.ts";
import type { PoolEditor } from "../handler_context.ts";
import { textsSetting } from "../list_setting.ts";
import type { Logger } from "../logger.ts";
import type { RegionFinder } from "./region_finder.ts";

/** The pool and what surrounds it. */
export interface SupplyContext {
  /** The pool and its choices. */
  readonly rotator: ProxyRotator;
  /** Adds proxies and what becomes known of them, on disk too. */
  readonly pool: PoolEditor;
  /** Settings of the program. */
  readonly settings: Settings;
  /** What is remembered of sources. */
  readonly memory: SourceMemory;
  /** Lists as they were last read. */
  readonly cache: SourceCache;
  /** Where proxies are. */
  readonly regions: RegionFinder;
  /** How certificates are checked. */
  readonly tls: TlsLayer;
  /** Hears what goes wrong on the side. */
  readonly logger: Logger;
}

/** Why work stopped before its end. */
export type StopCause = "time" | "cancelled" | "judges";

/** How proxies are tried. */
export function trialTerms({ settings, tls }: SupplyContext, timeoutS?: number): ValidateOptions & {
  readonly judges: readonly string[];
} {
  const { concurrency, judges } = settings.validation;
  const own = textsSetting(judges, "validation.judges");
  return {
    judges: own.length > 0 ? own : DEFAULT_JUDGES,
    // Who names a judge may name one of the own network; no model can.
    allowPrivate: own.length > 0 || settings.allowPrivateTargets,
    concurrency,
    timeoutMs: (timeoutS ?? settings.validation.timeoutS) * 1000,
    tls,
  };
}
