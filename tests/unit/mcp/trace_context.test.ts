import assert from "node:assert/strict";
import { test } from "node:test";
import { traceOf } from "../../../src/mcp/trace_context.ts";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

test("traceOf takes the trace out of a call's _meta", () => {
  assert.deepEqual(traceOf({ traceparent }), { trace: { traceparent } });
  assert.deepEqual(traceOf({ traceparent, tracestate: "a=1", progressToken: 1 }), {
    trace: { traceparent, tracestate: "a=1" },
  });
});

test("traceOf takes nothing that is no text, or endless", () => {
  for (const value of [undefined, null, 5, {}, [traceparent], "x".repeat(2000)]) {
    assert.deepEqual(traceOf({ traceparent: value, tracestate: "a=1" }), {});
    assert.deepEqual(traceOf({ traceparent, tracestate: value }), { trace: { traceparent } });
  }
  assert.deepEqual(traceOf(undefined), {});
});
