/** `request`: an HTTP request through the pool, with an answer that fits into a conversation. */
import type { RequestAttempt, RequestInput, RequestOutput } from "../../../gen/models.ts";
import type { PoolProxy } from "../../core/mod.ts";
import type { Attempt, ProxiedResponse, ReadableBody } from "../../net/mod.ts";
import { type HandlerContext, toCriteria } from "../handler_context.ts";
import { toNetworkError } from "../network_error.ts";
import { presentLatency } from "../presenters.ts";

const DEFAULT_MAX_BYTES = 20_000;
/** More is never read of an answer, whatever may be shown of it. */
const READ_LIMIT_BYTES = 10_485_760;
/** A head that comes at the last moment still gets this long for its body. */
const LEAST_BODY_MS = 1_000;
/** Longest header field that is shown, and all of them together, characters. */
const MAX_FIELD_LENGTH = 2_000;
const MAX_HEADERS_LENGTH = 16_000;
/** Refusals after which an assistant should stop instead of trying on. */
const ENOUGH_REFUSALS = 2;

/** Sends the request, tries other proxies when one fails, and shows a bounded answer. */
export async function request(input: RequestInput, context: HandlerContext): Promise<RequestOutput> {
  const { client, net } = await context.network();
  const { region, protocol, tag, target } = toCriteria(input.criteria);
  const timeoutMs = (input.timeout_s ?? context.settings.timeoutS) * 1000;
  const start = performance.now();
  try {
    const response = await client.fetch(input.url, {
      method: input.method ?? "GET",
      ...(input.headers && { headers: input.headers }),
      ...(input.body !== undefined && { body: input.body }),
      ...(region !== undefined && { region }),
      ...(protocol !== undefined && { protocol }),
      ...(tag !== undefined && { tag }),
      ...(target !== undefined && { target }),
      ...(input.session !== undefined && { session: input.session }),
      timeoutMs,
      ...(context.call.signal && { signal: context.call.signal }),
    });
    const hide = hider(response.attempts.map(({ proxyId }) => context.rotator.getProxy(proxyId)));
    const body = await net.readBody(response, {
      edit: hide,
      format: input.format ?? "raw",
      maxBytes: input.max_bytes ?? DEFAULT_MAX_BYTES,
      readLimitBytes: READ_LIMIT_BYTES,
      timeoutMs: Math.max(LEAST_BODY_MS, timeoutMs - (performance.now() - start)),
      signal: context.call.signal,
    });
    return present(response, body, hide);
  } catch (error) {
    throw toNetworkError(error, { criteria: toCriteria(input.criteria), context, net });
  }
}

function present(
  response: ProxiedResponse,
  body: ReadableBody,
  hide: (text: string) => string,
): RequestOutput {
  const { attempts, verdict } = response;
  const nextStep = nextStepFor(response, body);
  return {
    status: response.status,
    verdict,
    headers: presentHeaders(response.headers, hide),
    body: body.text,
    truncated: body.isTruncated,
    bytes: body.bytes,
    proxy_id: response.proxyId,
    attempts: attempts.map(presentAttempt),
    ...(nextStep !== undefined && { next_step: nextStep }),
  };
}

/**
 * Header fields within bounds: a site may send 64 kB of them, which nobody wants to read. Cookies are the one field that
 * cannot be written in one line; each has its own.
 */
function presentHeaders(headers: Headers, hide: (text: string) => string): Record<string, string> {
  const shown = new Map<string, string>();
  let left = MAX_HEADERS_LENGTH;
  for (const [name, value] of headers) {
    const text = hide(name === "set-cookie" ? headers.getSetCookie().join("\n") : value);
    const limit = Math.min(MAX_FIELD_LENGTH, left - name.length);
    if (shown.has(name) || limit <= 0) continue;
    shown.set(name, text.length > limit ? `${text.slice(0, limit)}…` : text);
    left -= name.length + Math.min(text.length, limit);
  }
  return Object.fromEntries(shown);
}

function presentAttempt({ proxyId, verdict, latencyMs, reason, rule }: Attempt): RequestAttempt {
  return { proxy_id: proxyId, verdict, latency_ms: presentLatency(latencyMs), rule, reason };
}

function nextStepFor({ verdict, attempts, status }: ProxiedResponse, body: ReadableBody): string | undefined {
  const refusals = attempts.filter((attempt) => attempt.verdict === "blocked").length;
  if (verdict === "blocked" && refusals >= ENOUGH_REFUSALS) {
    return `The site refused ${refusals} proxies. Do not repeat this request: call check_target to see whether ` +
      "it lets any in, and go slower or stop.";
  }
  if (verdict === "blocked") {
    return "The site refused the proxy. Wait before trying again; call check_target to see whether it lets any in.";
  }
  if (verdict === "target_error") return `The site itself failed (${status}). Try again later.`;
  if (!body.isText) return "The body is no text, so only its size and type are shown.";
  if (body.isLate) {
    return "The site was too slow: the body was cut at the time limit. Give more time with timeout_s.";
  }
  if (body.isTruncated) {
    return "The body was cut. Ask for more with max_bytes, or for less with format: markdown.";
  }
  return undefined;
}

/** Takes the credentials of the proxies used out of what the site sent: a site may echo what a proxy passed on. */
function hider(proxies: readonly (PoolProxy | undefined)[]): (text: string) => string {
  const secrets = new Set<string>();
  for (const proxy of proxies) {
    const { username, password } = proxy?.endpoint ?? {};
    if (!password) continue;
    const pair = `${username}:${password}`;
    secrets.add(pair).add(btoa(toBinary(pair)));
    // A shorter word is in every page by chance, and taking it out there would show it rather than hide it.
    if (password.length >= 4) secrets.add(password).add(encodeURIComponent(password));
  }
  return (text) => [...secrets].reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
}

function toBinary(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
