/** The error of a request that no attempt could carry out. */

import { ProxyWhirlError, redactText } from "../core/mod.ts";
import type { Attempt } from "./proxied_response.ts";

/** No attempt got an answer. */
export class RequestFailedError extends ProxyWhirlError {
  /** Every try, in order. */
  readonly attempts: readonly Attempt[];

  /**
   * Makes the error.
   *
   * @param attempts Every try, in order
   * @param cause What ended the last one
   */
  constructor(attempts: readonly Attempt[], cause: unknown) {
    const last = attempts.at(-1);
    const why = last === undefined ? "no attempt was made" : redactText(last.reason);
    const count = attempts.length === 1 ? "The only attempt" : `Every one of ${attempts.length} attempts`;
    super("ALL_ATTEMPTS_FAILED", `${count} failed; the last one: ${why}`, { cause });
    this.attempts = attempts;
  }
}
