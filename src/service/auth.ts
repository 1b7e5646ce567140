/**
 * The API key check.
 *
 * Keys are compared by their SHA-256 digests in constant time, so that neither the length of the key nor the
 * position of the first wrong character shows in the time an answer takes.
 *
 * @module
 */
import { cryptography } from "../runtime/mod.ts";

/** Options of {@linkcode MCPAuth}. */
export interface MCPAuthOptions {
  /** The key that callers must show; absent, `null` or empty: every caller is let in. */
  readonly apiKey?: string | null | undefined;
}

/**
 * Decides whether a caller may use the pool.
 *
 * @example
 * ```ts
 * import { MCPAuth } from "@proxywhirl/mcp";
 *
 * const auth = new MCPAuth({ apiKey: "correct horse" });
 * auth.isAllowed("correct horse"); // true
 * auth.isAllowed(undefined); // false
 * new MCPAuth().isAllowed(undefined); // true: no key configured
 * ```
 */
export class MCPAuth {
  readonly #digest: Uint8Array | null;

  /**
   * Makes a check.
   *
   * @param options The key; without one everybody is allowed
   */
  constructor(options: MCPAuthOptions = {}) {
    const key = options.apiKey ?? "";
    this.#digest = key === "" ? null : digest(key);
  }

  /** Whether a key is configured at all. */
  get isRequired(): boolean {
    return this.#digest !== null;
  }

  /** Whether a caller who shows this key may go on; always true when no key is configured. */
  isAllowed(apiKey: string | null | undefined): boolean {
    return this.#digest === null || cryptography().timingSafeEqual(this.#digest, digest(apiKey ?? ""));
  }
}

function digest(key: string): Uint8Array {
  return cryptography().createHash("sha256").update(key, "utf8").digest();
}
