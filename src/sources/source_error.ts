/** What goes wrong with a source, told apart for programs. */

import { ProxyWhirlError } from "../core/mod.ts";

/** Stable names of the failures of a source. */
export type SourceErrorCode =
  | "SOURCE_UNREACHABLE"
  | "SOURCE_TIMED_OUT"
  | "SOURCE_REFUSED"
  | "SOURCE_STATUS"
  | "SOURCE_REDIRECTS"
  | "SOURCE_ENCODING"
  | "SOURCE_EMPTY"
  | "UNKNOWN_SOURCE"
  | "INVALID_SOURCE";

/** A source could not be read, or is none. The message holds no credential. */
export class SourceError extends ProxyWhirlError {
  /** Stable name. */
  declare readonly code: SourceErrorCode;
  /** When the source asked to be left alone: from now, ms. */
  readonly retryAfterMs?: number;

  /**
   * Makes the error.
   *
   * @param code Stable name
   * @param message One sentence for people
   * @param options When to come back, and the error that caused this one
   */
  constructor(
    code: SourceErrorCode,
    message: string,
    options: ErrorOptions & { readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(code, message, options.cause === undefined ? undefined : { cause: options.cause });
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}
