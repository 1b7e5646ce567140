import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { context, metrics, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { DEFAULT_SETTINGS } from "../../../gen/settings.ts";
import { createLogger, ProxyWhirlService } from "../../../src/service/mod.ts";
import { PoolOfProxies, type PoolOfProxiesOptions } from "../../support/pool_of_proxies.ts";

const spans = new InMemorySpanExporter();
let lines: string[] = [];

beforeEach(() => {
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  lines = [];
});

afterEach(() => {
  spans.reset();
  trace.disable();
  context.disable();
  metrics.disable();
});

async function start(
  options: PoolOfProxiesOptions,
): Promise<{ pool: PoolOfProxies; service: ProxyWhirlService }> {
  const pool = await PoolOfProxies.start(options);
  const settings = {
    ...DEFAULT_SETTINGS,
    allowPrivateTargets: true,
    retryPolicy: { ...DEFAULT_SETTINGS.retryPolicy, baseDelayS: 0 },
  };
  const logger = createLogger({ level: "DEBUG", write: (line) => lines.push(line) });
  return {
    pool,
    service: new ProxyWhirlService({ rotator: pool.rotator, settings, logger, version: "1.2.3" }),
  };
}

function byName(name: string): readonly ReadableSpan[] {
  return spans.getFinishedSpans().filter((span) => span.name === name);
}

test("An action is a span, with its result, and as a child of what the caller names", async () => {
  const { pool, service } = await start({});
  await using _ = pool;
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  await service.handle({ action: "health" }, { trace: { traceparent, tracestate: "a=1" } });
  await service.handle({ action: "status", proxy_id: "http://bob:hunter2@203.0.113.1:80" });
  const [health, status] = byName("proxywhirl.action");
  assert.equal(health?.attributes["proxywhirl.action"], "health");
  assert.equal(health?.attributes["proxywhirl.code"], 200);
  assert.equal(health?.kind, SpanKind.SERVER);
  assert.equal(health?.spanContext().traceId, "0af7651916cd43dd8448eb211c80319c");
  assert.equal(health?.parentSpanContext?.spanId, "b7ad6b7169203331");
  assert.equal(health?.parentSpanContext?.traceState?.get("a"), "1");
  assert.deepEqual([status?.attributes["proxywhirl.code"], status?.attributes["error.type"]], [400, "400"]);
  assert.equal(status?.parentSpanContext, undefined);
  assert.doesNotMatch(JSON.stringify([health?.attributes, status?.attributes, status?.status]), /hunter2/);
  await service.close();
});

test("A parent that is none starts a trace of its own", async () => {
  const { pool, service } = await start({});
  await using _ = pool;
  const broken = [
    "",
    "nonsense",
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-00000000000000000000000000000000-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
    "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
    `00-${"a".repeat(100_000)}`,
  ];
  for (const traceparent of broken) await service.handle({ action: "health" }, { trace: { traceparent } });
  const found = byName("proxywhirl.action");
  assert.equal(found.length, broken.length);
  assert.ok(found.every(({ parentSpanContext }) => parentSpanContext === undefined));
  await service.close();
});

test("A request is a span under its action, and each attempt one under it", async () => {
  const { pool, service } = await start({
    proxies: [{ fault: "auth" }, { credentials: "bob:hunter2" }],
  });
  await using _ = pool;
  const { site } = pool;
  const url = `${site.http}/ok?token=s3cret`;
  const result = await service.handle({ action: "request", url });
  assert.ok(result.ok, JSON.stringify(result));
  const [action] = byName("proxywhirl.action");
  const [request] = byName("proxywhirl.request");
  const [first, second] = byName("GET");
  assert.equal(request?.parentSpanContext?.spanId, action?.spanContext().spanId);
  assert.equal(first?.parentSpanContext?.spanId, request?.spanContext().spanId);
  assert.equal(second?.parentSpanContext?.spanId, request?.spanContext().spanId);
  assert.deepEqual(request?.attributes, {
    "http.request.method": "GET",
    "url.full": `${site.http}/ok`,
    "url.scheme": "http",
    "server.address": new URL(site.http).hostname,
    "server.port": Number(new URL(site.http).port),
    "proxywhirl.attempts": 2,
    "proxywhirl.verdict": "ok",
    "http.response.status_code": 200,
  });
  assert.equal(first?.kind, SpanKind.CLIENT);
  assert.equal(first?.status.code, SpanStatusCode.ERROR);
  assert.equal(first?.attributes["proxywhirl.verdict"], "dead");
  assert.equal(second?.attributes["http.request.resend_count"], 1);
  assert.equal(second?.attributes["http.response.status_code"], 200);
  assert.equal(second?.attributes["proxywhirl.proxy.id"], pool.ids[1]);
  assert.equal(second?.status.code, SpanStatusCode.UNSET);
  const all = JSON.stringify(
    spans.getFinishedSpans().map((
      { attributes, events, name, status },
    ) => [attributes, events, name, status]),
  );
  assert.doesNotMatch(all + lines.join(), /s3cret|hunter2|bob/);
  const logged = lines.map((line) => JSON.parse(line));
  assert.deepEqual(logged.map(({ message }) => message), [
    "Attempt ended",
    "Attempt ended",
    "Request done",
    "Action done",
  ]);
  assert.ok(logged.every(({ trace_id }) => trace_id === action?.spanContext().traceId));
  await service.close();
});

test("A request that fails says why, without a credential", async () => {
  const { pool, service } = await start({ proxies: [{ fault: "close" }] });
  await using _ = pool;
  await service.handle({ action: "request", url: `${pool.site.https}/ok`, method: "POST", body: "s3cret" });
  const [request] = byName("proxywhirl.request");
  assert.equal(request?.status.code, SpanStatusCode.ERROR);
  assert.equal(request?.attributes["error.type"], "ALL_ATTEMPTS_FAILED");
  assert.equal(byName("POST")[0]?.attributes["error.type"], "connection-closed");
  assert.equal(byName("proxywhirl.action")[0]?.attributes["proxywhirl.code"], 504);
  await service.close();
});

test("Metrics of the table are instruments of OpenTelemetry, and end with the service", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  const { pool, service } = await start({});
  await using _ = pool;
  await service.handle({ action: "rotate" });
  await service.handle({ action: "rotate" });
  await provider.forceFlush();
  const found = new Map(
    exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics }) => metrics).map((metric) => [metric.descriptor.name, metric]),
  );
  const [actions] = found.get("proxywhirl.actions")?.dataPoints ?? [];
  assert.deepEqual([actions?.value, actions?.attributes], [2, { action: "rotate", code: "200" }]);
  assert.equal(found.get("proxywhirl.leases_in_flight")?.dataPoints[0]?.value, 2);
  const durations = found.get("proxywhirl.action.duration");
  assert.equal(durations?.descriptor.unit, "s");
  const [histogram] = durations?.dataPoints ?? [];
  assert.deepEqual(histogram?.attributes, { action: "rotate" });
  assert.equal((histogram?.value as { readonly count: number }).count, 2);
  await service.close();
  await provider.shutdown();
});

test("Without an SDK nothing of OpenTelemetry is loaded or noted", async () => {
  trace.disable();
  context.disable();
  Reflect.deleteProperty(globalThis, Symbol.for("opentelemetry.js.api.1"));
  const { pool, service } = await start({});
  await using _ = pool;
  await service.handle({ action: "rotate" });
  assert.equal(spans.getFinishedSpans().length, 0);
  assert.ok(lines.every((line) => !line.includes("trace_id")));
  await service.close();
});
