// Generated from schema/ by `deno task gen`. Do not edit.

/**
 * Strict validators of every action's input. They use no schema library at run time.
 *
 * @module
 */
import type {
  ActionInput,
  AddInput,
  CheckTargetInput,
  CriteriaInput,
  ExplainInput,
  FetchInput,
  HealthInput,
  HealthStatusName,
  ListInput,
  MethodName,
  OutcomeName,
  PerformanceTierName,
  ProtocolName,
  RecommendInput,
  RemoveInput,
  ReportInput,
  RequestInput,
  ResetCbInput,
  RotateInput,
  SetStrategyInput,
  StatusInput,
  StrategyOptionsInput,
  ValidateInput,
} from "./models.ts";
import {
  boolean,
  choice,
  input,
  list,
  number,
  object,
  parseByAction,
  parseInput,
  record,
  text,
  type InputReader,
  type ParseResult,
  type Reader,
} from "../src/contract/validate.ts";

export type { ParseResult } from "../src/contract/validate.ts";

const readApiKey: Reader<string> = text({ minLength: 1, maxLength: 512, secret: true });
const readCriteriaRegion: Reader<string> = text({ expected: "a two-letter country code such as US", pattern: /^[A-Za-z]{2}$/ });
const readCriteriaPerformance: Reader<PerformanceTierName> = choice<PerformanceTierName>(["high", "medium", "low"], { message: "Invalid performance level. Must be one of: high, medium, low" });
const readCriteriaProtocol: Reader<ProtocolName> = choice<ProtocolName>(["http", "https", "socks4", "socks4a", "socks5", "socks5h"]);
const readCriteriaTag: Reader<string> = text({ minLength: 1, maxLength: 64 });
const readCriteriaTarget: Reader<string> = text({ minLength: 1, maxLength: 2048 });
const readCriteria: Reader<CriteriaInput> = object<CriteriaInput>({
  region: readCriteriaRegion,
  performance: readCriteriaPerformance,
  protocol: readCriteriaProtocol,
  tag: readCriteriaTag,
  target: readCriteriaTarget,
});
const readStatus: Reader<HealthStatusName> = choice<HealthStatusName>(["healthy", "degraded", "unhealthy", "dead", "unknown"]);
const readLimit: Reader<number> = number({ integer: true, minimum: 1, maximum: 1000 });
const readCursor: Reader<string> = text({ minLength: 1, maxLength: 256 });
const readSession: Reader<string> = text({ minLength: 1, maxLength: 256 });
const readRenew: Reader<boolean> = boolean();
const readProxyId: Reader<string> = text({ message: "Invalid proxy_id format: {value}", pattern: /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/ });
const readResetCbProxyId: Reader<string> = text({ minLength: 1, maxLength: 256 });
const readProxyUrl: Reader<string> = text({ minLength: 1, maxLength: 2048, secret: true });
const readProxyUrlsItem: Reader<string> = text({ maxLength: 2048, secret: true });
const readProxyUrls: Reader<readonly string[]> = list(readProxyUrlsItem, { maxItems: 10000 });
const readRegion: Reader<string> = text({ expected: "a two-letter country code such as US", pattern: /^[A-Za-z]{2}$/ });
const readTagsItem: Reader<string> = text({ minLength: 1, maxLength: 64 });
const readTags: Reader<readonly string[]> = list(readTagsItem, { maxItems: 32 });
const readSourcesItem: Reader<string> = text({ minLength: 1, maxLength: 2048 });
const readSources: Reader<readonly string[]> = list(readSourcesItem, { maxItems: 64 });
const readMaxProxies: Reader<number> = number({ integer: true, minimum: 1, maximum: 100000 });
const readValidate: Reader<boolean> = boolean();
const readTimeoutS: Reader<number> = number({ minimum: 0.1, maximum: 300 });
const readStrategy: Reader<string> = text({ expected: "the name of a strategy such as round-robin" });
const readOptionsRegionsItem: Reader<string> = text({ expected: "a two-letter country code such as US", pattern: /^[A-Za-z]{2}$/ });
const readOptionsRegions: Reader<readonly string[]> = list(readOptionsRegionsItem, { maxItems: 50 });
const readOptionsFallback: Reader<boolean> = boolean();
const readOptionsMinSuccessRate: Reader<number> = number({ minimum: 0, maximum: 1 });
const readOptionsMaxCost: Reader<number> = number({ minimum: 0 });
const readOptionsExplorationRate: Reader<number> = number({ minimum: 0, maximum: 1 });
const readOptionsExplorationCount: Reader<number> = number({ integer: true, minimum: 0, maximum: 1000 });
const readOptionsChooser: Reader<string> = text({ expected: "the name of a strategy such as round-robin" });
const readOptionsStrategiesItem: Reader<string> = text({ expected: "the name of a strategy such as round-robin" });
const readOptionsStrategies: Reader<readonly string[]> = list(readOptionsStrategiesItem, { maxItems: 10 });
const readOptions: Reader<StrategyOptionsInput> = object<StrategyOptionsInput>({
  regions: readOptionsRegions,
  fallback: readOptionsFallback,
  min_success_rate: readOptionsMinSuccessRate,
  max_cost: readOptionsMaxCost,
  exploration_rate: readOptionsExplorationRate,
  exploration_count: readOptionsExplorationCount,
  chooser: readOptionsChooser,
  strategies: readOptionsStrategies,
});
const readUrl: Reader<string> = text({ maxLength: 2048, expected: "a URL that starts with http:// or https://", pattern: /^[Hh][Tt][Tt][Pp][Ss]?:\/\/\S+$/ });
const readMethod: Reader<MethodName> = choice<MethodName>(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const readHeadersValue: Reader<string> = text({ maxLength: 8192, secret: true });
const readHeaders: Reader<Readonly<Record<string, string>>> = record(readHeadersValue, { maxProperties: 64, maxKeyLength: 256 });
const readBody: Reader<string> = text({ maxLength: 1048576, secret: true });
const readMaxBytes: Reader<number> = number({ integer: true, minimum: 1, maximum: 1048576 });
const readFormat: Reader<"raw" | "text" | "markdown"> = choice<"raw" | "text" | "markdown">(["raw", "text", "markdown"]);
const readLeaseId: Reader<string> = text({ minLength: 1, maxLength: 128 });
const readTarget: Reader<string> = text({ minLength: 1, maxLength: 2048 });
const readOutcome: Reader<OutcomeName> = choice<OutcomeName>(["ok", "blocked", "dead"]);
const readLatencyMs: Reader<number> = number({ minimum: 0, maximum: 3600000 });
const readStatusCode: Reader<number> = number({ integer: true, minimum: 100, maximum: 599 });
const readSample: Reader<number> = number({ integer: true, minimum: 1, maximum: 50 });

const listInput: InputReader<ListInput> = input<ListInput>("list", {
  criteria: readCriteria,
  status: readStatus,
  limit: readLimit,
  cursor: readCursor,
  api_key: readApiKey,
});

const rotateInput: InputReader<RotateInput> = input<RotateInput>("rotate", {
  criteria: readCriteria,
  session: readSession,
  renew: readRenew,
  api_key: readApiKey,
});

const statusInput: InputReader<StatusInput> = input<StatusInput>("status", {
  proxy_id: readProxyId,
  api_key: readApiKey,
}, ["proxy_id"]);

const recommendInput: InputReader<RecommendInput> = input<RecommendInput>("recommend", {
  criteria: readCriteria,
  api_key: readApiKey,
});

const healthInput: InputReader<HealthInput> = input<HealthInput>("health", {
  api_key: readApiKey,
});

const resetCbInput: InputReader<ResetCbInput> = input<ResetCbInput>("reset_cb", {
  proxy_id: readResetCbProxyId,
  api_key: readApiKey,
}, ["proxy_id"]);

const addInput: InputReader<AddInput> = input<AddInput>("add", {
  proxy_url: readProxyUrl,
  proxy_urls: readProxyUrls,
  region: readRegion,
  tags: readTags,
  api_key: readApiKey,
}, [], [{ anyOf: [["proxy_url"], ["proxy_urls"]] }, { atMostOne: ["proxy_url", "proxy_urls"] }]);

const removeInput: InputReader<RemoveInput> = input<RemoveInput>("remove", {
  proxy_id: readProxyId,
  api_key: readApiKey,
}, ["proxy_id"]);

const fetchInput: InputReader<FetchInput> = input<FetchInput>("fetch", {
  sources: readSources,
  max_proxies: readMaxProxies,
  validate: readValidate,
  api_key: readApiKey,
});

const validateInput: InputReader<ValidateInput> = input<ValidateInput>("validate", {
  proxy_id: readProxyId,
  criteria: readCriteria,
  limit: readLimit,
  timeout_s: readTimeoutS,
  api_key: readApiKey,
}, [], [{ atMostOne: ["proxy_id", "criteria"] }]);

const setStrategyInput: InputReader<SetStrategyInput> = input<SetStrategyInput>("set_strategy", {
  strategy: readStrategy,
  options: readOptions,
  api_key: readApiKey,
}, ["strategy"]);

const requestInput: InputReader<RequestInput> = input<RequestInput>("request", {
  url: readUrl,
  method: readMethod,
  headers: readHeaders,
  body: readBody,
  criteria: readCriteria,
  session: readSession,
  max_bytes: readMaxBytes,
  format: readFormat,
  timeout_s: readTimeoutS,
  api_key: readApiKey,
}, ["url"]);

const reportInput: InputReader<ReportInput> = input<ReportInput>("report", {
  lease_id: readLeaseId,
  proxy_id: readProxyId,
  target: readTarget,
  outcome: readOutcome,
  latency_ms: readLatencyMs,
  status_code: readStatusCode,
  api_key: readApiKey,
}, ["outcome"], [{ anyOf: [["lease_id"], ["proxy_id", "target"]] }]);

const explainInput: InputReader<ExplainInput> = input<ExplainInput>("explain", {
  criteria: readCriteria,
  session: readSession,
  proxy_id: readProxyId,
  api_key: readApiKey,
});

const checkTargetInput: InputReader<CheckTargetInput> = input<CheckTargetInput>("check_target", {
  url: readUrl,
  sample: readSample,
  api_key: readApiKey,
}, ["url"]);

const READERS: ReadonlyMap<string, InputReader<ActionInput>> = new Map<string, InputReader<ActionInput>>([
  ["list", listInput],
  ["rotate", rotateInput],
  ["status", statusInput],
  ["recommend", recommendInput],
  ["health", healthInput],
  ["reset_cb", resetCbInput],
  ["add", addInput],
  ["remove", removeInput],
  ["fetch", fetchInput],
  ["validate", validateInput],
  ["set_strategy", setStrategyInput],
  ["request", requestInput],
  ["report", reportInput],
  ["explain", explainInput],
  ["check_target", checkTargetInput],
]);

/** What an error names as allowed: the actions that work. */
const PUBLISHED: readonly string[] = [
  "list",
  "rotate",
  "status",
  "recommend",
  "health",
  "reset_cb",
  "add",
  "remove",
  "fetch",
  "validate",
  "set_strategy",
  "request",
  "report",
  "explain",
  "check_target",
];

/** Reads the input of whatever action it names: strict, key by key. Never throws for bad input. An error names those offered. */
export function parseActionInput(
  value: unknown,
  offered: readonly string[] = PUBLISHED,
): ParseResult<ActionInput> {
  return parseByAction(value, READERS, offered);
}

/** Reads the input of `list`; `action` may be left out. */
export function parseListInput(value: unknown): ParseResult<ListInput> {
  return parseInput(value, listInput);
}

/** Reads the input of `rotate`; `action` may be left out. */
export function parseRotateInput(value: unknown): ParseResult<RotateInput> {
  return parseInput(value, rotateInput);
}

/** Reads the input of `status`; `action` may be left out. */
export function parseStatusInput(value: unknown): ParseResult<StatusInput> {
  return parseInput(value, statusInput);
}

/** Reads the input of `recommend`; `action` may be left out. */
export function parseRecommendInput(value: unknown): ParseResult<RecommendInput> {
  return parseInput(value, recommendInput);
}

/** Reads the input of `health`; `action` may be left out. */
export function parseHealthInput(value: unknown): ParseResult<HealthInput> {
  return parseInput(value, healthInput);
}

/** Reads the input of `reset_cb`; `action` may be left out. */
export function parseResetCbInput(value: unknown): ParseResult<ResetCbInput> {
  return parseInput(value, resetCbInput);
}

/** Reads the input of `add`; `action` may be left out. */
export function parseAddInput(value: unknown): ParseResult<AddInput> {
  return parseInput(value, addInput);
}

/** Reads the input of `remove`; `action` may be left out. */
export function parseRemoveInput(value: unknown): ParseResult<RemoveInput> {
  return parseInput(value, removeInput);
}

/** Reads the input of `fetch`; `action` may be left out. */
export function parseFetchInput(value: unknown): ParseResult<FetchInput> {
  return parseInput(value, fetchInput);
}

/** Reads the input of `validate`; `action` may be left out. */
export function parseValidateInput(value: unknown): ParseResult<ValidateInput> {
  return parseInput(value, validateInput);
}

/** Reads the input of `set_strategy`; `action` may be left out. */
export function parseSetStrategyInput(value: unknown): ParseResult<SetStrategyInput> {
  return parseInput(value, setStrategyInput);
}

/** Reads the input of `request`; `action` may be left out. */
export function parseRequestInput(value: unknown): ParseResult<RequestInput> {
  return parseInput(value, requestInput);
}

/** Reads the input of `report`; `action` may be left out. */
export function parseReportInput(value: unknown): ParseResult<ReportInput> {
  return parseInput(value, reportInput);
}

/** Reads the input of `explain`; `action` may be left out. */
export function parseExplainInput(value: unknown): ParseResult<ExplainInput> {
  return parseInput(value, explainInput);
}

/** Reads the input of `check_target`; `action` may be left out. */
export function parseCheckTargetInput(value: unknown): ParseResult<CheckTargetInput> {
  return parseInput(value, checkTargetInput);
}
