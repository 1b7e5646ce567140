/** The two resources. */
import { z } from "zod";
import { named, type ResourceDefinition } from "./define.ts";
import { HEALTH_EXAMPLE, poolHealth } from "./models.ts";

const breaker = named(
  "BreakerConfig",
  "Settings of the circuit breakers.",
  z.object({
    failure_threshold: z.number().int().min(1).describe("Failures in the window that open it"),
    timeout_duration: z.number().min(0).describe("Seconds for which it stays open the first time"),
    window_duration: z.number().min(0).describe("Seconds over which failures count"),
  }),
);

const retry = named(
  "RetryConfig",
  "Settings of failover and its waits.",
  z.object({
    max_attempts: z.number().int().min(1).describe("Attempts in all"),
    backoff_strategy: z.string().describe("How waits grow"),
    base_delay: z.number().min(0).describe("First wait, seconds"),
    max_backoff_delay: z.number().min(0).describe("Longest wait, seconds"),
    multiplier: z.number().min(1).describe("Growth of the wait"),
  }),
);

const logging = named(
  "LoggingConfig",
  "Settings of the log.",
  z.object({
    level: z.string().describe("Least level written"),
    format: z.string().describe("Form of a line"),
    redact_credentials: z.boolean().describe("Always true"),
  }),
);

/** Resources in the order in which they are listed. */
export const resources: readonly ResourceDefinition[] = [
  {
    uri: "proxy://health",
    name: "proxy_health",
    title: "Pool health",
    description: "Overview of the pool, the same as the health action. Can be subscribed to.",
    mimeType: "application/json",
    requiresKey: false,
    typeName: "HealthResource",
    output: poolHealth,
    example: HEALTH_EXAMPLE,
  },
  {
    uri: "proxy://config",
    name: "proxy_config",
    title: "Configuration",
    description: "The settings in force. Holds no secret.",
    mimeType: "application/json",
    requiresKey: true,
    typeName: "ConfigResource",
    output: {
      rotation_strategy: z.string().describe("Class name of the strategy, for example `RoundRobinStrategy`"),
      timeout: z.number().min(0).describe("Time limit of a request, seconds"),
      verify_ssl: z.boolean().describe("Whether certificates of sites are checked"),
      follow_redirects: z.boolean().describe("Whether redirects are followed"),
      pool_connections: z.number().int().min(1).describe("Connections kept per proxy and site"),
      pool_max_keepalive: z.number().int().min(0).describe("Idle connections kept per proxy and site"),
      circuit_breaker: breaker.describe("Circuit breakers"),
      retry_policy: retry.describe("Failover"),
      logging: logging.describe("Log"),
      strategy: z.string().optional().describe("Plain name of the strategy, for example `round-robin`"),
      read_only: z.boolean().optional().describe("Whether actions that change something are refused"),
      pacing: z.string().nullable().optional().describe("Requests per proxy and site, for example `15/min`"),
      persistent: z.boolean().optional().describe("Whether the pool is kept on disk"),
    },
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
