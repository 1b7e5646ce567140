/** What the readers of resources work with. */
import type { Settings } from "../../../gen/settings.ts";
import type { ProxyRotator } from "../../core/mod.ts";
import type { ServiceMetrics } from "../metrics.ts";
import type { Supply } from "../supply/supply.ts";

/** What every reader gets. */
export interface ResourceContext {
  /** The pool and its choices. */
  readonly rotator: ProxyRotator;
  /** Settings of the program. */
  readonly settings: Settings;
  /** Whether the pool is kept on disk. */
  readonly isPersistent: boolean;
  /** Figures. */
  readonly metrics: ServiceMetrics;
  /** Lists of proxies. */
  readonly supply: () => Promise<Supply>;
}
