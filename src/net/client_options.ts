/** How a `ProxyClient` is set up, and what a single request may ask for. */

import type { Settings } from "../../gen/settings.ts";
import type { AcquireOptions } from "../core/mod.ts";
import type { AttemptTimeouts } from "./net_context.ts";
import type { NetObserver } from "./net_observer.ts";
import type { RetryOptions } from "./retry_policy.ts";
import type { VerdictRule } from "./verdict_rules.ts";

/** Settings of a client; all optional. */
export interface ProxyClientOptions {
  /** Longest time from the call to the head of the answer, all attempts included, ms. @default {30_000} */
  readonly timeoutMs?: number;
  /** Longest time of one attempt, ms. @default {half of `timeoutMs`} */
  readonly attemptTimeoutMs?: number;
  /** Deadlines of the phases of an attempt. */
  readonly timeouts?: Partial<AttemptTimeouts>;
  /** When and how often a request is tried again. */
  readonly retry?: Partial<RetryOptions>;
  /** Start a second attempt when the first has no answer after this time, ms; idempotent requests only. */
  readonly hedgeAfterMs?: number;
  /** Check certificates. @default {true} */
  readonly verifyTls?: boolean;
  /** Certificates of authorities to trust instead of the built-in ones, PEM. */
  readonly ca?: string | readonly string[];
  /** Follow redirects when the request does not say. @default {true} */
  readonly followRedirects?: boolean;
  /** Redirects that are followed. @default {20} */
  readonly maxRedirects?: number;
  /** Connections per proxy and site. @default {10} */
  readonly poolConnections?: number;
  /** Idle connections kept per proxy and site. @default {5} */
  readonly poolMaxKeepalive?: number;
  /** Idle connections kept in all. @default {512} */
  readonly poolMaxIdle?: number;
  /** Idle connections are closed after this time, ms. @default {30_000} */
  readonly poolIdleMs?: number;
  /** Allow sites on private and loopback addresses. @default {false} */
  readonly allowPrivateTargets?: boolean;
  /**
   * Rules that go before those that come with the program. Their texts are used as they are; read those of others with
   * {@linkcode readVerdictRules}, which bounds the time they take.
   */
  readonly verdictRules?: readonly VerdictRule[];
  /** Value for `user-agent` when a request gives none. @default {"Mozilla/5.0 (compatible; proxywhirl)"} */
  readonly userAgent?: string;
  /** Hears what the client does. */
  readonly observer?: NetObserver | undefined;
}

/** What a request may ask for besides what `fetch` knows. */
export interface ProxyInit extends Omit<AcquireOptions, "exclude" | "ttlMs" | "performance"> {
  /** Time limit of this request, ms. */
  readonly timeoutMs?: number;
  /** Retries of this request. */
  readonly retry?: Partial<RetryOptions>;
  /** Hedging of this request, ms; `null` for none. */
  readonly hedgeAfterMs?: number | null;
  /** Sending it twice does no harm, whatever the method promises. */
  readonly idempotent?: boolean;
  /** Send plain HTTP through a tunnel as well, where the proxy speaks HTTP. @default {false} */
  readonly tunnel?: boolean;
}

/** Second argument of `fetch`. */
export type ProxyRequestInit = RequestInit & ProxyInit;

/** Options of a client for the settings in force; but the verdict rules, which are read from files. */
export function clientOptionsFrom(settings: Settings): ProxyClientOptions {
  const { retryPolicy } = settings;
  const { hedgeAfterS } = retryPolicy;
  return {
    timeoutMs: settings.timeoutS * 1000,
    verifyTls: settings.verifySsl,
    followRedirects: settings.followRedirects,
    poolConnections: settings.poolConnections,
    poolMaxKeepalive: settings.poolMaxKeepalive,
    allowPrivateTargets: settings.allowPrivateTargets,
    retry: {
      maxAttempts: retryPolicy.maxAttempts,
      backoff: retryPolicy.backoffStrategy,
      baseDelayMs: retryPolicy.baseDelayS * 1000,
      maxDelayMs: retryPolicy.maxBackoffDelayS * 1000,
      multiplier: retryPolicy.multiplier,
    },
    ...(hedgeAfterS === null ? {} : { hedgeAfterMs: hedgeAfterS * 1000 }),
  };
}
