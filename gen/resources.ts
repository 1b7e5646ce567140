// Generated from schema/ by `deno task gen`. Do not edit.

/**
 * Every resource as data. The contents' interfaces are in `models.ts`.
 *
 * @module
 */
import type { ResourceSpec } from "../src/contract/spec.ts";
export type * from "../src/contract/spec.ts";

/** Every resource, in the order of publication. */
export const RESOURCES: readonly ResourceSpec[] = [
  {
    uri: "proxy://health",
    name: "proxy_health",
    title: "Pool health",
    description: "Overview of the pool, the same as the health action. Can be subscribed to.",
    mimeType: "application/json",
    requiresKey: false,
    example: {
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
      unknown_proxies: 0,
      open_circuits: 0,
    },
  },
  {
    uri: "proxy://config",
    name: "proxy_config",
    title: "Configuration",
    description: "The settings in force. Holds no secret.",
    mimeType: "application/json",
    requiresKey: true,
    example: {
      rotation_strategy: "RoundRobinStrategy",
      timeout: 30,
      verify_ssl: true,
      follow_redirects: true,
      pool_connections: 10,
      pool_max_keepalive: 5,
      circuit_breaker: { failure_threshold: 5, timeout_duration: 60, window_duration: 120 },
      retry_policy: {
        max_attempts: 3,
        backoff_strategy: "exponential",
        base_delay: 1,
        max_backoff_delay: 60,
        multiplier: 2,
      },
      logging: { level: "INFO", format: "json", redact_credentials: true },
      strategy: "round-robin",
    },
  },
];
