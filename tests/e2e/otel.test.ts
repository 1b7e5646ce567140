/** The program under Deno's own exporter of OpenTelemetry: traces and metrics reach a collector. */

import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { FaultyProxy } from "../support/faulty_proxy.ts";
import { Child } from "../support/child.ts";
import { Site } from "../support/site.ts";
import { cleanEnvironment, program, type Wire } from "./support/clients.ts";

/** Takes what exporters send as JSON, and keeps it. */
class Collector {
  readonly spans: Wire[] = [];
  readonly metrics = new Map<string, Wire>();
  readonly bodies: string[] = [];
  readonly #server: Server;
  readonly #waiting: { isThere: () => boolean; resolve: () => void }[] = [];

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const body = await text(request);
      this.bodies.push(body);
      this.#take(JSON.parse(body));
      response.setHeader("content-type", "application/json").end("{}");
    });
  }

  static async start(): Promise<Collector> {
    const collector = new Collector();
    await new Promise<void>((resolve) => collector.#server.listen(0, "127.0.0.1", resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when what came so far is enough. */
  until(isThere: () => boolean): Promise<void> {
    if (isThere()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isThere, resolve }));
  }

  span(name: string): Wire {
    return this.spans.find((span) => span.name === name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take({ resourceMetrics = [], resourceSpans = [] }: Wire): void {
    for (const { scopeSpans } of resourceSpans) for (const { spans } of scopeSpans) this.spans.push(...spans);
    for (const { scopeMetrics } of resourceMetrics) {
      for (const { metrics } of scopeMetrics) {
        for (const metric of metrics) this.metrics.set(metric.name, metric);
      }
    }
    for (const { isThere, resolve } of this.#waiting) if (isThere()) resolve();
  }
}

function attributesOf(span: Wire): Record<string, unknown> {
  return Object.fromEntries(
    span.attributes.map(({ key, value }: Wire) => [key, Object.values(value)[0]]),
  );
}

test(
  "Deno exports the spans and metrics of the program, with the trace of the caller",
  { timeout: 60_000 },
  async () => {
    await using collector = await Collector.start();
    await using site = await Site.start();
    await using proxy = await FaultyProxy.start({ credentials: "bob:hunter2" });
    const { args, command } = program([
      "--db",
      ":memory:",
      "--allow-private-targets",
      "--log-level",
      "DEBUG",
    ]);
    const child = new Child(command, args, {
      env: {
        ...cleanEnvironment(),
        OTEL_DENO: "true",
        OTEL_DENO_CONSOLE: "ignore",
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_BSP_SCHEDULE_DELAY: "50",
        OTEL_METRIC_EXPORT_INTERVAL: "100",
        OTEL_SERVICE_NAME: "proxywhirl",
      },
    });
    let id = 0;
    const ask = async (method: string, params: object) => {
      child.writeLine(JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }));
      for (;;) {
        const answer = JSON.parse(await child.nextLine());
        if (answer.id === id) return answer.result;
      }
    };
    const call = (args: object, meta: object = {}) =>
      ask("tools/call", { name: "proxywhirl", arguments: args, _meta: meta });
    await ask("initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    });
    child.writeLine(JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }));
    const added = await call({ action: "add", proxy_url: proxy.url("http") });
    assert.ok(!added.isError, JSON.stringify(added));
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const answer = await call({ action: "request", url: `${site.http}/ok?token=s3cret` }, {
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      tracestate: "vendor=1",
    });
    assert.equal(answer.structuredContent.status, 200, JSON.stringify(answer));
    const posted = await call({ action: "request", url: `${site.http}/echo`, method: "POST", body: "a=1" });
    assert.equal(JSON.parse(posted.structuredContent.body).body, "a=1", "the head is written as ever");
    const actionOf = (name: string) =>
      collector.spans.find((span) =>
        span.name === "proxywhirl.action" && attributesOf(span)["proxywhirl.action"] === name
      );
    await collector.until(() => actionOf("request") !== undefined && collector.span("GET") !== undefined);
    const [action, request, attempt] = [
      actionOf("request"),
      collector.span("proxywhirl.request"),
      collector.span("GET"),
    ];
    assert.deepEqual([action.traceId, action.parentSpanId], [traceId, "b7ad6b7169203331"]);
    assert.deepEqual([request.traceId, request.parentSpanId], [traceId, action.spanId]);
    assert.deepEqual([attempt.traceId, attempt.parentSpanId], [traceId, request.spanId]);
    assert.equal(attributesOf(attempt)["url.full"], `${site.http}/ok`);
    assert.notEqual(actionOf("add")?.traceId, traceId);

    await collector.until(() => collector.metrics.has("proxywhirl.actions"));
    await collector.until(() =>
      (collector.metrics.get("proxywhirl.actions")?.sum.dataPoints ?? []).length >= 2
    );
    const points = collector.metrics.get("proxywhirl.actions").sum.dataPoints;
    const names = points.map((point: Wire) => attributesOf(point)["action"]).sort();
    assert.deepEqual(names, ["add", "request"]);
    assert.ok(collector.metrics.has("proxywhirl.action.duration"));
    assert.ok(collector.metrics.has("proxywhirl.proxies"));

    const traced = site.requests.filter(({ headers }) => "traceparent" in headers);
    assert.deepEqual(traced, [], "sites see no trace");
    assert.equal(
      collector.spans.filter(({ name }) => name === "GET").length,
      1,
      "Deno adds no span of its own",
    );
    assert.match(child.stderr, new RegExp(`"trace_id":"${traceId}"`));
    child.endInput();
    assert.equal((await child.exited).code, 0);
    assert.doesNotMatch(collector.bodies.join() + child.stderr, /hunter2|s3cret/);
  },
);
