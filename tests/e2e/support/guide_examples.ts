/** The JSON answers that the server guide shows, and a comparison key for key. */

import assert from "node:assert/strict";
import type { Wire } from "./clients.ts";

const id = "550e8400-e29b-41d4-a716-446655440000";

/** Content of the `health` action and of `proxy://health`. */
const health = {
  pool_status: "healthy",
  total_proxies: 10,
  healthy_proxies: 8,
  degraded_proxies: 1,
  failed_proxies: 1,
  average_success_rate: 0.89,
  average_latency_ms: 145.3,
  last_update: "2024-01-15T10:30:00Z",
  total_requests: 5000,
  total_successes: 4450,
  total_failures: 550,
  rate_limit: { enabled: false, message: "Rate limiting not configured" },
};

/** Names of the guide's answers: actions and resources. */
type GuideName =
  | "list"
  | "rotate"
  | "status"
  | "recommend"
  | "health"
  | "reset_cb"
  | "proxy://health"
  | "proxy://config";

/** The guide's answers, by action and by resource. */
export const GUIDE: Readonly<Record<GuideName, Wire>> = {
  list: {
    proxies: [{
      id,
      url: "http://proxy1.example.com:8080",
      status: "healthy",
      success_rate: 0.95,
      avg_latency_ms: 120.5,
      region: "US",
      total_requests: 150,
      total_successes: 142,
      total_failures: 8,
    }],
    total: 1,
    healthy: 1,
    degraded: 0,
    unhealthy: 0,
    dead: 0,
    unknown: 0,
  },
  rotate: {
    proxy: {
      id,
      url: "http://proxy1.example.com:8080",
      status: "healthy",
      success_rate: 0.95,
      avg_latency_ms: 120.5,
      region: "US",
    },
  },
  status: {
    proxy_id: id,
    url: "http://proxy1.example.com:8080",
    status: "healthy",
    metrics: {
      success_rate: 0.95,
      avg_latency_ms: 120.5,
      total_requests: 150,
      successful_requests: 142,
      failed_requests: 8,
      ema_response_time_ms: 115.3,
    },
    health: {
      last_check: "2024-01-15T10:30:00Z",
      last_success: "2024-01-15T10:29:55Z",
      last_failure: "2024-01-15T09:15:00Z",
      circuit_breaker: "closed",
      consecutive_failures: 0,
      consecutive_successes: 25,
    },
    region: "US",
    protocol: "http",
  },
  recommend: {
    recommendation: {
      id,
      url: "http://proxy1.example.com:8080",
      score: 0.92,
      reason: "Best high performance proxy in US region with high reliability",
      metrics: {
        success_rate: 0.95,
        avg_latency_ms: 85.2,
        region: "US",
        performance_tier: "high",
        total_requests: 500,
      },
      alternatives: [{
        id: "660e8400-e29b-41d4-a716-446655440001",
        url: "http://proxy2.example.com:8080",
        score: 0.88,
        reason: "Alternative with 92.0% success rate",
      }],
    },
  },
  health,
  reset_cb: {
    success: true,
    proxy_id: id,
    previous_state: "open",
    new_state: "closed",
    message: `Circuit breaker reset successfully for proxy ${id}`,
  },
  "proxy://health": health,
  "proxy://config": {
    rotation_strategy: "RoundRobinStrategy",
    timeout: 30.0,
    verify_ssl: true,
    follow_redirects: true,
    pool_connections: 10,
    pool_max_keepalive: 5,
    circuit_breaker: { failure_threshold: 5, timeout_duration: 60, window_duration: 120 },
    retry_policy: {
      max_attempts: 3,
      backoff_strategy: "exponential",
      base_delay: 1.0,
      max_backoff_delay: 60.0,
      multiplier: 2.0,
    },
    logging: { level: "INFO", format: "json", redact_credentials: true },
  },
};

/** Asserts that `actual` has every key of `example`, at every depth, with a value of the same kind. */
export function assertShape(actual: unknown, example: unknown, path = "result"): void {
  if (Array.isArray(example)) {
    assert.ok(Array.isArray(actual), `${path} must be a list`);
    assert.ok(actual.length > 0, `${path} must not be empty`);
    for (const [index, item] of actual.entries()) assertShape(item, example[0], `${path}[${index}]`);
  } else if (typeof example === "object" && example !== null) {
    assert.ok(typeof actual === "object" && actual !== null, `${path} must be an object`);
    for (const [key, value] of Object.entries(example)) {
      assert.ok(Object.hasOwn(actual, key), `${path}.${key} is missing`);
      assertShape((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
    }
  } else {
    assert.equal(typeof actual, typeof example, `${path} must be a ${typeof example}`);
    const isTime = (value: unknown) =>
      typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value);
    if (isTime(example)) assert.ok(isTime(actual), `${path} must be a time like ${example}, is ${actual}`);
  }
}
