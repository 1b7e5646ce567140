/** A site, some proxies of our own, a rotator that knows them and a client over it. */

import { ProxyRotator, type ProxyRotatorOptions } from "../../src/core/mod.ts";
import { ProxyClient } from "../../src/net/client.ts";
import type { ProxyClientOptions } from "../../src/net/client_options.ts";
import { FaultyProxy, type FaultyProxyOptions } from "./faulty_proxy.ts";
import { Site } from "./site.ts";

/** How the proxies are set up. */
export interface PoolOfProxiesOptions {
  /** One proxy each. @default [{}] */
  readonly proxies?: readonly (FaultyProxyOptions & { readonly protocol?: string })[];
  /** Options of the rotator. */
  readonly rotator?: ProxyRotatorOptions;
  /** Options of the client. */
  readonly client?: ProxyClientOptions;
}

/**
 * Everything that a test of the client needs.
 *
 * ```ts ignore
 * await using pool = await PoolOfProxies.start({ proxies: [{ fault: "hang" }, {}] });
 * await pool.client.fetch(`${pool.site.http}/ok`);
 * ```
 */
export class PoolOfProxies {
  /** The site. */
  readonly site: Site;
  /** The proxies, in order. */
  readonly proxies: readonly FaultyProxy[];
  /** Ids of the proxies, in order. */
  readonly ids: readonly string[];
  /** The rotator. */
  readonly rotator: ProxyRotator;
  /** The client. */
  readonly client: ProxyClient;

  private constructor(site: Site, proxies: readonly FaultyProxy[], options: PoolOfProxiesOptions) {
    this.site = site;
    this.proxies = proxies;
    this.rotator = new ProxyRotator(options.rotator);
    this.ids = proxies.map((proxy, i) => {
      const { isTls, protocol = isTls ? "https" : "http" } = options.proxies?.[i] ?? {};
      return this.rotator.addProxy(proxy.url(protocol)).id;
    });
    this.client = new ProxyClient(this.rotator, {
      allowPrivateTargets: true,
      ca: site.ca,
      ...options.client,
    });
  }

  /** Starts everything. */
  static async start(options: PoolOfProxiesOptions = {}): Promise<PoolOfProxies> {
    const site = await Site.start();
    const proxies = await Promise.all((options.proxies ?? [{}]).map((one) => FaultyProxy.start(one)));
    return new PoolOfProxies(site, proxies, options);
  }

  /** Resolves when no connection is open any more, after the client let go of all. */
  async noSockets(): Promise<void> {
    this.client.close();
    await Promise.all([this.site.sockets.none(), ...this.proxies.map(({ sockets }) => sockets.none())]);
  }

  /** Stops everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await Promise.all(this.proxies.map((proxy) => proxy[Symbol.asyncDispose]()));
    await this.site[Symbol.asyncDispose]();
  }
}
