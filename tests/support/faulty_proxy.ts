/**
 * A proxy of our own that can go wrong in every way that proxies do. It speaks HTTP (CONNECT and absolute form),
 * SOCKS 4, 4a and 5 on one port, with TLS if wanted, and leaves from an address of its own, so that a site can
 * refuse it. Names that end in `.test` lead to loopback.
 */

import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { createServer as createSecureServer, TLSSocket } from "node:tls";
import { OpenSockets } from "./open_sockets.ts";
import { type Handshake, readHandshake } from "./faulty_proxy_handshake.ts";
import { foreignCertificate, siteCertificate } from "./site_certificate.ts";

/**
 * What goes wrong.
 *
 * - `none`: nothing
 * - `hang`: it accepts and never answers
 * - `close`, `reset`: it accepts and ends the connection
 * - `auth`: it wants other credentials (407, or the like of SOCKS)
 * - `bad_gateway`: it says that it cannot reach the site (502, or the like of SOCKS)
 * - `garbage`: it answers something that is no protocol
 * - `huge_header`: it answers a header without end
 * - `drip`: its handshake comes a byte at a time
 * - `stall`: the tunnel is up, and nothing comes through
 * - `truncate`: it cuts the connection after some bytes from the site
 * - `reset_after_request`: it cuts the connection when the request has reached the site
 * - `intercept`: it opens TLS with the site, showing a certificate of its own
 */
export type Fault =
  | "none"
  | "hang"
  | "close"
  | "reset"
  | "auth"
  | "bad_gateway"
  | "garbage"
  | "huge_header"
  | "drip"
  | "stall"
  | "truncate"
  | "reset_after_request"
  | "intercept";

/** How a proxy is set up. */
export interface FaultyProxyOptions {
  /** What goes wrong from the start. @default "none" */
  readonly fault?: Fault;
  /** Loopback address it leaves from. @default "127.0.0.1" */
  readonly exit?: string;
  /** `user:password` that it wants. */
  readonly credentials?: string;
  /** Lead every address to loopback, as if the site were on the internet. @default false */
  readonly route?: boolean;
  /** Speak TLS with the client. @default false */
  readonly isTls?: boolean;
  /** Time between two bytes of a drip, ms. @default 1000 */
  readonly dripMs?: number;
  /** Bytes from the site after which `truncate` cuts. @default 20 */
  readonly truncateAfter?: number;
}

/** A running proxy. */
export class FaultyProxy {
  /** What goes wrong from now on. */
  fault: Fault;
  /** Its port. */
  readonly port: number;
  /** Connections that are open, from clients and to sites. */
  readonly sockets: OpenSockets;
  /** Connections accepted so far. */
  accepted = 0;
  /** Handshakes read so far. */
  readonly handshakes: Handshake[] = [];
  readonly #server: Server;
  readonly #options: FaultyProxyOptions;
  readonly #timers = new Set<ReturnType<typeof setInterval>>();

  private constructor(server: Server, sockets: OpenSockets, options: FaultyProxyOptions) {
    this.#server = server;
    this.#options = options;
    this.sockets = sockets;
    this.fault = options.fault ?? "none";
    this.port = (server.address() as AddressInfo).port;
  }

  /** Starts a proxy on a free port. */
  static async start(options: FaultyProxyOptions = {}): Promise<FaultyProxy> {
    const sockets = new OpenSockets();
    const onConnection = (socket: Socket) => proxy.#serve(socket);
    const server = options.isTls
      ? createSecureServer(await siteCertificate(), onConnection)
      : createServer({ noDelay: true }, onConnection);
    if (options.isTls) server.on("connection", (socket: Socket) => socket.setNoDelay(true));
    server.on("tlsClientError", () => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const proxy: FaultyProxy = new FaultyProxy(server, sockets, options);
    return proxy;
  }

  /** Its URL for a protocol, with its credentials. */
  url(protocol: string): string {
    const { credentials } = this.#options;
    return `${protocol}://${credentials === undefined ? "" : `${credentials}@`}127.0.0.1:${this.port}`;
  }

  /** Stops listening: from now on connections are refused. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.sockets.destroyAll();
    await closed;
  }

  /** Stops it and ends all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#server.listening) await this.stop();
    this.sockets.destroyAll();
  }

  #serve(client: Socket): void {
    this.accepted++;
    this.sockets.add(client);
    const rude = RUDE[this.fault];
    // Whoever does not read never learns that the other side has left.
    if (rude !== undefined) return rude(client.resume());
    const { credentials } = this.#options;
    readHandshake(
      client,
      this.fault === "auth" ? { credentials: undefined, refuseAll: true } : { credentials },
    )
      .then((handshake) => {
        if (handshake === undefined) return;
        this.handshakes.push(handshake);
        this.#relay(client, handshake);
      }, () => client.destroy());
  }

  #relay(client: Socket, handshake: Handshake): void {
    if (this.fault === "bad_gateway") return void client.end(handshake.refusal);
    if (this.fault === "intercept") return void this.#intercept(client, handshake.granted);
    if (this.fault === "drip") return this.#drip(client, handshake.granted);
    const host = this.#options.route || handshake.host.endsWith(".test") || handshake.host === "localhost"
      ? "127.0.0.1"
      : handshake.host;
    const localAddress = this.#options.exit;
    const site = connect({
      host,
      port: handshake.port,
      noDelay: true,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    this.sockets.add(site);
    // Each end takes the other with it: a plain two-way pipe leaks a descriptor per tunnel on Deno.
    site.once("close", () => client.destroySoon());
    client.once("close", () => site.destroy());
    site.once("error", () => client.end(handshake.refusal));
    site.once("connect", () => this.#join(client, site, handshake));
  }

  #join(client: Socket, site: Socket, { granted, firstBytes }: Handshake): void {
    if (granted.length > 0) client.write(granted);
    if (this.fault === "stall") return void client.resume();
    if (firstBytes.length > 0) site.write(firstBytes);
    client.pipe(site);
    switch (this.fault) {
      case "reset_after_request": {
        // The site's first byte proves that the request has arrived.
        site.once("readable", () => resetNow(client));
        return;
      }
      case "truncate": {
        let left = this.#options.truncateAfter ?? 20;
        site.on("data", (chunk: Uint8Array) => {
          client.write(chunk.subarray(0, left));
          left -= chunk.length;
          if (left <= 0) client.destroySoon();
        });
        return;
      }
      default:
        site.pipe(client);
    }
  }

  async #intercept(client: Socket, granted: Uint8Array): Promise<void> {
    const { cert, key } = await foreignCertificate();
    client.write(granted);
    const inner = new TLSSocket(client, { isServer: true, cert, key });
    inner.on("error", () => client.destroy());
    inner.resume();
  }

  #drip(client: Socket, bytes: Uint8Array): void {
    let next = 0;
    const timer = setInterval(() => {
      if (client.destroyed || next >= bytes.length) {
        clearInterval(timer);
        this.#timers.delete(timer);
      } else client.write(bytes.subarray(next, ++next));
    }, this.#options.dripMs ?? 1000);
    this.#timers.add(timer);
  }
}

/** What is done without reading a handshake. */
const RUDE: Partial<Readonly<Record<Fault, (client: Socket) => void>>> = {
  hang: () => {},
  close: (client) => void client.end(),
  reset: (client) => void client.once("data", () => resetNow(client)),
  garbage: (client) => void client.once("data", () => client.write("\u0000\u0001\u0002 nonsense\r\n\r\n")),
  huge_header: (client) =>
    void client.once("data", () => client.write(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(200_000)}`)),
};

function resetNow(socket: Socket): void {
  if (typeof socket.resetAndDestroy === "function") socket.resetAndDestroy();
  else socket.destroy();
}
