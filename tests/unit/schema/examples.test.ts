import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv } from "ajv";
import { z } from "zod";
import { ACTIONS } from "../../../gen/actions.ts";
import { OUTPUT_SCHEMAS, UNIFIED_OUTPUT_SCHEMA } from "../../../gen/output_schemas.ts";
import { parseActionInput } from "../../../gen/validators.ts";
import { loadContract } from "../../../schema/mod.ts";

const contract = await loadContract();
const ajv = new Ajv({ strict: true, formats: { "date-time": true } });

for (const action of contract.actions) {
  test(`the example of ${action.name} fits its own schemas`, () => {
    assert.deepEqual(parseActionInput(action.example.request), { ok: true, value: action.example.request });
    assert.deepEqual(z.strictObject(action.output).parse(action.example.response), action.example.response);
    const spec = ACTIONS.find(({ name }) => name === action.name);
    assert.ok(spec !== undefined);
    assert.deepEqual(spec.example, JSON.parse(JSON.stringify(action.example)));
    const check = ajv.compile(OUTPUT_SCHEMAS[spec.name]);
    assert.ok(check(action.example.response), JSON.stringify(check.errors));
    if (!action.published) return;
    const unified = ajv.compile(UNIFIED_OUTPUT_SCHEMA);
    assert.ok(unified(action.example.response), JSON.stringify(unified.errors));
  });
}

test("UNIFIED_OUTPUT_SCHEMA takes errors, and nulls where outputs have them", () => {
  const check = ajv.compile(UNIFIED_OUTPUT_SCHEMA);
  assert.ok(check({ error: "No proxy available", code: 503, retry_after_s: 1.5, next_step: "wait" }));
  assert.ok(check({ region: "UNKNOWN", metrics: { ema_response_time_ms: null } }));
  assert.ok(!check({ code: "503" }));
});

for (const resource of contract.resources) {
  test(`the example of ${resource.uri} fits its schema`, () => {
    assert.deepEqual(z.strictObject(resource.output).parse(resource.example), resource.example);
  });
}

/** Keys of the guide's responses, level by level; more keys may be there, none may be missing. */
const GUIDE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  list: {
    "": "proxies total healthy degraded unhealthy dead unknown",
    "proxies.0":
      "id url status success_rate avg_latency_ms region total_requests total_successes total_failures",
  },
  rotate: { "": "proxy", proxy: "id url status success_rate avg_latency_ms region" },
  status: {
    "": "proxy_id url status metrics health region protocol",
    metrics:
      "success_rate avg_latency_ms total_requests successful_requests failed_requests ema_response_time_ms",
    health: "last_check last_success last_failure circuit_breaker consecutive_failures consecutive_successes",
  },
  recommend: {
    "": "recommendation",
    recommendation: "id url score reason metrics alternatives",
    "recommendation.metrics": "success_rate avg_latency_ms region performance_tier total_requests",
    "recommendation.alternatives.0": "id url score reason",
  },
  health: {
    "": "pool_status total_proxies healthy_proxies degraded_proxies failed_proxies average_success_rate " +
      "average_latency_ms last_update total_requests total_successes total_failures rate_limit",
    rate_limit: "enabled message",
  },
  reset_cb: { "": "success proxy_id previous_state new_state message" },
};

for (const [name, levels] of Object.entries(GUIDE)) {
  test(`${name} answers with the guide's keys, in its order`, () => {
    const response: unknown = contract.actions.find((action) => action.name === name)?.example.response;
    for (const [path, keys] of Object.entries(levels)) {
      const level = path.split(".").filter((step) => step !== "").reduce<unknown>(
        (at, step) => typeof at === "object" && at !== null ? Reflect.get(at, step) : undefined,
        response,
      );
      assert.ok(typeof level === "object" && level !== null, path);
      const wanted = keys.split(" ");
      assert.deepEqual(Object.keys(level).filter((key) => wanted.includes(key)), wanted);
    }
  });
}
