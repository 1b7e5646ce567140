/** Says why nothing could be chosen, and what to do about it. */
import {
  type Criteria,
  NoProxyAvailableError,
  type ProxyRotator,
  type RejectionCounts,
  type RejectionReason,
} from "../core/mod.ts";
import { ActionError } from "./action_error.ts";

/** What a caller asked for; proxies left out for these are none of those that match. */
const FILTERS: ReadonlySet<string> = new Set<RejectionReason>(["region", "protocol", "tag", "already_tried"]);

/** Reasons that pass by waiting for a slot, not for a proxy to get well. */
const PACED: ReadonlySet<string> = new Set<RejectionReason>(["paced", "target_cooling_down"]);

/** The error for a choice that failed; `undefined` when `error` is of another kind. */
export function noProxyAvailable(
  error: unknown,
  criteria: Criteria,
  rotator: ProxyRotator,
): ActionError | undefined {
  if (!(error instanceof NoProxyAvailableError)) return undefined;
  const { counts, retryAfterMs } = error;
  return nothingFits({ counts, retryAfterMs, cause: error }, criteria, rotator);
}

/** What is known of a choice that failed. */
export interface FailedChoice {
  /** Proxies left out, by reason. */
  readonly counts: RejectionCounts;
  /** When the next one frees up. */
  readonly retryAfterMs: number | undefined;
  /** The error of the core, if there was one. */
  readonly cause?: unknown;
}

/** 404 when no proxy of the pool is in the region, 429 when all are only paced, else 503. */
export function nothingFits(choice: FailedChoice, criteria: Criteria, rotator: ProxyRotator): ActionError {
  const { retryAfterMs, cause } = choice;
  if (rotator.size === 0) {
    return new ActionError(503, "No proxy available: the pool is empty", {
      cause,
      nextStep:
        "Call fetch to fill it from public lists, add proxies with add, or import a list with the command `import FILE`.",
    });
  }
  const { region } = criteria;
  if (region !== undefined && rotator.proxies({ region }).next().done === true) {
    return new ActionError(404, `No proxies found for region: ${region}`, {
      cause,
      nextStep: "Leave the region out, or call list to see which regions there are.",
    });
  }
  const reasons = Object.entries(choice.counts).filter(([, count]) => count > 0);
  const matching = reasons.filter(([name]) => !FILTERS.has(name));
  if (matching.length > 0 && matching.every(([name]) => PACED.has(name))) {
    const isCooling = matching.some(([name]) => name === "target_cooling_down");
    return new ActionError(
      429,
      isCooling ? "The site asked everybody to wait" : "All matching proxies are paced",
      { cause, retryAfterMs, nextStep: "Call again after retry_after_s seconds." },
    );
  }
  const why = reasons.map(([name, count]) => `${count} ${name.replaceAll("_", " ")}`).join(", ");
  return new ActionError(503, `No proxy available${why === "" ? "" : `: ${why}`}`, {
    cause,
    retryAfterMs,
    nextStep: retryAfterMs === undefined
      ? "Ask for less (criteria), add proxies, or call explain to see what keeps each out."
      : "Call again after retry_after_s seconds, or ask for less (criteria).",
  });
}
