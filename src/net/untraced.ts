/**
 * Keeps the tracing of the runtime away from what goes through a proxy.
 *
 * Under `OTEL_DENO` Deno instruments `node:http` by itself, and instrumentations of OpenTelemetry do so on Node: they
 * send `traceparent` along, by which a site sees that requests through different proxies belong together, and they
 * export the whole URL with its query. Our own spans do neither.
 *
 * The API of OpenTelemetry is not needed for this: the place where an SDK registers, and the key in its context by
 * which it is told to look away, are the same for all of its copies.
 */

import type { ClientRequest } from "node:http";
import { runtimeInfo } from "../runtime/mod.ts";

/** As much of a context as is used here. */
interface TraceContext {
  setValue(key: symbol, value: unknown): TraceContext;
}

/** What an SDK registers. */
interface Registry {
  readonly context?: {
    active(): TraceContext;
    with<T>(context: TraceContext, run: () => T): T;
  };
}

/** How `node:http` writes the head of a request; Deno has it from Node. */
interface HeadWriter {
  _implicitHeader?: () => void;
  _storeHeader?: (firstLine: string, headers: object) => void;
}

const REGISTRY: unique symbol = Symbol.for("opentelemetry.js.api.1");
const SUPPRESSED = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/** Does something that instrumentations take no note of. */
export function untraced<T>(run: () => T): T {
  const context = registry()?.context;
  return context === undefined ? run() : context.with(context.active().setValue(SUPPRESSED, true), run);
}

/**
 * Has a request write its head without Deno's instrumentation, which does its work there and does not look at the
 * context (2.9.6). Elsewhere, and while nobody traces, nothing changes.
 */
export function writeHeadUntraced(request: ClientRequest): void {
  if (registry() === undefined || runtimeInfo().name !== "Deno") return;
  const writer = request as ClientRequest & HeadWriter;
  if (typeof writer._storeHeader !== "function") return;
  writer._implicitHeader = () => {
    const headers = request.getRawHeaderNames().map((name) => [name, request.getHeader(name)]);
    writer._storeHeader?.(`${request.method} ${request.path} HTTP/1.1\r\n`, Object.fromEntries(headers));
  };
}

function registry(): Registry | undefined {
  return (globalThis as { readonly [REGISTRY]?: Registry })[REGISTRY];
}
