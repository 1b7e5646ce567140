/**
 * The network: connections to sites through proxies of every kind, HTTP over them, failover, and verdicts.
 *
 * @example A pool that fetches
 * ```ts ignore
 * import { ProxyWhirl } from "./src/net/mod.ts";
 *
 * const proxies = new ProxyWhirl({ strategy: "adaptive" });
 * proxies.addProxy("socks5h://user:secret@203.0.113.7:1080", { region: "US" });
 *
 * const response = await proxies.fetch("https://shop.example/item/1", { region: "US", session: "cart-42" });
 * console.log(response.status, response.verdict, response.proxy, response.attempts);
 * proxies.close();
 * ```
 *
 * @module
 */

export { decodeText, isHtml, isTextual } from "./charset.ts";
export { type CheckOptions, ProxyClient } from "./client.ts";
export {
  clientOptionsFrom,
  type ProxyClientOptions,
  type ProxyInit,
  type ProxyRequestInit,
} from "./client_options.ts";
export { dial, dialDirect, type DialOptions, type DialTarget, type DialTimeouts } from "./dial.ts";
export { type ProxyEndpoint, usesAbsoluteForm } from "./dial.ts";
export { type NetCode, NetError, type NetErrorPlace, type NetPhase, type NetSide } from "./errors.ts";
export { type PageFormat, type ReducedPage, reduceHtml } from "./html_text.ts";
export type { HeaderFields } from "./http_exchange.ts";
export {
  requestThrough,
  type RequestThroughOptions,
  type RequestThroughResult,
  type RequestTimings,
} from "./http_request.ts";
export { isPrivateAddress, isPrivateHost } from "./ip_address.ts";
export type { AttemptTimeouts } from "./net_context.ts";
export type {
  AttemptFacts,
  AttemptObserver,
  DialEnd,
  NetObserver,
  RequestEnd,
  RequestFacts,
  RequestObserver,
} from "./net_observer.ts";
export { type Attempt, ProxiedResponse, type ProxiedResponseInfo } from "./proxied_response.ts";
export { ProxyWhirl } from "./proxywhirl.ts";
export { readVerdictRules, VerdictRuleError } from "./read_verdict_rules.ts";
export { RequestFailedError } from "./request_failed.ts";
export { DEFAULT_RETRY, type RetryOptions } from "./retry_policy.ts";
export { type ReadableBody, readBody, type ReadBodyOptions } from "./read_body.ts";
export { checkTarget, type TargetGuardOptions, TargetRefusedError } from "./target_guard.ts";
export { TlsLayer, type TlsOptions } from "./tls_layer.ts";
export { type Judged, type JudgedAnswer, VerdictClassifier } from "./verdict.ts";
export { type TextPattern, VERDICT_RULES, type VerdictRule } from "./verdict_rules.ts";
