/**
 * `fetch` through a pool of proxies: the right proxy is chosen, others follow when it fails, and every outcome is
 * learned from.
 *
 * @example
 * ```ts ignore
 * const client = new ProxyClient(rotator);
 * const response = await client.fetch("https://shop.example/item/1", { region: "US", session: "cart-42" });
 * console.log(response.status, response.proxy, response.attempts);
 * await client.close();
 * ```
 */

import { type Outcome, type PoolProxy, ProxyNotFoundError, type ProxyRotator } from "../core/mod.ts";
import type { ProxyClientOptions, ProxyInit, ProxyRequestInit } from "./client_options.ts";
import { endpointOf } from "./endpoint.ts";
import { Failover, type FailoverTerms } from "./failover.ts";
import type { AttemptTimeouts, NetContext } from "./net_context.ts";
import { attempt, type AttemptResult } from "./one_attempt.ts";
import { prepareRequest } from "./prepared_request.ts";
import { type Attempt, ProxiedResponse } from "./proxied_response.ts";
import { DEFAULT_RETRY, type RetryOptions } from "./retry_policy.ts";
import { nextTurn } from "./sleep.ts";
import { SocketPool } from "./socket_pool.ts";
import { checkTarget } from "./target_guard.ts";
import { TlsLayer } from "./tls_layer.ts";
import { VerdictClassifier } from "./verdict.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_TIMEOUTS: AttemptTimeouts = Object.freeze({
  connectMs: 10_000,
  handshakeMs: 10_000,
  tlsMs: 10_000,
  firstByteMs: 30_000,
  bodyIdleMs: 30_000,
  unreadMs: 300_000,
});

/** Terms of a check of one proxy on one site. */
export interface CheckOptions {
  /** Longest time, ms. @default {15_000} */
  readonly timeoutMs?: number;
  /** Ends the check. */
  readonly signal?: AbortSignal;
  /** Method. @default {"GET"} */
  readonly method?: "GET" | "HEAD";
  /** Header fields. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An HTTP client over a pool. */
export class ProxyClient {
  readonly #rotator: ProxyRotator;
  readonly #options: ProxyClientOptions;
  readonly #context: NetContext;
  readonly #retry: RetryOptions;

  /**
   * Makes a client.
   *
   * @param rotator Where proxies come from, and who learns
   * @param options Settings
   * @throws {ProxyWhirlError} `INVALID_VERDICT_RULE` for a rule that cannot be used
   */
  constructor(rotator: ProxyRotator, options: ProxyClientOptions = {}) {
    this.#rotator = rotator;
    this.#options = options;
    this.#retry = { ...DEFAULT_RETRY, ...options.retry };
    this.#context = {
      pool: new SocketPool({
        maxPerKey: options.poolConnections,
        maxIdlePerKey: options.poolMaxKeepalive,
        maxIdle: options.poolMaxIdle,
        idleMs: options.poolIdleMs,
      }),
      tls: new TlsLayer({ verify: options.verifyTls, ca: options.ca }),
      classifier: new VerdictClassifier(options.verdictRules),
      timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
      allowPrivate: options.allowPrivateTargets ?? false,
      observer: options.observer,
    };
  }

  /** Connections that are open now, idle ones included. */
  get openConnections(): number {
    return this.#context.pool.idleCount + this.#context.pool.busyCount;
  }

  /**
   * Requests a URL through the pool.
   *
   * Resolves with whatever answer could be had, as `fetch` does: a refusal of the site that no other proxy could
   * avoid is an answer too; see {@linkcode ProxiedResponse.verdict}. The time limit ends with the head of the answer.
   *
   * @throws {NoProxyAvailableError} when no proxy can be chosen, now or within the time limit
   * @throws {RequestFailedError} when no attempt got an answer
   * @throws {TargetRefusedError} for a site on a private address, also after a redirect
   * @throws {TypeError} for what `fetch` refuses too
   * @throws the reason of the signal when the caller gives up
   */
  async fetch(input: string | URL | Request, init: ProxyRequestInit = {}): Promise<ProxiedResponse> {
    const signal = init.signal ?? (input instanceof Request ? input.signal : undefined) ?? undefined;
    signal?.throwIfAborted();
    const request = await prepareRequest(input, init, {
      idempotent: init.idempotent,
      maxRedirects: this.#options.maxRedirects ?? 20,
      userAgent: this.#options.userAgent ?? "Mozilla/5.0 (compatible; proxywhirl)",
    });
    const redirect = init.redirect ?? (input instanceof Request ? input.redirect : undefined);
    const observer = this.#context.observer?.requestStarted?.(request);
    const terms = { ...this.#terms(init, redirect, signal), observer };
    const failover = new Failover(this.#rotator, this.#context, terms);
    const { attempts } = failover;
    try {
      checkTarget(request.url, { allowPrivateTargets: this.#context.allowPrivate });
      const response = await respond(await failover.run(request), failover);
      observer?.ended({ verdict: response.verdict, statusCode: response.status, attempts });
      return response;
    } catch (error) {
      request.body?.cancel();
      observer?.ended({ error, attempts });
      throw error;
    }
  }

  /**
   * Tries one proxy on one site, once, and learns from the outcome. Redirects are not followed, the body is dropped.
   *
   * @param id Id of the proxy
   * @throws {ProxyNotFoundError} for an unknown id
   * @throws {TargetRefusedError} for a site on a private address
   * @throws the reason of the signal when the caller gives up
   */
  async check(id: string, url: string | URL, options: CheckOptions = {}): Promise<Attempt> {
    const proxy = this.#rotator.getProxy(id);
    if (proxy === undefined) throw new ProxyNotFoundError(id);
    const { headers, method, signal, timeoutMs = 15_000 } = options;
    const request = await prepareRequest(url, { method: method ?? "GET", headers: headers ?? {} }, {
      maxRedirects: 0,
      userAgent: this.#options.userAgent ?? "Mozilla/5.0 (compatible; proxywhirl)",
    });
    checkTarget(request.url, { allowPrivateTargets: this.#context.allowPrivate });
    const observer = this.#context.observer?.checkStarted?.({ ...request, proxy, number: 1 });
    let tried: Attempt | undefined;
    try {
      const result = await attempt(this.#context, endpointOf(proxy), request, {
        signal,
        deadline: performance.now() + timeoutMs,
        redirect: "manual",
        tunnel: false,
        staysOnSite: true,
        onBodyFailure: () => {},
      });
      result.answer?.reader?.cancel();
      tried = attemptOf(proxy, result);
      if (this.#rotator.getProxy(id) !== undefined) {
        this.#rotator.report(id, { ...outcomeOf(result), target: request.url.hostname });
      }
      return tried;
    } finally {
      observer?.ended(tried);
    }
  }

  /** Ends all connections, busy ones included. */
  close(): void {
    this.#context.pool.close();
  }

  #terms(
    init: ProxyInit,
    redirect: RequestRedirect | undefined,
    signal: AbortSignal | undefined,
  ): Omit<FailoverTerms, "observer"> {
    const timeoutMs = init.timeoutMs ?? this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const { exclusive, protocol, region, renew, session, tag } = init;
    const hedgeAfterMs = init.hedgeAfterMs === undefined ? this.#options.hedgeAfterMs : init.hedgeAfterMs;
    return {
      criteria: given({ exclusive, protocol, region, renew, session, tag }),
      target: init.target,
      deadline: performance.now() + timeoutMs,
      attemptMs: this.#options.attemptTimeoutMs ?? timeoutMs / 2,
      signal,
      retry: { ...this.#retry, ...init.retry },
      hedgeAfterMs: hedgeAfterMs ?? undefined,
      redirect: redirect ?? (this.#options.followRedirects === false ? "manual" : "follow"),
      tunnel: init.tunnel ?? false,
    };
  }
}

/** The members that are not undefined. */
function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

async function respond(result: AttemptResult, failover: Failover): Promise<ProxiedResponse> {
  const { answer, request } = result;
  const answeredBy = failover.recordOf(result);
  if (answer === undefined || answeredBy === undefined) {
    throw new TypeError("An attempt ended without an answer");
  }
  const { headers, reader, status, statusText } = answer;
  let body: BodyInit | null = null;
  if (reader !== null) {
    const arrived = reader.takeArrived();
    body = arrived === undefined ? reader.stream() : arrived as Uint8Array<ArrayBuffer>;
    if (arrived === undefined) reader.watch();
  }
  // All is read: one turn, and the connection is back for whoever asks next.
  if (!(body instanceof ReadableStream)) await nextTurn();
  return new ProxiedResponse(body, { statusText, headers }, {
    status,
    url: request.url.href,
    isRedirected: request.isRedirected,
    attempts: [...failover.attempts],
    answeredBy,
  });
}

function outcomeOf(result: AttemptResult): Outcome {
  const { answer, latencyMs, reason, verdict } = result;
  return {
    verdict,
    latencyMs,
    reason,
    ...(answer === undefined ? {} : { statusCode: answer.status }),
    ...(result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs }),
  };
}

function attemptOf(proxy: PoolProxy, result: AttemptResult): Attempt {
  const { answer, isCommitted, latencyMs, reason, rule, verdict } = result;
  return {
    proxyId: proxy.id,
    proxy: proxy.publicUrl,
    verdict,
    rule,
    reason,
    statusCode: answer?.status ?? null,
    latencyMs,
    isCommitted,
  };
}
