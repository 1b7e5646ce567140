/**
 * The actions of ProxyWhirl over a pool: checked input, the guide's answers, and no credential in any of them.
 *
 * @module
 */
export { ActionError, type ActionErrorCode, type ActionErrorOptions } from "./action_error.ts";
export type { Confirmation } from "./confirmation.ts";
export { MCPAuth, type MCPAuthOptions } from "./auth.ts";
export { type RedactOptions, redactValue } from "./boundary.ts";
export {
  type CallContext,
  type CallOrigin,
  type CallProgress,
  memoryPool,
  type PoolAddition,
  type PoolAdditionResult,
  type PoolEditor,
} from "./handler_context.ts";
export {
  createLogger,
  guardLogger,
  LOG_LEVELS,
  type LogFields,
  type Logger,
  type LoggerOptions,
  type LogLevel,
} from "./logger.ts";
export { SILENT_LOGGER } from "./logger.ts";
export {
  type ActionFigures,
  type DurationFigures,
  type MetricsSnapshot,
  ServiceMetrics,
  type ServiceMetricsOptions,
} from "./metrics.ts";
export type {
  HistogramData,
  MetricFamily,
  MetricSample,
  ObservationListener,
  Reading,
} from "./metric_registry.ts";
export {
  LABEL_VALUES,
  type LabelName,
  type MetricKind,
  type MetricName,
  METRICS,
  type MetricSpec,
} from "./metric_table.ts";
export { PROMETHEUS_CONTENT_TYPE } from "./prometheus_text.ts";
export {
  type OpenedPool,
  openPool,
  type OpenPoolOptions,
  type PreparedPool,
  preparePool,
} from "./open_pool.ts";
export { type ActionResult, ProxyWhirlService, type ProxyWhirlServiceOptions } from "./service.ts";
export { SettingsError } from "./setting_value.ts";
export { type LoadedSettings, loadSettings, type SettingSources } from "./settings.ts";
export type { FillOptions, FillReport } from "./supply/fill_pool.ts";
export type { SupplyOptions } from "./supply/lazy_supply.ts";
export type { Notes } from "./supply/notes.ts";
export type { FillRequest, KnownSource, Supply } from "./supply/supply.ts";
export type { StopCause } from "./supply/supply_context.ts";
export type { TryOptions, TryReport } from "./supply/try_pool.ts";
export type { TraceContext } from "./telemetry_spans.ts";
export { VERSION } from "./version.ts";
