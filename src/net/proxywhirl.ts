/** The rotator and the client in one: a pool that fetches. */

import { ProxyRotator, type ProxyRotatorOptions } from "../core/mod.ts";
import { ProxyClient } from "./client.ts";
import type { ProxyClientOptions, ProxyRequestInit } from "./client_options.ts";
import type { ProxiedResponse } from "./proxied_response.ts";

/**
 * A pool of proxies that fetches.
 *
 * @example
 * ```ts ignore
 * const proxies = new ProxyWhirl({ strategy: "adaptive" });
 * proxies.addProxy("http://user:secret@203.0.113.7:8080");
 * const response = await proxies.fetch("https://shop.example/");
 * proxies.close();
 * ```
 */
export class ProxyWhirl extends ProxyRotator {
  readonly #client: ProxyClient;

  /**
   * Makes an empty pool.
   *
   * @param options Options of the rotator, and under `client` those of the client
   */
  constructor(options: ProxyRotatorOptions & { readonly client?: ProxyClientOptions } = {}) {
    super(options);
    this.#client = new ProxyClient(this, options.client);
  }

  /** Requests a URL through the pool; see {@linkcode ProxyClient.fetch}. */
  fetch(input: string | URL | Request, init?: ProxyRequestInit): Promise<ProxiedResponse> {
    return this.#client.fetch(input, init);
  }

  /** Ends all connections. */
  close(): void {
    this.#client.close();
  }
}
