/**
 * The network as the actions use it: loaded when the first of them needs it, since most of a server's starts
 * never do.
 *
 * @module
 */
import type { Settings } from "../../gen/settings.ts";
import type { ProxyRotator } from "../core/mod.ts";
import type { NetObserver, ProxyClient } from "../net/mod.ts";
import { verdictRulesOf } from "./verdict_rules_setting.ts";

/** What actions need of the network. */
export interface Network {
  /** Requests through the pool. */
  readonly client: ProxyClient;
  /** The module, for its errors and helpers. */
  readonly net: typeof import("../net/mod.ts");
}

/** A network that is set up on first use. */
export interface LazyNetwork {
  /** The network, set up now if it was not. */
  get(): Promise<Network>;
  /** Connections that are open now. */
  readonly openConnections: number;
  /** Ends all connections; does nothing when there never were any. */
  close(): Promise<void>;
}

/** Prepares the network of one pool. */
export function lazyNetwork(
  rotator: ProxyRotator,
  settings: Settings,
  observer?: NetObserver,
): LazyNetwork {
  let network: Promise<Network> | undefined;
  let client: ProxyClient | undefined;
  async function setUp(): Promise<Network> {
    const net = await import("../net/mod.ts");
    const verdictRules = await verdictRulesOf(settings.verdictRules);
    client = new net.ProxyClient(rotator, { ...net.clientOptionsFrom(settings), verdictRules, observer });
    return { net, client };
  }
  return {
    get: () =>
      network ??= setUp().catch((error) => {
        network = undefined; // the next call tells why, too
        throw error;
      }),
    get openConnections() {
      return client?.openConnections ?? 0;
    },
    close: async () => (await network)?.client.close(),
  };
}
