/**
 * The rotator: a pool of proxies that learns which of them works for which site. No I/O, no dependency.
 *
 * @example Choose, use, report
 * ```ts
 * import { ProxyRotator } from "@proxywhirl/mcp/core";
 * import assert from "node:assert/strict";
 *
 * const rotator = new ProxyRotator({ strategy: "round-robin" });
 * rotator.addProxy("http://user:secret@203.0.113.7:8080", { region: "US" });
 *
 * using lease = rotator.acquire({ target: "https://shop.example/", region: "US" });
 * lease.report({ verdict: "ok", latencyMs: 120 });
 *
 * assert.equal(lease.proxy.publicUrl, "http://203.0.113.7:8080");
 * assert.equal(rotator.poolStatus().status, "healthy");
 * ```
 *
 * @module
 */

export type { CircuitBreakerOptions } from "./circuit_breaker.ts";
export type { EligibleProxies } from "./eligible_set.ts";
export {
  InvalidProxyUrlError,
  NoProxyAvailableError,
  ProxyNotFoundError,
  ProxyWhirlError,
  type RejectionCounts,
  UnknownStrategyError,
} from "./errors.ts";
export type {
  ChoiceTerms,
  ExplainedChoice,
  ExplainedProxy,
  ExplainedSession,
  ExplainQuery,
  Explanation,
} from "./explain.ts";
export type { RejectionReason } from "./judgement.ts";
export { type Lease, type Outcome, VERDICTS } from "./lease.ts";
export type { CoolingSnapshot, LearnedState, PairSnapshot, SessionSnapshot } from "./learned.ts";
export type { PoolObserver } from "./observers.ts";
export { type Pace, type PacingOptions, parsePace } from "./pacing.ts";
export type { PoolStatus } from "./pool_status.ts";
export type { PoolProxy } from "./proxy_entry.ts";
export {
  parseProxyList,
  type ParseProxyListOptions,
  type ProxyListResult,
  type RejectedLine,
} from "./proxy_list.ts";
export { parseProxyUrl, type ParseProxyUrlOptions, PROTOCOLS, type ProxyUrl } from "./proxy_url.ts";
export type { Alternative, Recommendation } from "./recommend.ts";
export { redactProxyInput, redactText, redactUrl } from "./redact.ts";
export { type AddedProxy, ProxyRotator } from "./rotator.ts";
export {
  type AcquireOptions,
  DEFAULT_CIRCUIT_BREAKER,
  type ProxyRotatorOptions,
  type SetTimer,
  type WaitOptions,
} from "./rotator_options.ts";
export type { SessionOptions } from "./sessions.ts";
export type { StrategyOptions } from "./strategies/options.ts";
export {
  type NamedStrategy,
  plainStrategyName,
  registerStrategy,
  STRATEGY_NAMES,
  STRATEGY_OPTIONS,
  type StrategyFactory,
  type StrategySpec,
} from "./strategies/registry.ts";
export type { Evidence, SelectionRequest, Selector, Strategy } from "./strategies/strategy.ts";
export { type TargetOf, targetOf } from "./target.ts";
export type { TargetOverview, TargetRecord } from "./target_record.ts";
export type { TargetTableOptions } from "./target_table.ts";
export type * from "./types.ts";
