/**
 * Which hosts a request may name and which pages it may come from.
 *
 * A page in a browser can let a name of its own point to this machine (DNS rebinding) and so reach a server that
 * listens on loopback only. What it cannot change are the headers `Host` and `Origin`, so these are checked. A host
 * that is an address cannot be rebound.
 *
 * @module
 */
import { isLoopback } from "../../runtime/mod.ts";
import { refusal } from "./answers.ts";

const LOCAL: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/** Options of {@linkcode RequestGuard}. */
export interface GuardOptions {
  /** The address that the server listens on. @default {"127.0.0.1"} */
  readonly hostname?: string;
  /** Further hosts, without ports, that `Host` may name. */
  readonly allowedHosts?: readonly string[];
  /** Further origins, such as `https://app.example`, whose pages may call and read answers. */
  readonly allowedOrigins?: readonly string[];
}

/** Refuses requests that a page made in a browser of somebody who does not know. */
export class RequestGuard {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #takesAddresses: boolean;

  /** Cheap; made once. */
  constructor({ hostname = "127.0.0.1", allowedHosts = [], allowedOrigins = [] }: GuardOptions = {}) {
    this.#hosts = new Set([...LOCAL, ...allowedHosts, hostname].map(normalHost));
    this.#origins = new Set(allowedOrigins.map((origin) => URL.parse(origin)?.origin ?? origin));
    this.#takesAddresses = !isLoopback(hostname);
  }

  /** The answer to a request that may not go on, or undefined. */
  check(request: Request): Response | undefined {
    // A request that came over the network has the header; its URL says the same, and is all that another has.
    const host = request.headers.get("host") ?? new URL(request.url).host;
    const name = URL.parse(`http://${host}`)?.hostname ?? "";
    if (host === "" || !this.#allowsHost(name)) {
      return refusal(403, `Host ${shown(host)} is not allowed; --allowed-hosts adds names`);
    }
    const origin = request.headers.get("origin");
    if (origin !== null && origin !== "" && !this.#allowsOrigin(origin)) {
      return refusal(403, `Origin ${shown(origin)} is not allowed; --allowed-origins adds origins`);
    }
    return undefined;
  }

  /** The answer to a browser that asks whether a page may call, or undefined when it does not ask. */
  preflight(request: Request): Response | undefined {
    if (request.method !== "OPTIONS" || !request.headers.has("access-control-request-method")) {
      return undefined;
    }
    return new Response(null, { status: 204, headers: this.#corsHeaders(request) });
  }

  /** The same response; pages of configured origins may read it. */
  withCors(request: Request, response: Response): Response {
    for (const [name, value] of Object.entries(this.#corsHeaders(request))) response.headers.set(name, value);
    return response;
  }

  /** Local pages may call, as programs do that send an origin, but get no leave to read: any of them could. */
  #corsHeaders(request: Request): Readonly<Record<string, string>> {
    const origin = request.headers.get("origin") ?? "";
    if (!this.#origins.has(origin)) return {};
    return {
      "access-control-allow-origin": origin,
      "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
      "access-control-allow-headers":
        "authorization, content-type, accept, last-event-id, mcp-session-id, mcp-protocol-version, mcp-method, " +
        "mcp-name, x-api-key",
      "access-control-expose-headers": "mcp-session-id, www-authenticate, retry-after",
      "access-control-max-age": "600",
      "vary": "origin",
    };
  }

  #allowsHost(name: string): boolean {
    if (this.#hosts.has(name)) return true;
    return this.#takesAddresses && (/^\d+(\.\d+){3}$/.test(name) || name.startsWith("["));
  }

  #allowsOrigin(origin: string): boolean {
    if (this.#origins.has(origin)) return true;
    const url = URL.parse(origin);
    return url !== null && /^https?:$/.test(url.protocol) && LOCAL.includes(url.hostname);
  }
}

/** As `URL` spells it: lower case, IPv6 in brackets, without a port. */
function normalHost(host: string): string {
  const bracketed = host.includes(":") && !host.startsWith("[") && host.split(":").length > 2
    ? `[${host}]`
    : host;
  return URL.parse(`http://${bracketed}`)?.hostname ?? host;
}

function shown(value: string): string {
  return JSON.stringify(value.slice(0, 60).replace(/[^\x20-\x7e]/g, "?"));
}
