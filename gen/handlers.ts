// Generated from schema/ by `deno task gen`. Do not edit.

/**
 * What a service implements: one handler an action, one reader a resource. A missing or mistyped one is a compile error.
 *
 * @module
 */
import type {
  AddInput,
  AddOutput,
  CheckTargetInput,
  CheckTargetOutput,
  ConfigResource,
  ExplainInput,
  ExplainOutput,
  FetchInput,
  FetchOutput,
  HealthInput,
  HealthOutput,
  HealthResource,
  ListInput,
  ListOutput,
  MetricsResource,
  ProxyResource,
  RecommendInput,
  RecommendOutput,
  RemoveInput,
  RemoveOutput,
  ReportInput,
  ReportOutput,
  RequestInput,
  RequestOutput,
  ResetCbInput,
  ResetCbOutput,
  RotateInput,
  RotateOutput,
  SetStrategyInput,
  SetStrategyOutput,
  SourcesResource,
  StatusInput,
  StatusOutput,
  TargetResource,
  ValidateInput,
  ValidateOutput,
} from "./models.ts";

/** One handler an action. `Context` is whatever the service hands to each call. */
export interface ActionHandlers<Context> {
  /** List proxies. */
  readonly list: (input: ListInput, context: Context) => Promise<ListOutput>;
  /** Next proxy. */
  readonly rotate: (input: RotateInput, context: Context) => Promise<RotateOutput>;
  /** Status of a proxy. */
  readonly status: (input: StatusInput, context: Context) => Promise<StatusOutput>;
  /** Recommend a proxy. */
  readonly recommend: (input: RecommendInput, context: Context) => Promise<RecommendOutput>;
  /** Pool health. */
  readonly health: (input: HealthInput, context: Context) => Promise<HealthOutput>;
  /** Reset circuit breaker. */
  readonly reset_cb: (input: ResetCbInput, context: Context) => Promise<ResetCbOutput>;
  /** Add proxies. */
  readonly add: (input: AddInput, context: Context) => Promise<AddOutput>;
  /** Remove a proxy. */
  readonly remove: (input: RemoveInput, context: Context) => Promise<RemoveOutput>;
  /** Fetch public proxies. */
  readonly fetch: (input: FetchInput, context: Context) => Promise<FetchOutput>;
  /** Validate proxies. */
  readonly validate: (input: ValidateInput, context: Context) => Promise<ValidateOutput>;
  /** Set the strategy. */
  readonly set_strategy: (input: SetStrategyInput, context: Context) => Promise<SetStrategyOutput>;
  /** Request through the pool. */
  readonly request: (input: RequestInput, context: Context) => Promise<RequestOutput>;
  /** Report an outcome. */
  readonly report: (input: ReportInput, context: Context) => Promise<ReportOutput>;
  /** Explain the choice. */
  readonly explain: (input: ExplainInput, context: Context) => Promise<ExplainOutput>;
  /** Check a site. */
  readonly check_target: (input: CheckTargetInput, context: Context) => Promise<CheckTargetOutput>;
}

/** One reader a resource. That of a template takes what stands for its variable, and may find nothing there. */
export interface ResourceReaders<Context> {
  /** Pool health. */
  readonly "proxy://health": (context: Context) => Promise<HealthResource>;
  /** Configuration. */
  readonly "proxy://config": (context: Context) => Promise<ConfigResource>;
  /** Proxy lists. */
  readonly "proxy://sources": (context: Context) => Promise<SourcesResource>;
  /** Figures of the server. */
  readonly "proxy://metrics": (context: Context) => Promise<MetricsResource>;
  /** One proxy. */
  readonly "proxy://proxies/{id}": (context: Context, value: string) => Promise<ProxyResource | undefined>;
  /** One site. */
  readonly "proxy://targets/{target}": (context: Context, value: string) => Promise<TargetResource | undefined>;
}
