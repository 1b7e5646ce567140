/** The conditions that callers of the core catch, each with a stable `code`. */

/** Base of every error that this package throws on purpose. */
export class ProxyWhirlError extends Error {
  /** Stable, upper case, for programs. */
  readonly code: string;

  /**
   * Makes an error with a stable code.
   *
   * @param code Stable name of the condition
   * @param message One sentence for people; never holds a credential
   * @param options The error that caused this one
   */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A text is not the URL of a proxy. The message holds no credential. */
export class InvalidProxyUrlError extends ProxyWhirlError {
  /** What is wrong, without the input. */
  readonly reason: string;

  /**
   * Makes the error for one text.
   *
   * @param input The text, already redacted
   * @param reason What is wrong with it, and what is allowed
   */
  constructor(input: string, reason: string) {
    super("INVALID_PROXY_URL", `Cannot read proxy "${input}": ${reason}`);
    this.reason = reason;
  }
}

/** No proxy has this id. */
export class ProxyNotFoundError extends ProxyWhirlError {
  /**
   * Makes the error for one id.
   *
   * @param id The id as given
   */
  constructor(id: string) {
    super("PROXY_NOT_FOUND", `Proxy not found: ${id.slice(0, 100)}`);
  }
}

/** A strategy name or its options are not known. */
export class UnknownStrategyError extends ProxyWhirlError {
  /**
   * Makes the error for one name.
   *
   * @param name The name as given
   * @param allowed The names that are
   */
  constructor(name: string, allowed: readonly string[]) {
    super("UNKNOWN_STRATEGY", `Unknown strategy "${name.slice(0, 60)}": use one of ${allowed.join(", ")}`);
  }
}

/** Why proxies were left out of a choice; each key counts proxies. */
export type RejectionCounts = Readonly<Record<string, number>>;

/** Nothing could be chosen now. */
export class NoProxyAvailableError extends ProxyWhirlError {
  /** When the next proxy frees up, ms from now; absent when none will by itself. */
  readonly retryAfterMs?: number;
  /** How many proxies were left out, by reason. */
  readonly counts: RejectionCounts;

  /**
   * Makes the error for one request.
   *
   * @param message What was asked for and why nothing fits
   * @param counts How many proxies were left out, by reason
   * @param retryAfterMs When the next one frees up
   */
  constructor(message: string, counts: RejectionCounts, retryAfterMs?: number) {
    super("NO_PROXY_AVAILABLE", message);
    this.counts = counts;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}
