/**
 * Traces and metrics through OpenTelemetry. Loaded when an SDK is registered, and not before.
 *
 * Spans hold no credential, no query of a URL and no body; every text in them is bounded. The context of a trace is
 * taken from callers and never sent on to sites: it would tell them which requests belong together.
 */
import {
  type Attributes,
  type BatchObservableResult,
  type Context,
  context,
  createTraceState,
  isSpanContextValid,
  type Meter,
  metrics,
  type Observable,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import type { Attempt, AttemptFacts, AttemptObserver, RequestFacts } from "../net/mod.ts";
import type { RequestEnd, RequestObserver } from "../net/mod.ts";
import { loggableText } from "./loggable.ts";
import type { ServiceMetrics } from "./metrics.ts";
import { LABEL_VALUES, METRICS, type MetricSpec, openTelemetryName } from "./metric_table.ts";
import { setTraceFields } from "./telemetry.ts";

/** The trace that a call belongs to, in the words of https://www.w3.org/TR/trace-context/. */
export interface TraceContext {
  /** Version, trace, span and flags. */
  readonly traceparent: string;
  /** What systems on the way added. */
  readonly tracestate?: string;
}

/** How an action ended. */
export interface ActionEnd {
  /** 200, or the code of its error. */
  readonly code: number;
  /** What went wrong, without credentials. */
  readonly error?: string;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;
const METHODS = /^(?:CONNECT|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT|TRACE)$/;
const MAX_URL = 512;
const NAME = "proxywhirl";

/** Spans and instruments of one service. */
export class Telemetry {
  readonly #tracer: Tracer;
  readonly #metrics: ServiceMetrics;
  readonly #stop: () => void;

  /**
   * Registers the instruments.
   *
   * @param serviceMetrics What they show
   * @param version Version of the program
   */
  constructor(serviceMetrics: ServiceMetrics, version: string) {
    this.#metrics = serviceMetrics;
    this.#tracer = trace.getTracer(NAME, version);
    this.#stop = this.#registerInstruments(metrics.getMeter(NAME, version));
    setTraceFields(activeFields);
  }

  /** Does an action within a span. */
  action<T>(
    name: string,
    parent: TraceContext | undefined,
    run: () => Promise<T>,
    endOf: (result: T) => ActionEnd,
  ): Promise<T> {
    const attributes = { "proxywhirl.action": LABEL_VALUES.action.includes(name) ? name : "other" };
    const options: SpanOptions = { kind: SpanKind.SERVER, attributes };
    return this.#tracer.startActiveSpan("proxywhirl.action", options, contextOf(parent), async (span) => {
      try {
        const result = await run();
        const { code, error } = endOf(result);
        span.setAttribute("proxywhirl.code", code);
        if (error !== undefined) span.setAttribute("error.type", String(code));
        if (code >= 500) span.setStatus({ code: SpanStatusCode.ERROR, message: loggableText(error ?? "") });
        return result;
      } finally {
        span.end();
      }
    });
  }

  /** The span of a request through the pool. */
  request(facts: RequestFacts): RequestObserver {
    const span = this.#tracer.startSpan("proxywhirl.request", {
      kind: SpanKind.INTERNAL,
      attributes: attributesOf(facts),
    });
    const parent = trace.setSpan(context.active(), span);
    return {
      attemptStarted: (attempt) => this.attempt(attempt, parent),
      ended: (end) => endRequest(span, end),
    };
  }

  /** The span of an attempt, or of a check. */
  attempt(facts: AttemptFacts, parent: Context = context.active()): AttemptObserver {
    const { number, proxy } = facts;
    const attributes = {
      ...attributesOf(facts),
      "proxywhirl.proxy.id": proxy.id,
      "proxywhirl.proxy.protocol": proxy.protocol,
      ...(number > 1 ? { "http.request.resend_count": number - 1 } : {}),
    };
    const name = methodOf(facts.method);
    const span = this.#tracer.startSpan(name === "_OTHER" ? "HTTP" : name, {
      kind: SpanKind.CLIENT,
      attributes,
    }, parent);
    return { ended: (attempt) => endAttempt(span, attempt) };
  }

  /** Unregisters the instruments. */
  close(): void {
    this.#stop();
  }

  #registerInstruments(meter: Meter): () => void {
    const specs: readonly MetricSpec[] = METRICS;
    const observed = new Map<string, Observable>();
    const histograms = new Map<string, ReturnType<Meter["createHistogram"]>>();
    for (const spec of specs) {
      const [name, options] = [openTelemetryName(spec), { description: spec.help, unit: unitOf(spec) }];
      if (spec.kind === "histogram") histograms.set(spec.name, meter.createHistogram(name, options));
      if (spec.kind === "counter") observed.set(spec.name, meter.createObservableCounter(name, options));
      if (spec.kind === "gauge") observed.set(spec.name, meter.createObservableGauge(name, options));
    }
    const labelsOf = new Map(specs.map(({ labels, name }) => [name, labels]));
    const attributes = (name: string, values: readonly string[]): Attributes =>
      Object.fromEntries((labelsOf.get(name) ?? []).map((label, index) => [label, values[index] ?? ""]));
    const read = (result: BatchObservableResult) => {
      for (const { samples, spec } of this.#metrics.collect()) {
        const instrument = observed.get(spec.name);
        if (instrument === undefined) continue;
        for (const { labels, value } of samples) {
          result.observe(instrument, value, attributes(spec.name, labels));
        }
      }
    };
    const all = [...observed.values()];
    meter.addBatchObservableCallback(read, all);
    this.#metrics.onObservation((name, labels, seconds) =>
      histograms.get(name)?.record(seconds, attributes(name, labels))
    );
    return () => {
      meter.removeBatchObservableCallback(read, all);
      this.#metrics.onObservation(undefined);
    };
  }
}

/** What a caller says comes from outside: anything but a well-formed parent is as good as none. */
function contextOf(parent: TraceContext | undefined): Context {
  const [, traceId = "", spanId = "", flags = ""] = TRACEPARENT.exec(parent?.traceparent ?? "") ?? [];
  const { tracestate } = parent ?? {};
  const spanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
    ...(tracestate === undefined ? {} : { traceState: createTraceState(tracestate.slice(0, 512)) }),
  };
  return isSpanContextValid(spanContext)
    ? trace.setSpanContext(context.active(), spanContext)
    : context.active();
}

/** https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span */
function attributesOf({ method, url }: RequestFacts): Attributes {
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  return {
    "http.request.method": methodOf(method),
    "url.full": `${url.origin}${url.pathname}`.slice(0, MAX_URL),
    "url.scheme": url.protocol.slice(0, -1),
    "server.address": url.hostname,
    "server.port": port,
  };
}

function methodOf(method: string): string {
  return METHODS.test(method) ? method : "_OTHER";
}

function endRequest(span: Span, { attempts, error, statusCode, verdict }: RequestEnd): void {
  span.setAttribute("proxywhirl.attempts", attempts.length);
  if (verdict !== undefined) span.setAttribute("proxywhirl.verdict", verdict);
  if (statusCode !== undefined) span.setAttribute("http.response.status_code", statusCode);
  if (error !== undefined) fail(span, errorType(error), error);
  span.end();
}

function endAttempt(span: Span, attempt: Attempt | undefined): void {
  const { reason, rule, statusCode, verdict } = attempt ?? {};
  span.setAttribute("proxywhirl.verdict", verdict ?? "aborted");
  if (rule !== undefined) span.setAttribute("proxywhirl.rule", rule.slice(0, 100));
  if (typeof statusCode === "number") {
    span.setAttribute("http.response.status_code", statusCode);
    if (statusCode >= 400) fail(span, String(statusCode), reason);
  } else if (verdict !== undefined && verdict !== "ok") {
    fail(span, rule ?? verdict, reason);
  }
  span.end();
}

function fail(span: Span, type: string, reason: unknown): void {
  const message = reason instanceof Error ? reason.message : reason;
  span.setAttribute("error.type", type.slice(0, 100));
  span.setStatus({
    code: SpanStatusCode.ERROR,
    ...(typeof message === "string" ? { message: loggableText(message) } : {}),
  });
}

function errorType(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" ? code : error instanceof Error ? error.name : "error";
}

function unitOf({ name }: MetricSpec): string {
  return name.endsWith("_seconds") ? "s" : "1";
}

function activeFields(): Readonly<Record<string, string>> {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined || !isSpanContextValid(span)
    ? {}
    : { trace_id: span.traceId, span_id: span.spanId };
}
