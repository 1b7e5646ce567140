/**
 * Whether somebody wants traces and metrics through OpenTelemetry: an SDK that is registered says so at a well-known
 * place of the process. Until then its API is not even loaded, and a call costs one look at that place.
 *
 * @module
 */
import type { LogFields } from "./logger.ts";

/** Where every copy of `@opentelemetry/api` 1.x looks, and where Deno's own exporter registers with `OTEL_DENO`. */
const REGISTRY = Symbol.for("opentelemetry.js.api.1");

let activeTrace: (() => LogFields) | undefined;

/** Whether an SDK is registered. */
export function isTelemetryWanted(): boolean {
  return REGISTRY in globalThis;
}

/** Says how the ids of the trace that is going on are found, once the API is loaded. */
export function setTraceFields(read: () => LogFields): void {
  activeTrace = read;
}

/** The ids of the trace that is going on, for log lines; nothing without one. */
export function traceFields(): LogFields {
  return activeTrace?.() ?? NONE;
}

const NONE: LogFields = Object.freeze({});
