/**
 * The network: connections to sites through proxies of every kind, and HTTP over them.
 *
 * @example One request through one proxy
 * ```ts ignore
 * import { parseProxyUrl } from "@proxywhirl/mcp/core";
 * import { requestThrough } from "./src/net/mod.ts";
 *
 * const proxy = parseProxyUrl("socks5h://user:secret@203.0.113.7:1080");
 * const { status, body } = await requestThrough(proxy, "https://judge.example/ip", { timeoutMs: 5_000 });
 * ```
 *
 * @module
 */

export { dial, dialDirect, type DialOptions, type DialTarget, type DialTimeouts } from "./dial.ts";
export { type ProxyEndpoint, usesAbsoluteForm } from "./dial.ts";
export { type NetCode, NetError, type NetErrorPlace, type NetPhase, type NetSide } from "./errors.ts";
export type { HeaderFields } from "./http_exchange.ts";
export {
  requestThrough,
  type RequestThroughOptions,
  type RequestThroughResult,
  type RequestTimings,
} from "./http_request.ts";
export { isPrivateAddress, isPrivateHost } from "./ip_address.ts";
export { checkTarget, type TargetGuardOptions, TargetRefusedError } from "./target_guard.ts";
export { TlsLayer, type TlsOptions } from "./tls_layer.ts";
