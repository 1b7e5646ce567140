/** The errors of the actions: HTTP-like codes, texts of the guide, and what to do next. */
import { ProxyWhirlError } from "../core/errors.ts";
import { excerpt } from "./boundary.ts";
import { presentWait } from "./presenters.ts";
import type { ActionErrorBody } from "../../gen/models.ts";

/** Codes of {@linkcode ActionError}. */
export type ActionErrorCode = 400 | 401 | 403 | 404 | 409 | 429 | 500 | 501 | 503 | 504;

/** Further facts of an {@linkcode ActionError}. */
export interface ActionErrorOptions extends ErrorOptions {
  /** When the same call may succeed, ms from now. */
  readonly retryAfterMs?: number | undefined;
  /** What the caller should do next, one sentence. */
  readonly nextStep?: string | undefined;
}

/** An action cannot be done. It becomes the `{ error, code }` that the caller gets. */
export class ActionError extends ProxyWhirlError {
  /** HTTP-like code. */
  readonly status: ActionErrorCode;
  /** When the same call may succeed, ms from now. */
  readonly retryAfterMs: number | undefined;
  /** What the caller should do next. */
  readonly nextStep: string | undefined;

  /**
   * Makes the error.
   *
   * @param status HTTP-like code
   * @param message One sentence
   * @param options When to come back, and what to do next
   */
  constructor(status: ActionErrorCode, message: string, options: ActionErrorOptions = {}) {
    super("ACTION_FAILED", message, options.cause === undefined ? {} : { cause: options.cause });
    this.status = status;
    this.retryAfterMs = options.retryAfterMs;
    this.nextStep = options.nextStep;
  }

  /** The error as it goes over the wire, not yet redacted. */
  toBody(): ActionErrorBody {
    return {
      error: this.message,
      code: this.status,
      ...(this.retryAfterMs === undefined ? {} : { retry_after_s: presentWait(this.retryAfterMs) }),
      ...(this.nextStep === undefined ? {} : { next_step: this.nextStep }),
    };
  }
}

/** 404 for an id that no proxy has. */
export function proxyNotFound(id: string): ActionError {
  return new ActionError(404, `Proxy not found: ${excerpt(id)}`, {
    nextStep: "Call list to see the ids of the proxies in the pool.",
  });
}
