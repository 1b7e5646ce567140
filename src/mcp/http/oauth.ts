/**
 * Checks tokens of an OAuth 2.1 authorization server: signature, issuer, audience, time.
 *
 * Where its keys are is asked of the issuer, once (RFC 8414, else OpenID Connect Discovery); the keys themselves are
 * kept, and asked for again when a token names one that is not among them. Everything from there is bounded in time
 * and size, and an issuer that does not answer is left alone for a while, so that nobody can make this server knock
 * there with every request.
 *
 * @module
 */
import type { AuthInfo } from "@modelcontextprotocol/server";
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from "jose";
import { fetchText } from "../../sources/fetch_text.ts";
import { EFFECTS, scopeOf } from "../call_context.ts";
import { isSafe, type OAuthOptions } from "./auth.ts";

const TIMEOUT_MS = 5000;
const MAX_BYTES = 256 * 1024;
const PAUSE_AFTER_FAILURE_MS = 5000;
const CLOCK_TOLERANCE_S = 5;
/** Longer ones would be hashed before they are refused. */
const MAX_TOKEN_LENGTH = 16_384;
/** Only those with a public key: a shared secret would be a key of this server's own making. */
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/** What became of a token. */
export type TokenCheck =
  | { readonly kind: "valid"; readonly subject: string; readonly authInfo: AuthInfo }
  | { readonly kind: "invalid"; readonly reason: string }
  | { readonly kind: "unavailable"; readonly reason: string };

/** The issuer cannot be asked, or its answer cannot be used. */
class IssuerError extends Error {}

type Keys = ReturnType<typeof createRemoteJWKSet>;

/** Checks the tokens of one issuer. */
export class TokenVerifier {
  readonly #issuer: string;
  readonly #audience: string;
  readonly #now: () => number;
  #keys: Promise<Keys> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;

  /**
   * Asks nothing before the first token.
   *
   * @param now Milliseconds, monotonic.
   */
  constructor({ issuer, resource, audience }: OAuthOptions, now: () => number = () => performance.now()) {
    this.#issuer = issuer;
    this.#audience = audience ?? resource;
    this.#now = now;
  }

  /** Checks a token. Never rejects; no reason holds any part of the token. */
  async verify(token: string): Promise<TokenCheck> {
    if (token.length > MAX_TOKEN_LENGTH || token.split(".").length !== 3) {
      return { kind: "invalid", reason: "The token is not a signed JWT" };
    }
    try {
      const keys = await (this.#keys ??= this.#discover());
      const { payload } = await jwtVerify(token, keys, {
        issuer: this.#issuer,
        audience: this.#audience,
        algorithms: ALGORITHMS,
        requiredClaims: ["exp"],
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      return accepted(payload);
    } catch (error) {
      if (error instanceof IssuerError) return { kind: "unavailable", reason: error.message };
      return { kind: "invalid", reason: reasonOf(error) };
    }
  }

  async #discover(): Promise<Keys> {
    try {
      return await this.#asking(async () => {
        const metadata = await this.#metadata();
        if (metadata["issuer"] !== this.#issuer) throw new IssuerError("its metadata names another issuer");
        const url = URL.parse(String(metadata["jwks_uri"]));
        if (url === null || !isSafe(url)) throw new IssuerError("its metadata has no usable jwks_uri");
        return createRemoteJWKSet(url, {
          timeoutDuration: TIMEOUT_MS,
          [customFetch]: async (address) => {
            const text = await this.#asking(() => get(address));
            return new Response(text, { headers: { "content-type": "application/json" } });
          },
        });
      });
    } catch (error) {
      this.#keys = undefined; // the next token may try again
      throw error;
    }
  }

  /** Asks the issuer, unless that has just failed. */
  async #asking<T>(work: () => Promise<T>): Promise<T> {
    if (this.#now() - this.#failedAt < PAUSE_AFTER_FAILURE_MS) {
      throw new IssuerError("the issuer did not answer just now");
    }
    try {
      return await work();
    } catch (error) {
      this.#failedAt = this.#now();
      throw error;
    }
  }

  async #metadata(): Promise<Readonly<Record<string, unknown>>> {
    const { origin, pathname } = new URL(this.#issuer);
    const path = pathname.replace(/\/$/, "");
    const text = await get(`${origin}/.well-known/oauth-authorization-server${path}`)
      .catch(() => get(`${origin}${path}/.well-known/openid-configuration`));
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === "object" && value !== null) return { ...value };
    } catch {
      // Told below.
    }
    throw new IssuerError("its metadata is not JSON");
  }
}

/** @throws {IssuerError} There is no answer, or none that can be used. */
async function get(url: string): Promise<string> {
  const terms = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, maxRedirects: 0, allowPrivate: true };
  const { text, isCut } = await fetchText(url, terms).catch((cause) => {
    throw new IssuerError("the issuer does not answer", { cause });
  });
  if (isCut) throw new IssuerError("its answer is too long");
  return text;
}

function accepted(payload: JWTPayload): TokenCheck {
  const { sub, exp, client_id, azp } = payload;
  const clientId = [client_id, azp, sub].find((value) => typeof value === "string" && value !== "") ??
    "unknown";
  const scopes = scopesOf(payload);
  return {
    kind: "valid",
    subject: JSON.stringify([sub ?? null, clientId]),
    // The token itself goes no further: nothing behind this needs it.
    authInfo: {
      token: "",
      clientId: String(clientId),
      scopes,
      ...(exp === undefined ? {} : { expiresAt: exp }),
      extra: { isScoped: true },
    },
  };
}

/** `scope` is one text (RFC 9068); some servers write a list, or call it `scp`. */
function scopesOf({ scope, scp }: JWTPayload): string[] {
  const known = new Set(EFFECTS.map(scopeOf));
  const all = [scope, scp].flatMap((value) => Array.isArray(value) ? value : String(value ?? "").split(" "));
  return [...new Set(all.map(String))].filter((name) => known.has(name));
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "The token has expired";
  if (error instanceof errors.JWTClaimValidationFailed) {
    switch (error.claim) {
      case "aud":
        return "The token is for another audience";
      case "iss":
        return "The token is of another issuer";
      case "nbf":
        return "The token is not valid yet";
      default:
        return "The token lacks a claim";
    }
  }
  if (error instanceof errors.JWKSNoMatchingKey) return "The token is signed with an unknown key";
  if (error instanceof errors.JOSEAlgNotAllowed) return "The token is signed in a way that is not accepted";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "The signature of the token is wrong";
  return "The token cannot be read";
}
