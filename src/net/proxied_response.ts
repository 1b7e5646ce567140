/** The answer of a request that went through the pool. */

import type { Verdict } from "../core/mod.ts";

/** One try through one proxy. */
export interface Attempt {
  /** Id of the proxy. */
  readonly proxyId: string;
  /** URL of the proxy, without credentials. */
  readonly proxy: string;
  /** What happened. */
  readonly verdict: Verdict;
  /** Rule or error code that decided. */
  readonly rule: string;
  /** The same in a few words. */
  readonly reason: string;
  /** HTTP status; `null` without an answer. */
  readonly statusCode: number | null;
  /** Time to the head of the answer, or to the failure, ms. */
  readonly latencyMs: number;
  /** Whether anything of the request may have reached the site. */
  readonly isCommitted: boolean;
}

/** What a response tells besides. */
export interface ProxiedResponseInfo {
  /** Status as the site sent it. */
  readonly status: number;
  /** URL that answered, after redirects. */
  readonly url: string;
  /** Whether redirects led there. */
  readonly isRedirected: boolean;
  /** Every try, in the order in which they ended. */
  readonly attempts: readonly Attempt[];
  /** The try that answered. */
  readonly answeredBy: Attempt;
}

/** Not a private field: Node asks for the status while the class of the platform is still being constructed. */
const infos = new WeakMap<Response, ProxiedResponseInfo>();

/**
 * A `Response` that knows how it came about.
 *
 * `content-encoding` and `content-length` are removed when the body was decoded, since they no longer fit it.
 */
export class ProxiedResponse extends Response {
  /**
   * Made by `ProxyClient.fetch`.
   *
   * @param body Body, or `null`
   * @param init Status text and header fields
   * @param info How it came about
   */
  constructor(
    body: BodyInit | null,
    init: { readonly statusText: string; readonly headers: Headers },
    info: ProxiedResponseInfo,
  ) {
    // The platform's class takes 200-599; sites also send 999. See the getter below.
    super(body, { statusText: init.statusText, headers: init.headers, status: body === null ? 204 : 200 });
    infos.set(this, info);
  }

  /** Status as the site sent it. */
  override get status(): number {
    return infos.get(this)?.status ?? super.status;
  }

  /** Whether the status is 200–299. */
  override get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** URL that answered, after redirects. */
  override get url(): string {
    return infos.get(this)?.url ?? super.url;
  }

  /** Whether redirects led to it. */
  override get redirected(): boolean {
    return infos.get(this)?.isRedirected ?? super.redirected;
  }

  /** Id of the proxy that served it. */
  get proxyId(): string {
    return infoOf(this).answeredBy.proxyId;
  }

  /** URL of the proxy that served it, without credentials. */
  get proxy(): string {
    return infoOf(this).answeredBy.proxy;
  }

  /** What the answer means. */
  get verdict(): Verdict {
    return infoOf(this).answeredBy.verdict;
  }

  /** Rule that decided the verdict. */
  get verdictRule(): string {
    return infoOf(this).answeredBy.rule;
  }

  /** What the verdict rests on, in a few words. */
  get verdictReason(): string {
    return infoOf(this).answeredBy.reason;
  }

  /** Every try, in the order in which they ended. */
  get attempts(): readonly Attempt[] {
    return infoOf(this).attempts;
  }

  /** A copy with a body of its own. */
  override clone(): ProxiedResponse {
    const copy = super.clone();
    return new ProxiedResponse(
      copy.body,
      { statusText: copy.statusText, headers: copy.headers },
      infoOf(this),
    );
  }
}

function infoOf(response: Response): ProxiedResponseInfo {
  const info = infos.get(response);
  if (info === undefined) throw new TypeError("The response is still being made");
  return info;
}
