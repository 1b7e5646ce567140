/**
 * One try to carry a request out through one proxy: connection, request, head of the answer, judgement, and any
 * redirects within the same site. Says what happened; what follows from it is decided elsewhere.
 */

import type { IncomingMessage } from "node:http";
import { type ProxyUrl, targetOf, type Verdict } from "../core/mod.ts";
import { BodyReader, codingsOf } from "./body_reader.ts";
import { dial, type DialTarget, type ProxyEndpoint, usesAbsoluteForm } from "./dial.ts";
import { NetError } from "./errors.ts";
import { basicAuthorization } from "./http_connect.ts";
import { exchange, type HeaderFields } from "./http_exchange.ts";
import { headersFrom, portOf } from "./http_request.ts";
import type { NetContext } from "./net_context.ts";
import { observeDial } from "./net_observer.ts";
import type { PreparedRequest } from "./prepared_request.ts";
import { followRedirect, redirectTarget } from "./redirect.ts";
import { retryAfterMs } from "./retry_after.ts";
import type { PooledSocket } from "./socket_pool.ts";
import { checkTarget } from "./target_guard.ts";
import { JUDGED_BYTES, type JudgedAnswer } from "./verdict.ts";

/** A proxy as an attempt needs it; connections of different credentials are kept apart by its `href`. */
export type AttemptProxy = ProxyEndpoint & Pick<ProxyUrl, "href">;

/** Terms of one attempt. */
export interface AttemptTerms {
  /** Ends it at any stage. */
  readonly signal?: AbortSignal | undefined;
  /** When its head must be there, on the clock of `performance`. */
  readonly deadline: number;
  /** What to do with redirects. */
  readonly redirect: RequestRedirect;
  /** Send plain HTTP through a tunnel as well. */
  readonly tunnel: boolean;
  /** Whether a redirect may lead to another site; otherwise the attempt ends there, and the request goes on. */
  readonly staysOnSite: boolean;
  /** Is told when the body breaks off later. */
  readonly onBodyFailure: (error: NetError) => void;
}

/** The head of an answer, with the body still to be read. */
export interface AnswerHead {
  /** HTTP status. */
  readonly status: number;
  /** Its text. */
  readonly statusText: string;
  /** Header fields, those of a decoded body removed. */
  readonly headers: Headers;
  /** Reads the body; `null` when there is none. */
  readonly reader: BodyReader | null;
}

/** What came of an attempt. */
export interface AttemptResult {
  /** What happened. */
  readonly verdict: Verdict;
  /** Rule or error code that decided. */
  readonly rule: string;
  /** The same in a few words. */
  readonly reason: string;
  /** The answer, if there is one. */
  readonly answer?: AnswerHead;
  /** What failed, if there is none. */
  readonly error?: unknown;
  /** Time to the head of the first answer, or to the failure, ms. */
  readonly latencyMs: number;
  /** How long the site wants everybody to wait, ms. */
  readonly retryAfterMs?: number;
  /** Whether anything of the request may have reached the site. */
  readonly isCommitted: boolean;
  /** The request as far as it got: redirects that were followed count. */
  readonly request: PreparedRequest;
  /** The request to another site that a redirect asks for. */
  readonly next?: PreparedRequest;
}

interface Head {
  readonly message: IncomingMessage;
  readonly isAbsolute: boolean;
}

/** A fresh connection is surely open; one that has waited for a moment nearly surely; none may be used in vain. */
const MAX_IDLE_AGE_ONCE_ONLY_MS = 1_000;
/** How long the start of a body is waited for, to be judged, ms. */
const PEEK_MS = 500;

/**
 * Makes one attempt.
 *
 * @throws the reason of the signal, and what is nobody's fault but the caller's
 */
export async function attempt(
  context: NetContext,
  proxy: AttemptProxy,
  request: PreparedRequest,
  terms: AttemptTerms,
): Promise<AttemptResult> {
  const run = new AttemptRun(context, proxy, { terms, request });
  try {
    return await run.run();
  } catch (error) {
    if (!(error instanceof NetError) || terms.signal?.aborted) throw error;
    return run.failed(error);
  }
}

class AttemptRun {
  readonly #context: NetContext;
  readonly #proxy: AttemptProxy;
  readonly #terms: AttemptTerms;
  readonly #start: number = performance.now();
  #request: PreparedRequest;
  #isCommitted = false;
  #latencyMs: number | undefined;

  constructor(
    context: NetContext,
    proxy: AttemptProxy,
    what: { terms: AttemptTerms; request: PreparedRequest },
  ) {
    this.#context = context;
    this.#proxy = proxy;
    this.#terms = what.terms;
    this.#request = what.request;
  }

  async run(): Promise<AttemptResult> {
    for (;;) {
      const request = this.#request;
      const head = await this.#send(request);
      this.#latencyMs ??= performance.now() - this.#start;
      const result = await this.#judge(request, head);
      const { next } = result;
      if (next === undefined) return result;
      await result.answer?.reader?.discard();
      const leaves = targetOf(next.url.hostname) !== targetOf(request.url.hostname);
      if (leaves && !this.#terms.staysOnSite) return result;
      this.#request = next;
      this.#isCommitted = false;
    }
  }

  failed(error: NetError): AttemptResult {
    const { code, message, phase, side } = error;
    const verdict =
      side === "target" && (phase === "target_tls" || phase === "resolve" || phase === "first_byte")
        ? "target_error"
        : "dead";
    return {
      verdict,
      rule: code.toLowerCase().replaceAll("_", "-"),
      reason: message,
      error,
      latencyMs: performance.now() - this.#start,
      isCommitted: this.#isCommitted,
      request: this.#request,
    };
  }

  /** Sends the request; once more on a fresh connection when an old one turns out to be closed. */
  async #send(request: PreparedRequest): Promise<Head> {
    let maxIdleAgeMs = isOnceOnly(request) ? MAX_IDLE_AGE_ONCE_ONLY_MS : undefined;
    for (;;) {
      const target = targetFor(request, this.#terms);
      const isAbsolute = usesAbsoluteForm(this.#proxy, target);
      const pooled = await this.#connect(request, target, maxIdleAgeMs);
      try {
        return { message: await this.#exchange(pooled, request, isAbsolute), isAbsolute };
      } catch (error) {
        if (!pooled.isReused || !isLost(error) || !mayRepeat(request)) throw error;
        maxIdleAgeMs = 0;
      }
    }
  }

  #connect(
    request: PreparedRequest,
    target: DialTarget,
    maxIdleAgeMs: number | undefined,
  ): Promise<PooledSocket> {
    const { allowPrivate, observer, pool, timeouts, tls } = this.#context;
    const { deadline, signal } = this.#terms;
    const key = `${this.#proxy.href} ${request.url.origin}${target.tunnel ? " tunnel" : ""}`;
    const open = () =>
      observeDial(
        observer,
        () => dial(this.#proxy, target, { allowPrivate, deadline, signal, timeouts, tls }),
      );
    return pool.take(key, open, { deadline, maxIdleAgeMs, mustBeOpen: isOnceOnly(request), signal });
  }

  #exchange(pooled: PooledSocket, request: PreparedRequest, isAbsolute: boolean): Promise<IncomingMessage> {
    const { body, method, url } = request;
    const { deadline, signal } = this.#terms;
    // From here on bytes of the request leave for the site.
    this.#isCommitted = true;
    const headers: Record<string, string> = {};
    for (const [name, value] of request.headers) headers[name] = value;
    const authorization = isAbsolute ? basicAuthorization(this.#proxy) : undefined;
    if (authorization !== undefined) headers["proxy-authorization"] = authorization;
    const outgoing = {
      method,
      url,
      headers: headers satisfies HeaderFields,
      body: body === null ? null : body.take(),
      isAbsolute,
      keepAlive: true,
    };
    return exchange(pooled.socket, outgoing, {
      timeoutMs: this.#context.timeouts.firstByteMs,
      deadline,
      signal,
    });
  }

  async #judge(request: PreparedRequest, { message, isAbsolute }: Head): Promise<AttemptResult> {
    const status = message.statusCode ?? 0;
    const headers = headersFrom(message);
    const location = redirectTarget(status, headers, request.url);
    const answer = this.#answer(request, message, headers);
    try {
      const judged = { status, headers, mayBeFromProxy: isAbsolute, location: location?.href };
      const prefix = await this.#prefix(answer, judged);
      const { reason, rule, verdict } = this.#context.classifier.judge(judged, prefix);
      const wait = status === 429 || status === 503 ? retryAfterMs(headers.get("retry-after")) : undefined;
      const result: AttemptResult = {
        verdict,
        rule,
        reason,
        answer,
        latencyMs: this.#latencyMs ?? 0,
        // A proxy that asks for other credentials has passed nothing on.
        isCommitted: rule !== "proxy-auth",
        request,
        ...(wait === undefined ? {} : { retryAfterMs: wait }),
      };
      if (location === undefined || verdict !== "ok" || this.#terms.redirect === "manual") return result;
      if (this.#terms.redirect === "error") throw new TypeError("The site answered with a redirect");
      checkTarget(location, { allowPrivateTargets: this.#context.allowPrivate });
      return { ...result, next: followRedirect(request, status, location) };
    } catch (error) {
      answer.reader?.cancel();
      throw error;
    }
  }

  /** The start of the body, where it matters for the judgement. */
  async #prefix({ reader }: AnswerHead, judged: JudgedAnswer): Promise<Uint8Array | undefined> {
    if (reader === null || !this.#context.classifier.wantsBody(judged)) return undefined;
    const prefix = await reader.peek(JUDGED_BYTES, PEEK_MS);
    // A body that breaks off at once is an answer that never came.
    if (reader.failure !== undefined) throw reader.failure.error;
    return prefix;
  }

  #answer(request: PreparedRequest, message: IncomingMessage, headers: Headers): AnswerHead {
    const status = message.statusCode ?? 0;
    const { statusMessage: statusText = "" } = message;
    if (request.method === "HEAD" || status === 204 || status === 205 || status === 304) {
      message.resume();
      return { status, statusText, headers, reader: null };
    }
    const codings = codingsOf(headers) ?? [];
    if (codings.length > 0) {
      headers.delete("content-encoding");
      headers.delete("content-length");
    }
    const { bodyIdleMs, unreadMs } = this.#context.timeouts;
    const { onBodyFailure, signal } = this.#terms;
    const limits = { idleMs: bodyIdleMs, unreadMs, signal, onFailure: onBodyFailure };
    return { status, statusText, headers, reader: new BodyReader(message, codings, limits) };
  }
}

function targetFor({ url }: PreparedRequest, { tunnel }: AttemptTerms): DialTarget {
  return { host: url.hostname, port: portOf(url), isTls: url.protocol === "https:", tunnel };
}

/** Whether the request can and may go out again. */
export function mayRepeat({ body, isIdempotent }: PreparedRequest): boolean {
  return isIdempotent && (body === null || body.isAvailable);
}

/** Whether a request that was begun to be sent cannot be sent again; a stream is gone then. */
function isOnceOnly(request: PreparedRequest): boolean {
  return !mayRepeat(request) || request.body?.isStream === true;
}

function isLost(error: unknown): boolean {
  return error instanceof NetError &&
    (error.code === "CONNECTION_CLOSED" || error.code === "CONNECTION_RESET");
}
