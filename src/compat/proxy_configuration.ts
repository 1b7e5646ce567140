/** Settings of a rotator under the names of the Python library, in camelCase. */
import { DEFAULT_SETTINGS, type Settings } from "../../gen/settings.ts";

/** Options of {@linkcode ProxyConfiguration}; what is absent keeps its default. */
export interface ProxyConfigurationOptions {
  /** Time limit of a request, seconds. @default {30} */
  readonly timeout?: number;
  /** Check the certificates of sites. @default {true} */
  readonly verifySsl?: boolean;
  /** Follow redirects. @default {true} */
  readonly followRedirects?: boolean;
  /** Connections per proxy and site. @default {10} */
  readonly poolConnections?: number;
  /** Idle connections kept per proxy and site. @default {5} */
  readonly poolMaxKeepalive?: number;
}

/**
 * Settings of a rotator.
 *
 * @example
 * ```ts
 * import { ProxyConfiguration } from "@proxywhirl/mcp";
 *
 * const config = new ProxyConfiguration({ timeout: 60, poolConnections: 50 });
 * ```
 */
export class ProxyConfiguration {
  /** Time limit of a request, seconds. */
  readonly timeout: number;
  /** Check the certificates of sites. */
  readonly verifySsl: boolean;
  /** Follow redirects. */
  readonly followRedirects: boolean;
  /** Connections per proxy and site. */
  readonly poolConnections: number;
  /** Idle connections kept per proxy and site. */
  readonly poolMaxKeepalive: number;

  /**
   * Checks the settings and fills in the defaults.
   *
   * @param options What differs from the defaults.
   * @throws {RangeError} A number is out of its range.
   */
  constructor(options: ProxyConfigurationOptions = {}) {
    this.timeout = inRange("timeout", options.timeout ?? DEFAULT_SETTINGS.timeoutS, 0.1, 600);
    this.verifySsl = options.verifySsl ?? DEFAULT_SETTINGS.verifySsl;
    this.followRedirects = options.followRedirects ?? DEFAULT_SETTINGS.followRedirects;
    this.poolConnections = inRange(
      "poolConnections",
      options.poolConnections ?? DEFAULT_SETTINGS.poolConnections,
      1,
      10_000,
    );
    this.poolMaxKeepalive = inRange(
      "poolMaxKeepalive",
      options.poolMaxKeepalive ?? DEFAULT_SETTINGS.poolMaxKeepalive,
      0,
      10_000,
    );
  }

  /** These settings in the place of others. */
  applyTo(settings: Settings): Settings {
    return {
      ...settings,
      timeoutS: this.timeout,
      verifySsl: this.verifySsl,
      followRedirects: this.followRedirects,
      poolConnections: this.poolConnections,
      poolMaxKeepalive: this.poolMaxKeepalive,
    };
  }
}

function inRange(name: string, value: number, minimum: number, maximum: number): number {
  if (value >= minimum && value <= maximum) return value;
  throw new RangeError(`Cannot set ${name} to ${value}: it must be from ${minimum} to ${maximum}`);
}
