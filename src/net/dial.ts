/**
 * Opens a connection to a site through a proxy, whatever the proxy speaks.
 *
 * There is no way around the proxy: nothing here reads `HTTP_PROXY` or `NO_PROXY`, and no built-in client that
 * does is used. (Deno's and Bun's own clients go direct under `NO_PROXY`; Bun's `undici` ignores its proxy.)
 *
 * | proxy | names of sites are looked up |
 * |---|---|
 * | `http`, `https` | by the proxy |
 * | `socks4`, `socks5` | here, as in curl; the address goes through the checks of targets |
 * | `socks4a`, `socks5h` | by the proxy |
 *
 * @example
 * ```ts ignore
 * const socket = await dial(parseProxyUrl("socks5h://user:pw@203.0.113.7:1080"), {
 *   host: "example.com",
 *   port: 443,
 *   isTls: true,
 * });
 * ```
 */

import { isIP, type Socket } from "node:net";
import type { ProxyUrl } from "../core/mod.ts";
import { NetError, type NetPhase } from "./errors.ts";
import { openHttpTunnel } from "./http_connect.ts";
import { isPrivateAddress, isPrivateHost, withoutBrackets } from "./ip_address.ts";
import { type PhaseLimits, timeLeft } from "./phase_wait.ts";
import { resolveHost } from "./resolve.ts";
import { openSocks4Tunnel } from "./socks4.ts";
import { openSocks5Tunnel } from "./socks5.ts";
import { privateTarget } from "./target_guard.ts";
import { connectTcp, type TcpOptions } from "./tcp_connect.ts";
import { DEFAULT_TLS, type TlsLayer } from "./tls_layer.ts";

/** What must be known of a proxy to dial through it. A `ProxyUrl` and a `PoolProxy` are such. */
export type ProxyEndpoint = Pick<ProxyUrl, "protocol" | "host" | "port" | "username" | "password">;

/** Where to go. */
export interface DialTarget {
  /** Name, IPv4, or IPv6 with or without brackets, as `URL.hostname` spells them. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** Whether to speak TLS with the site. */
  readonly isTls: boolean;
  /**
   * Whether plain HTTP through an HTTP proxy goes through a tunnel as well. Without it the answer is a
   * connection to the proxy itself, on which requests go out in absolute form. @default {false}
   */
  readonly tunnel?: boolean | undefined;
}

/** Deadline of each phase, ms. */
export interface DialTimeouts {
  /** Looking up the proxy's name and connecting to it. @default {10_000} */
  readonly connectMs: number;
  /** What the proxy says before the tunnel is up. @default {10_000} */
  readonly handshakeMs: number;
  /** TLS, with the proxy and with the site each. @default {10_000} */
  readonly tlsMs: number;
}

/** How to dial. */
export interface DialOptions {
  /** Ends the attempt at any stage. */
  readonly signal?: AbortSignal | undefined;
  /** Deadlines. */
  readonly timeouts?: Partial<DialTimeouts> | undefined;
  /** When everything must be over, on the clock of `performance`. */
  readonly deadline?: number | undefined;
  /** How certificates are checked. @default {everything is checked} */
  readonly tls?: TlsLayer | undefined;
  /**
   * Whether addresses that are looked up here may be private: of sites (`socks4`, `socks5`, and proxies that are
   * themselves on a private address) and of proxies whose name looks public. @default {false}
   */
  readonly allowPrivate?: boolean | undefined;
}

const DEFAULT_TIMEOUTS: DialTimeouts = Object.freeze({
  connectMs: 10_000,
  handshakeMs: 10_000,
  tlsMs: 10_000,
});

/**
 * Connects to a site through a proxy.
 *
 * @returns A connection to the site; or to the proxy, see {@linkcode usesAbsoluteForm}
 * @throws {NetError} saying what failed, in which phase and on whose side; no socket is left open
 * @throws {TargetRefusedError} when a name that is looked up here leads into the private network
 * @throws the reason of the signal when the caller gives up
 */
export async function dial(
  proxy: ProxyEndpoint,
  target: DialTarget,
  options: DialOptions = {},
): Promise<Socket> {
  const { tls = DEFAULT_TLS, allowPrivate = false } = options;
  const { connectMs, handshakeMs, tlsMs } = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const { signal, deadline } = options;
  const limits = (phase: NetPhase, timeoutMs: number): PhaseLimits => ({
    phase,
    side: "proxy",
    timeoutMs,
    deadline,
    signal,
  });
  const tcp = (): TcpOptions => ({
    side: "proxy",
    timeoutMs: timeLeft({ timeoutMs: connectMs, deadline }),
    signal,
    allowPrivate,
  });
  const site = withoutBrackets(target.host);
  const address = await siteAddress(proxy, site, tcp());
  let socket = await connectTcp(proxy.host, proxy.port, tcp());
  if (proxy.protocol === "https") socket = await tls.wrap(socket, proxy.host, limits("proxy_tls", tlsMs));
  if (usesAbsoluteForm(proxy, target)) return socket;
  await openTunnel(socket, proxy, {
    host: address,
    port: target.port,
    limits: limits("proxy_handshake", handshakeMs),
  });
  // Who cuts a connection in TLS with the site cannot be known; the proxy is nearer at hand.
  return target.isTls ? await tls.wrap(socket, site, limits("target_tls", tlsMs)) : socket;
}

/**
 * Connects to a site **without** a proxy, from this machine's own address: for lists and judges, never as a way
 * out when no proxy works.
 *
 * @throws {NetError} saying what failed; no socket is left open
 * @throws {TargetRefusedError} when the name leads into the private network
 */
export async function dialDirect(target: DialTarget, options: DialOptions = {}): Promise<Socket> {
  const { tls = DEFAULT_TLS, allowPrivate = false, signal, deadline } = options;
  const { connectMs, tlsMs } = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const timeoutMs = timeLeft({ timeoutMs: connectMs, deadline });
  const socket = await connectTcp(target.host, target.port, {
    side: "target",
    timeoutMs,
    signal,
    allowPrivate,
  });
  if (!target.isTls) return socket;
  const limits = { phase: "target_tls", side: "target", timeoutMs: tlsMs, deadline, signal } as const;
  return await tls.wrap(socket, target.host, limits);
}

interface Tunnel {
  readonly host: string;
  readonly port: number;
  readonly limits: PhaseLimits;
}

function openTunnel(socket: Socket, proxy: ProxyEndpoint, { host, port, limits }: Tunnel): Promise<void> {
  switch (proxy.protocol) {
    case "http":
    case "https":
      return openHttpTunnel(socket, `${isIP(host) === 6 ? `[${host}]` : host}:${port}`, {
        credentials: proxy,
        limits,
      });
    case "socks4":
    case "socks4a":
      return openSocks4Tunnel(socket, { host, port, username: proxy.username, limits });
    case "socks5":
    case "socks5h":
      return openSocks5Tunnel(socket, { host, port, credentials: proxy, limits });
  }
}

/** Whether requests on the connection name the whole URL: plain HTTP through an HTTP proxy. */
export function usesAbsoluteForm(
  proxy: Pick<ProxyEndpoint, "protocol">,
  target: Pick<DialTarget, "isTls" | "tunnel">,
): boolean {
  return !target.isTls && target.tunnel !== true && (proxy.protocol === "http" || proxy.protocol === "https");
}

/** What the proxy is asked for: the name, or one of its addresses where names are looked up here. */
async function siteAddress(
  proxy: ProxyEndpoint,
  site: string,
  { allowPrivate, timeoutMs, signal }: Omit<TcpOptions, "side">,
): Promise<string> {
  const { protocol } = proxy;
  const isLocal = protocol === "socks4" || protocol === "socks5";
  // A proxy inside our own network sees what we see: it must not be a way around the check.
  const isChecked = !allowPrivate && (isLocal || isPrivateHost(proxy.host));
  if (!isLocal && !isChecked) return ipv4Only(protocol, site);
  const addresses = await resolveHost(site, { side: "target", timeoutMs, signal }).catch((error: unknown) => {
    // Behind a company's proxy, names of the internet may be unknown to all but the proxy.
    if (isLocal || !(error instanceof NetError)) throw error;
    return [];
  });
  if (isChecked && addresses.some(({ address }) => isPrivateAddress(address))) throw privateTarget(site);
  if (!isLocal) return ipv4Only(protocol, site);
  const usable = protocol === "socks4" ? addresses.filter(({ family }) => family === 4) : addresses;
  const [first] = usable;
  if (first === undefined) throw needsIpv4();
  return first.address;
}

function ipv4Only(protocol: string, site: string): string {
  if (protocol === "socks4a" && isIP(site) === 6) throw needsIpv4();
  return site;
}

function needsIpv4(): NetError {
  return new NetError("NAME_NOT_FOUND", "SOCKS 4 reaches IPv4 addresses only, and the site has none", {
    phase: "resolve",
    side: "target",
  });
}
