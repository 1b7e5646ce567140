/** The supply of a pool, loaded when something first needs it: most of a server's starts never do. */
import type { Settings } from "../../../gen/settings.ts";
import type { ProxyRotator } from "../../core/mod.ts";
import type { PoolEditor } from "../handler_context.ts";
import type { Logger } from "../logger.ts";
import type { ServiceMetrics } from "../metrics.ts";
import type { Notes } from "./notes.ts";
import type { Supply } from "./supply.ts";

/** What a supply works with. */
export interface SupplyOptions {
  /** The pool and its choices. */
  readonly rotator: ProxyRotator;
  /** Adds proxies, on disk too. */
  readonly pool: PoolEditor;
  /** Settings of the program. */
  readonly settings: Settings;
  /** Where sources are remembered. */
  readonly notes: Notes;
  /** Hears what goes wrong on the side. */
  readonly logger: Logger;
  /** Counts trials, and shows how lists are. */
  readonly metrics?: ServiceMetrics;
}

/** Prepares the supply of one pool. */
export function lazySupply(options: SupplyOptions): () => Promise<Supply> {
  let supply: Promise<Supply> | undefined;
  async function load(): Promise<Supply> {
    const { Supply } = await import("./supply.ts");
    return new Supply(options);
  }
  return () => supply ??= load();
}
