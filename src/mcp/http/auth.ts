/**
 * Who calls: by a key, or by a token of an authorization server.
 *
 * With a key configured, a request without one goes on as that of a stranger: the pool's health is for everybody, and
 * the tool still takes the key as an argument. With an authorization server configured, every request needs a token
 * (or the key), because the refusal is how a client learns where to get one.
 *
 * @module
 */
import type { AuthInfo } from "@modelcontextprotocol/server";
import { EFFECTS, scopeOf } from "../call_context.ts";
import type { McpService } from "../mcp_service.ts";
import { document, refusal } from "./answers.ts";
import type { Caller } from "./exchange.ts";
import type { TokenVerifier } from "./oauth.ts";

/** The authorization server whose tokens are accepted. */
export interface OAuthOptions {
  /** Its issuer identifier, an https URL (http on loopback). */
  readonly issuer: string;
  /** URL under which clients know the MCP endpoint. */
  readonly resource: string;
  /** Audience that tokens must be for. @default {resource} */
  readonly audience?: string;
}

const METADATA_PATH = "/.well-known/oauth-protected-resource";
/** Why a request is refused that shows something wrong. */
const BAD_KEY = "Authentication failed: Invalid API key";

/** Tells callers apart. */
export class Authenticator {
  readonly #service: McpService;
  readonly #oauth: OAuthOptions | undefined;
  #verifier: Promise<TokenVerifier> | undefined;

  /** @throws {RangeError} The issuer or the resource is no URL that can be used. */
  constructor(service: McpService, oauth?: OAuthOptions) {
    this.#service = service;
    this.#oauth = oauth;
    if (oauth !== undefined) checkOAuth(oauth);
  }

  /** Whether strangers are kept from anything. */
  get isRequired(): boolean {
    return this.#oauth !== undefined || this.#service.requiresKey;
  }

  /** Who sends a request, or the answer to one that shows a wrong key or token. */
  async identify({ headers }: Request): Promise<Caller | Response> {
    const shown = credentialOf(headers);
    if (shown === "unusable") {
      return this.challenge(401, "invalid_request", "Use Authorization: Bearer, or X-API-Key");
    }
    if (shown === undefined) {
      if (this.#oauth !== undefined) return this.challenge(401);
      return { subject: this.#service.requiresKey ? "stranger" : "anybody" };
    }
    if (this.#service.requiresKey && this.#service.acceptsKey?.(shown) === true) return withKey;
    if (this.#oauth !== undefined) return await this.#byToken(shown, this.#oauth);
    return this.#service.requiresKey ? this.challenge(401, "invalid_token", BAD_KEY) : { subject: "anybody" };
  }

  /** The answer to who asks without a key where one is needed. */
  unauthorized(): Response {
    return this.challenge(401);
  }

  /** A refusal that tells where to get a token, and which. */
  challenge(status: 401 | 403, error?: string, description?: string, scopes?: readonly string[]): Response {
    const parts = [
      ...(error === undefined ? [] : [`error="${error}"`, `error_description="${description}"`]),
      ...(scopes === undefined ? [] : [`scope="${scopes.join(" ")}"`]),
      ...(this.#oauth === undefined ? [] : [`resource_metadata="${metadataUrl(this.#oauth)}"`]),
    ];
    const headers = {
      "www-authenticate": parts.length === 0 ? 'Bearer realm="proxywhirl"' : `Bearer ${parts.join(", ")}`,
    };
    return refusal(status, description ?? "Authentication required: show a key or a token", { headers });
  }

  /** The document that tells clients where to get tokens (RFC 9728); undefined for every other path. */
  metadata(request: Request, pathname: string): Response | undefined {
    if (this.#oauth === undefined) return undefined;
    if (pathname !== METADATA_PATH && pathname !== new URL(metadataUrl(this.#oauth)).pathname) {
      return undefined;
    }
    const response = request.method === "OPTIONS" ? new Response(null, { status: 204 }) : document({
      resource: this.#oauth.resource,
      authorization_servers: [this.#oauth.issuer],
      scopes_supported: EFFECTS.map(scopeOf),
      bearer_methods_supported: ["header"],
      resource_name: "ProxyWhirl",
    });
    // It is public, and a client in a browser has to read it before it can show an origin that is configured.
    response.headers.set("access-control-allow-origin", "*");
    response.headers.set("access-control-allow-headers", "*");
    return response;
  }

  async #byToken(token: string, oauth: OAuthOptions): Promise<Caller | Response> {
    this.#verifier ??= import("./oauth.ts").then(({ TokenVerifier }) => new TokenVerifier(oauth));
    const result = await (await this.#verifier).verify(token);
    switch (result.kind) {
      case "valid":
        return { subject: `token ${result.subject}`, authInfo: result.authInfo };
      case "invalid":
        return this.challenge(401, "invalid_token", result.reason);
      case "unavailable":
        return refusal(503, `Cannot check the token: ${result.reason}`, { headers: { "retry-after": "5" } });
    }
  }
}

/** The key opens everything. The key itself is not kept with the request. */
const keyInfo: AuthInfo = { token: "", clientId: "key", scopes: EFFECTS.map(scopeOf) };
const withKey: Caller = { subject: "key", authInfo: keyInfo };

function credentialOf(headers: Headers): string | "unusable" | undefined {
  const key = headers.get("x-api-key");
  if (key !== null && key !== "") return key;
  const authorization = headers.get("authorization");
  if (authorization === null || authorization.trim() === "") return undefined;
  return /^bearer +(\S+)$/i.exec(authorization.trim())?.[1] ?? "unusable";
}

/** The well-known part stands before the path of the resource. */
function metadataUrl({ resource }: OAuthOptions): string {
  const url = new URL(resource);
  return `${url.origin}${METADATA_PATH}${url.pathname === "/" ? "" : url.pathname}`;
}

function checkOAuth({ issuer, resource }: OAuthOptions): void {
  const url = URL.parse(issuer);
  if (url === null || !isSafe(url) || url.search !== "" || url.hash !== "" || url.username !== "") {
    throw new RangeError(
      `Cannot use issuer "${
        shownUrl(issuer)
      }": it must be an https URL without query, or http on this machine`,
    );
  }
  const own = URL.parse(resource);
  if (own === null || !/^https?:$/.test(own.protocol) || own.hash !== "" || own.username !== "") {
    throw new RangeError(
      `Cannot use resource "${shownUrl(resource)}": it must be an http or https URL without fragment`,
    );
  }
}

/** Whether what comes from there cannot have been changed on its way. */
export function isSafe(url: URL): boolean {
  return url.protocol === "https:" ||
    url.protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

function shownUrl(text: string): string {
  const url = URL.parse(text);
  return url === null ? text.slice(0, 60) : `${url.protocol}//${url.host}${url.pathname}`;
}
