/**
 * Carries one request out with as many proxies as it takes, within its budgets and its deadline.
 *
 * A request is *committed* when the connection to the site is up and bytes of it are written there: from the tunnel
 * on (or in absolute form, from the connection to the proxy on) it may have reached the site. A committed request is
 * repeated only when it is idempotent, so a POST reaches the site at most once.
 */

import { type AcquireOptions, type Lease, NoProxyAvailableError, type ProxyRotator } from "../core/mod.ts";
import { endpointOf } from "./endpoint.ts";
import { NetError } from "./errors.ts";
import type { NetContext } from "./net_context.ts";
import type { RequestObserver } from "./net_observer.ts";
import { attempt, type AttemptResult, mayRepeat } from "./one_attempt.ts";
import type { PreparedRequest } from "./prepared_request.ts";
import type { Attempt } from "./proxied_response.ts";
import { RequestFailedError } from "./request_failed.ts";
import { isFinal, RetryBudget, type RetryOptions } from "./retry_policy.ts";
import { sleep } from "./sleep.ts";

/** How one request is carried out. */
export interface FailoverTerms {
  /** What the proxy must be like, and for whom it is. */
  readonly criteria: AcquireOptions;
  /** Target to be learned about; the host of the URL when absent. */
  readonly target: string | undefined;
  /** When the head of the answer must be there, on the clock of `performance`. */
  readonly deadline: number;
  /** Longest attempt, ms. */
  readonly attemptMs: number;
  /** The caller's signal. */
  readonly signal: AbortSignal | undefined;
  /** Budgets. */
  readonly retry: RetryOptions;
  /** Start a second attempt when the first has no answer after this time, ms. */
  readonly hedgeAfterMs: number | undefined;
  /** What to do with redirects. */
  readonly redirect: RequestRedirect;
  /** Send plain HTTP through a tunnel as well. */
  readonly tunnel: boolean;
  /** Hears of attempts. */
  readonly observer: RequestObserver | undefined;
}

/** A request under way. */
interface Running {
  readonly lease: Lease;
  readonly done: Promise<AttemptResult>;
  cancel(): void;
}

/** The request is over for this attempt, because another one was faster. */
const HEDGED = Symbol("hedged");
/** An attempt that had less than this share of its time proves nothing by running out of it. */
const FAIR_SHARE = 0.5;

/** Carries one request out. */
export class Failover {
  /** Every attempt so far, in the order in which they ended. */
  readonly attempts: Attempt[] = [];
  readonly #rotator: ProxyRotator;
  readonly #context: NetContext;
  readonly #terms: FailoverTerms;
  readonly #tried: Set<string> = new Set();
  /** Number of the next attempt. */
  #started = 1;
  readonly #records: WeakMap<AttemptResult, Attempt> = new WeakMap();
  /** Proxies through which a certificate was not accepted: the site's fault, unless it is through others. */
  readonly #suspects: { readonly lease: Lease; readonly result: AttemptResult }[] = [];

  /**
   * @param rotator Where proxies come from
   * @param context What all requests share
   * @param terms Terms of this one
   */
  constructor(rotator: ProxyRotator, context: NetContext, terms: FailoverTerms) {
    this.#rotator = rotator;
    this.#context = context;
    this.#terms = terms;
  }

  /** How a result was recorded. */
  recordOf(result: AttemptResult): Attempt | undefined {
    return this.#records.get(result);
  }

  /**
   * The best answer that could be had; its verdict may be `blocked` or `target_error`.
   *
   * @throws {RequestFailedError} when no attempt got an answer
   * @throws {NoProxyAvailableError} when there was no proxy to begin with
   */
  async run(first: PreparedRequest): Promise<AttemptResult> {
    let request: PreparedRequest = first;
    try {
      for (;;) {
        const result = await this.#runOn(request);
        if (result.next === undefined) return result;
        // Another site, another choice: what was tried there says nothing here.
        request = result.next;
        this.#tried.clear();
      }
    } finally {
      this.#clearSuspects(false);
    }
  }

  /** Carries the request out as far as one site goes. */
  async #runOn(first: PreparedRequest): Promise<AttemptResult> {
    const budget = new RetryBudget(this.#terms.retry);
    let held: AttemptResult | undefined;
    let request = first;
    let last: unknown;
    for (;;) {
      let result: AttemptResult;
      try {
        result = await this.#round(request, held === undefined);
      } catch (error) {
        if (error instanceof NoProxyAvailableError) {
          if (held !== undefined) return held;
          if (this.#tried.size > 0) throw new RequestFailedError(this.attempts, last ?? error);
        }
        drop(held);
        throw error;
      }
      if (isFinal(result)) {
        drop(held);
        return result;
      }
      const goesOn = budget.allowsAnother(result);
      last = result.error ?? last;
      if (result.answer !== undefined && result.verdict !== "dead") {
        drop(held);
        held = result;
      } else drop(result);
      const delayMs = goesOn ? budget.delayMs(result) : 0;
      const hasTime = performance.now() + delayMs < this.#terms.deadline;
      if (!goesOn || !hasTime) {
        if (held !== undefined) return held;
        throw new RequestFailedError(this.attempts, last);
      }
      if (delayMs > 0) await sleep(delayMs, this.#terms.signal);
      request = result.request;
    }
  }

  /** One attempt, or with hedging the better of two. */
  async #round(request: PreparedRequest, mayWait: boolean): Promise<AttemptResult> {
    const first = this.#start(await this.#acquire(request, mayWait), request);
    const { hedgeAfterMs } = this.#terms;
    // A stream has only one reader, and the first attempt may not have begun to read it.
    const mayHedge = mayRepeat(request) && request.body?.isStream !== true;
    if (hedgeAfterMs === undefined || !mayHedge) return await first.done;
    const timer = new AbortController();
    const early = await Promise.race([
      first.done,
      sleep(hedgeAfterMs, timer.signal).then(() => undefined, () => undefined),
    ]);
    timer.abort();
    if (early !== undefined) return early;
    const second = this.#startSecond(request);
    return second === undefined ? await first.done : await better(first, second);
  }

  #startSecond(request: PreparedRequest): Running | undefined {
    try {
      return this.#start(this.#rotator.acquire(this.#wish(request)), request);
    } catch (error) {
      if (error instanceof NoProxyAvailableError) return undefined;
      throw error;
    }
  }

  #wish(request: PreparedRequest): AcquireOptions {
    return {
      ...this.#terms.criteria,
      target: this.#terms.target ?? request.url.hostname,
      exclude: this.#tried,
    };
  }

  /** With an answer in hand, though not a good one, nobody wants to wait for a better one. */
  #acquire(request: PreparedRequest, mayWait: boolean): Promise<Lease> | Lease {
    const { deadline, signal } = this.#terms;
    const wish = this.#wish(request);
    if (!mayWait) return this.#rotator.acquire(wish);
    const timeoutMs = Math.max(0, deadline - performance.now());
    return this.#rotator.acquireWhenReady({
      ...wish,
      timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  #start(lease: Lease, request: PreparedRequest): Running {
    this.#tried.add(lease.proxy.id);
    const { attemptMs, deadline, hedgeAfterMs, redirect, signal, target, tunnel } = this.#terms;
    const controller = hedgeAfterMs === undefined ? undefined : new AbortController();
    const both = controller === undefined || signal === undefined
      ? controller?.signal ?? signal
      : AbortSignal.any([controller.signal, signal]);
    const terms = {
      signal: both,
      deadline: Math.min(deadline, performance.now() + attemptMs),
      redirect,
      tunnel,
      staysOnSite: target !== undefined,
      onBodyFailure: (error: NetError) => this.#bodyFailed(lease, error),
    };
    const started = performance.now();
    const { method, url } = request;
    const number = this.#started++;
    const observer = this.#terms.observer?.attemptStarted?.({ method, url, proxy: lease.proxy, number });
    const run = async () => {
      let tried: Attempt | undefined;
      try {
        const result = await attempt(this.#context, endpointOf(lease.proxy), request, terms);
        tried = this.#settle(lease, result, started);
        return result;
      } catch (error) {
        if (error === HEDGED) {
          tried = this.#record(lease, { ...ABANDONED, latencyMs: performance.now() - started });
        }
        lease.release();
        throw error;
      } finally {
        observer?.ended(tried);
      }
    };
    return { lease, done: run(), cancel: () => controller?.abort(HEDGED) };
  }

  /** Tells the rotator and the caller what happened. */
  #settle(lease: Lease, result: AttemptResult, started: number): Attempt {
    const { deadline, attemptMs } = this.#terms;
    const hadItsTime = performance.now() - started >= FAIR_SHARE * attemptMs;
    const isOutOfTime = result.error instanceof NetError && result.error.code === "TIMED_OUT" &&
      performance.now() >= deadline && !hadItsTime;
    const verdict = isOutOfTime ? "aborted" : result.verdict;
    const statusCode = result.answer?.status ?? null;
    const tried = this.#record(lease, { ...result, verdict, statusCode });
    this.#records.set(result, tried);
    if (isCertificate(result)) {
      this.#suspects.push({ lease, result });
      return tried;
    }
    if (result.verdict === "ok" || result.verdict === "blocked") this.#clearSuspects(true);
    lease.report({
      verdict,
      latencyMs: result.latencyMs,
      reason: result.reason,
      ...(statusCode === null ? {} : { statusCode }),
      ...(result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs }),
    });
    return tried;
  }

  #record(lease: Lease, what: Omit<Attempt, "proxyId" | "proxy">): Attempt {
    const { isCommitted, latencyMs, reason, rule, statusCode, verdict } = what;
    const { id, publicUrl } = lease.proxy;
    const tried = {
      proxyId: id,
      proxy: publicUrl,
      verdict,
      rule,
      reason,
      statusCode,
      latencyMs,
      isCommitted,
    };
    this.attempts.push(tried);
    return tried;
  }

  /** Where others are shown a good certificate, who was shown a bad one has a proxy that opens TLS. */
  #clearSuspects(isSiteFine: boolean): void {
    for (const { lease, result } of this.#suspects.splice(0)) {
      lease.report({
        verdict: isSiteFine ? "dead" : "target_error",
        latencyMs: result.latencyMs,
        reason: isSiteFine ? "shows another certificate than other proxies" : result.reason,
      });
    }
  }

  /** The head had been good news; now the proxy let the rest go. */
  #bodyFailed(lease: Lease, error: NetError): void {
    if (error.side !== "proxy" || this.#rotator.getProxy(lease.proxy.id) === undefined) return;
    if (!lease.isEnded) return;
    this.#rotator.report(lease.proxy.id, {
      verdict: "dead",
      reason: error.message,
      ...(lease.target === null ? {} : { target: lease.target }),
    });
  }
}

const ABANDONED = Object.freeze({
  verdict: "aborted",
  rule: "hedged",
  reason: "another attempt was faster",
  statusCode: null,
  isCommitted: true,
});

/** The first of two that is good; when none is, the second to end. The other one is given up. */
async function better(first: Running, second: Running): Promise<AttemptResult> {
  const firstEnd = first.done.then((result) => ({ result, other: second }));
  const secondEnd = second.done.then((result) => ({ result, other: first }));
  let early: { readonly result: AttemptResult; readonly other: Running };
  try {
    early = await Promise.race([firstEnd, secondEnd]);
  } catch (error) {
    for (const { cancel, done } of [first, second]) {
      cancel();
      done.then(drop, () => {});
    }
    throw error;
  }
  const { other, result } = early;
  if (isFinal(result)) {
    other.cancel();
    // It ends at once, and is then among the attempts.
    await other.done.then(drop, () => {});
    return result;
  }
  drop(result);
  return await other.done;
}

/** Gives the answer of an attempt up. */
function drop(result: AttemptResult | undefined): void {
  result?.answer?.reader?.discard().catch(() => {});
}

function isCertificate({ error }: AttemptResult): boolean {
  return error instanceof NetError && error.phase === "target_tls" && error.side === "target";
}
