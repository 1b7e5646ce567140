/**
 * Whether and when a request is tried again.
 *
 * Two budgets, since the two failures mean different things: a dead proxy says nothing about the site, a refusal
 * says that the site looks closely. A pool in which every fifth proxy is dead and every third is refused would
 * use up one common budget on bad luck.
 *
 * | what happened | tried again |
 * |---|---|
 * | the proxy failed, nothing of the request was sent | always, within the budget for dead proxies |
 * | the proxy failed after that | idempotent requests only, same budget |
 * | the site refused the exit | idempotent requests only, within the budget for blocks |
 * | the site's certificate was not accepted | as a dead proxy: nothing was sent, and the proxy may have meddled |
 * | 502, 503, 504 of the site | idempotent requests only, within the budget for blocks, after a wait |
 */

import type { AttemptResult } from "./one_attempt.ts";
import { mayRepeat } from "./one_attempt.ts";

/** How a request is tried again. */
export interface RetryOptions {
  /** Attempts that may end with a dead proxy, and attempts that may end with a refusal; each. @default {3} */
  readonly maxAttempts: number;
  /** How waits grow. @default {"exponential"} */
  readonly backoff: "exponential" | "linear" | "fixed";
  /** First wait, ms. @default {1000} */
  readonly baseDelayMs: number;
  /** Longest wait, ms. @default {60_000} */
  readonly maxDelayMs: number;
  /** Growth from one wait to the next. @default {2} */
  readonly multiplier: number;
}

/** What holds when nothing is said. */
export const DEFAULT_RETRY: RetryOptions = Object.freeze({
  maxAttempts: 3,
  backoff: "exponential",
  baseDelayMs: 1_000,
  maxDelayMs: 60_000,
  multiplier: 2,
});

const TEMPORARY = new Set([502, 503, 504]);

/** Counts what went wrong with one request. */
export class RetryBudget {
  readonly #options: RetryOptions;
  #dead = 0;
  #refused = 0;
  #waits = 0;

  /** @param options Policy */
  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /** Takes a failed attempt in; answers whether there may be another. */
  allowsAnother(result: AttemptResult): boolean {
    switch (kindOf(result)) {
      case "dead":
        return ++this.#dead < this.#options.maxAttempts &&
          (result.isCommitted ? mayRepeat(result.request) : isWhole(result));
      case "refused":
        return ++this.#refused < this.#options.maxAttempts && mayRepeat(result.request);
      case "final":
        return false;
    }
  }

  /**
   * How long to wait before the next attempt, ms. Another proxy needs no rest; a site that failed does. Full jitter
   * (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015).
   */
  delayMs(result: AttemptResult, random: () => number = Math.random): number {
    if (result.verdict !== "target_error" || result.answer === undefined) return 0;
    const { backoff, baseDelayMs, maxDelayMs, multiplier } = this.#options;
    const step = this.#waits++;
    const growth = backoff === "exponential" ? multiplier ** step : backoff === "linear" ? step + 1 : 1;
    return random() * Math.min(maxDelayMs, baseDelayMs * growth);
  }
}

/** Whether nothing better can be had than this result. */
export function isFinal(result: AttemptResult): boolean {
  return kindOf(result) === "final";
}

function kindOf({ answer, verdict }: AttemptResult): "dead" | "refused" | "final" {
  if (verdict === "dead") return "dead";
  if (verdict === "blocked") return "refused";
  if (verdict !== "target_error") return "final";
  if (answer === undefined) return "dead";
  return TEMPORARY.has(answer.status) ? "refused" : "final";
}

function isWhole({ request: { body } }: AttemptResult): boolean {
  return body === null || body.isAvailable;
}
