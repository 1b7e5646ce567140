import assert from "node:assert/strict";
import { test } from "node:test";
import { context, createContextKey, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { untraced } from "../../../src/net/untraced.ts";
import { PoolOfProxies } from "../../support/pool_of_proxies.ts";

test("untraced() has instrumentations look away, and leaves the rest of the context alone", () => {
  assert.equal(untraced(() => 1), 1, "without an SDK");
  const spans = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  try {
    const key = createContextKey("mine");
    const inner = context.with(context.active().setValue(key, 5), () =>
      untraced(() => {
        trace.getTracer("an instrumentation").startSpan("GET").end();
        return context.active().getValue(key);
      }));
    assert.equal(inner, 5);
    assert.deepEqual(spans.getFinishedSpans(), []);
    trace.getTracer("an instrumentation").startSpan("GET").end();
    assert.equal(spans.getFinishedSpans().length, 1);
  } finally {
    trace.disable();
    context.disable();
  }
});

test("Requests go out while an SDK is registered, with the header fields as they are", async () => {
  await using pool = await PoolOfProxies.start();
  const send = async () => {
    const response = await pool.client.fetch(`${pool.site.http}/echo`, {
      method: "POST",
      headers: { "x-a": "1", "content-type": "text/x" },
      body: "body",
    });
    const { body, headers, method } = await response.json();
    return { body, headers, method };
  };
  const before = await send();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  try {
    assert.deepEqual(await send(), before);
  } finally {
    context.disable();
  }
});
