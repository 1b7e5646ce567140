/** The rotator under its name in the Python library. */
import { ProxyRotator, type ProxyRotatorOptions } from "../core/mod.ts";
import { ProxyConfiguration } from "./proxy_configuration.ts";

/** Options of {@linkcode AsyncProxyRotator}. */
export interface AsyncProxyRotatorOptions extends Omit<ProxyRotatorOptions, "config"> {
  /** Settings of requests. */
  readonly config?: ProxyConfiguration;
}

/**
 * A {@linkcode ProxyRotator} that also carries the settings of requests. Its methods do not wait for anything;
 * `await` in front of them, as in Python, does no harm.
 *
 * @example
 * ```ts
 * import { AsyncProxyRotator, ProxyConfiguration } from "@proxywhirl/mcp";
 *
 * const rotator = new AsyncProxyRotator({
 *   strategy: "least-used",
 *   config: new ProxyConfiguration({ timeout: 60 }),
 * });
 * await rotator.addProxy("http://proxy1.example.com:8080");
 * ```
 */
export class AsyncProxyRotator extends ProxyRotator {
  /** Settings of requests. */
  readonly configuration: ProxyConfiguration;

  /**
   * Makes an empty pool.
   *
   * @param options Strategy, settings, clock and the like
   */
  constructor(options: AsyncProxyRotatorOptions = {}) {
    const { config, ...rest } = options;
    super(rest);
    this.configuration = config ?? new ProxyConfiguration();
  }
}
