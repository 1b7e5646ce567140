/**
 * One request on its way through the server, and what must be given back when its answer has left.
 *
 * @module
 */
import type { AuthInfo } from "@modelcontextprotocol/server";

/** Who sends a request. */
export interface Caller {
  /** The same for all requests of one caller: sessions belong to it. Holds no secret. */
  readonly subject: string;
  /** Set when a key or a token has shown who it is. */
  readonly authInfo?: AuthInfo;
}

/** One request and its answer. */
export class Exchange {
  /** The request. */
  readonly request: Request;
  /** Who sends it. */
  readonly caller: Caller;
  /** Its body as JSON, once it has been read; undefined when it has none. */
  body: unknown;
  readonly #endings: (() => void)[] = [];

  /** Begins without a body. */
  constructor(request: Request, caller: Caller) {
    this.request = request;
    this.caller = caller;
  }

  /** What the SDK's handlers take besides the request. */
  get options(): { readonly authInfo?: AuthInfo; readonly parsedBody?: unknown } {
    const { authInfo } = this.caller;
    return {
      ...(authInfo === undefined ? {} : { authInfo }),
      ...(this.body === undefined ? {} : { parsedBody: this.body }),
    };
  }

  /** Calls back once, when the answer has left or the client has gone. */
  atEnd(callback: () => void): void {
    this.#endings.push(callback);
  }

  /** The answer has left. */
  end(): void {
    for (const callback of this.#endings.splice(0)) callback();
  }
}
