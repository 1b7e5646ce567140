/** An authorization server on loopback, as far as a resource server sees it: metadata, keys, and tokens. */

import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { type HttpListener, listenHttp } from "../../src/runtime/mod.ts";

/** The resource that tokens are for by default. */
export const RESOURCE = "http://127.0.0.1:8000/mcp";

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];

/** What a token says, as far as it differs from a good one. */
export interface TokenOptions {
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Claims that it lacks. */
  readonly without?: readonly string[];
  readonly scope?: string;
  readonly kid?: string;
  /** The key that signs it; that of the issuer by default. */
  readonly key?: PrivateKey;
}

/** An issuer that listens. */
export class Issuer {
  /** Its identifier. */
  readonly url: string;
  /** Paths that were asked for. */
  readonly requests: string[] = [];
  /** What it answers, by path; others are 404. */
  readonly documents: Map<string, () => Response | Promise<Response>> = new Map();
  readonly #listener: HttpListener;
  readonly #keys: JWK[] = [];
  #privateKey: PrivateKey | undefined;
  #kid = "";

  constructor(listener: HttpListener, path: string) {
    this.#listener = listener;
    this.url = `http://127.0.0.1:${listener.port}${path}`;
    this.documents.set(
      `/.well-known/oauth-authorization-server${path}`,
      () => Response.json({ issuer: this.url, jwks_uri: `http://127.0.0.1:${listener.port}/jwks` }),
    );
    this.documents.set("/jwks", () => Response.json({ keys: this.#keys }));
  }

  /** Starts one with a key. */
  static async start(path = ""): Promise<Issuer> {
    const started: { issuer?: Issuer } = {};
    const listener = await listenHttp({
      hostname: "127.0.0.1",
      port: 0,
      fetch: async (request) => {
        const { pathname } = new URL(request.url);
        started.issuer?.requests.push(pathname);
        return await started.issuer?.documents.get(pathname)?.() ?? new Response("no", { status: 404 });
      },
    });
    const issuer = started.issuer = new Issuer(listener, path);
    await issuer.rotate("first");
    return issuer;
  }

  /** Signs with a new key from now on; the old one stays known. */
  async rotate(kid: string): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair("ES256");
    this.#keys.push({ ...await exportJWK(publicKey), kid, alg: "ES256", use: "sig" });
    this.#privateKey = privateKey;
    this.#kid = kid;
  }

  /** A good token, but for what the options say. */
  async token(options: TokenOptions = {}): Promise<string> {
    const { claims = {}, without = [], scope = "proxywhirl:read" } = options;
    const now = Math.floor(Date.now() / 1000);
    const all: JWTPayload = {
      iss: this.url,
      aud: RESOURCE,
      sub: "alice",
      client_id: "app",
      iat: now,
      exp: now + 300,
      scope,
      ...claims,
    };
    for (const name of without) delete all[name];
    return await new SignJWT(all).setProtectedHeader({ alg: "ES256", kid: options.kid ?? this.#kid })
      .sign(options.key ?? this.#privateKey!);
  }

  /** Goes away. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener.kill();
  }
}
