/**
 * TLS on top of a connection: to the proxy, to the site, or to the site inside TLS to the proxy.
 *
 * One secure context serves all connections: making one reads all root certificates, some 10 ms.
 */

import { isIP, type Socket } from "node:net";
import { connect, createSecureContext, type SecureContext, type TLSSocket } from "node:tls";
import { withoutBrackets } from "./ip_address.ts";
import { type PhaseLimits, waitOn } from "./phase_wait.ts";

/** How certificates are checked. */
export interface TlsOptions {
  /** Check certificates of sites and of proxies. @default {true} */
  readonly verify?: boolean | undefined;
  /** Certificates of authorities to trust instead of the built-in ones, PEM. */
  readonly ca?: string | readonly string[] | undefined;
}

/** TLS settings made once for many connections. */
export class TlsLayer {
  readonly #verify: boolean;
  readonly #ca: string[] | undefined;
  #context: SecureContext | undefined;

  /**
   * Makes the settings; the certificates are read with the first connection.
   *
   * @param options How certificates are checked
   */
  constructor(options: TlsOptions = {}) {
    this.#verify = options.verify ?? true;
    this.#ca = options.ca === undefined ? undefined : [options.ca].flat();
  }

  /**
   * Speaks TLS over a connection; resolves when the other side has proved who it is.
   *
   * @internal
   *
   * @param host Name or address that the certificate must be for
   * @throws {NetError} `CERTIFICATE_INVALID`, `TLS_FAILED`, or as any wait
   */
  wrap(socket: Socket, host: string, limits: PhaseLimits): Promise<TLSSocket> {
    const name = withoutBrackets(host);
    this.#context ??= createSecureContext(this.#ca === undefined ? {} : { ca: this.#ca });
    const secured = connect({
      socket,
      host: name,
      // RFC 6066 §3: no IP addresses in the server name.
      ...(isIP(name) === 0 ? { servername: name } : {}),
      secureContext: this.#context,
      rejectUnauthorized: this.#verify,
      ALPNProtocols: ["http/1.1"],
    });
    secured.on("error", ignore);
    // Destroying the outer socket alone leaves the inner one open on some runtimes.
    secured.once("close", () => socket.destroy());
    return waitOn<TLSSocket>(secured, limits, ({ done }) => {
      const onSecure = () => done(secured);
      secured.once("secureConnect", onSecure);
      return () => secured.off("secureConnect", onSecure);
    });
  }
}

/** The settings of who says nothing: everything is checked. */
export const DEFAULT_TLS: TlsLayer = new TlsLayer();

function ignore(): void {}
