/** The content of `proxy://config`: the guide's keys, then ours. Holds no secret. */
import type { ConfigResource } from "../../gen/models.ts";
import type { Settings } from "../../gen/settings.ts";
import { allowedActions } from "./list_setting.ts";
import type { ProxyRotator } from "../core/mod.ts";

/** The settings in force; strategy and circuit breakers as the rotator has them. */
export function presentConfig(
  rotator: ProxyRotator,
  settings: Settings,
  isPersistent: boolean,
): ConfigResource {
  const { circuitBreaker, strategy } = rotator;
  const { retryPolicy, logging } = settings;
  const allowed = allowedActions(settings);
  return {
    rotation_strategy: strategy.className,
    timeout: settings.timeoutS,
    verify_ssl: settings.verifySsl,
    follow_redirects: settings.followRedirects,
    pool_connections: settings.poolConnections,
    pool_max_keepalive: settings.poolMaxKeepalive,
    circuit_breaker: {
      failure_threshold: circuitBreaker.failureThreshold,
      timeout_duration: circuitBreaker.timeoutDurationMs / 1000,
      window_duration: circuitBreaker.windowDurationMs / 1000,
    },
    retry_policy: {
      max_attempts: retryPolicy.maxAttempts,
      backoff_strategy: retryPolicy.backoffStrategy,
      base_delay: retryPolicy.baseDelayS,
      max_backoff_delay: retryPolicy.maxBackoffDelayS,
      multiplier: retryPolicy.multiplier,
    },
    logging: {
      level: logging.level,
      format: logging.format,
      redact_credentials: logging.redactCredentials,
    },
    strategy: strategy.name,
    read_only: settings.readOnly,
    pacing: rotator.pacing.rate ?? null,
    persistent: isPersistent,
    tools: settings.tools,
    allow_actions: allowed === undefined ? null : [...allowed],
    confirm: settings.confirm,
  };
}
