/** A web site on loopback, over HTTP and HTTPS, that counts what reaches it and can refuse exits. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { OpenSockets } from "./open_sockets.ts";
import { siteCertificate } from "./site_certificate.ts";
import { PAGES } from "./site_pages.ts";

/** A request that reached the site. */
export interface SiteRequest {
  /** Method. */
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Address it came from. */
  readonly exit: string;
  /** Connections are numbered. */
  readonly connection: number;
  /** Header fields. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * A running site.
 *
 * ```ts ignore
 * await using site = await Site.start();
 * await client.fetch(`${site.http}/ok`);
 * assert.equal(site.requests.length, 1);
 * ```
 */
export class Site {
  /** Root of the site over HTTP: `http://127.0.0.1:PORT`. */
  readonly http: string;
  /** Root of the site over HTTPS: `https://localhost:PORT`. */
  readonly https: string;
  /** Authority that signed the certificate, PEM. */
  readonly ca: string;
  /** Connections that are open. */
  readonly sockets: OpenSockets;
  /** Whether requests are kept in {@linkcode Site.requests}. */
  isRecording = true;
  /** What has reached the site. */
  readonly requests: SiteRequest[] = [];
  /** Says which status an exit is refused with; undefined lets it in. */
  refuse: (exit: string, request: IncomingMessage) => number | undefined = () => undefined;
  readonly #servers: readonly Server[];

  private constructor(servers: readonly [Server, Server], sockets: OpenSockets, ca: string) {
    const [plain, secure] = servers.map((server) => (server.address() as AddressInfo).port);
    this.http = `http://127.0.0.1:${plain}`;
    this.https = `https://localhost:${secure}`;
    this.ca = ca;
    this.sockets = sockets;
    this.#servers = servers;
  }

  /** Starts a site on free ports. */
  static async start(): Promise<Site> {
    const { key, cert, ca } = await siteCertificate();
    const connections = new WeakMap<object, number>();
    let last = 0;
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      const { socket } = request;
      const connection = connections.get(socket) ?? ++last;
      connections.set(socket, connection);
      site.#answer(request, response, connection);
    };
    const sockets = new OpenSockets();
    const servers = [createServer(answer), createSecureServer({ key, cert }, answer)] as const;
    for (const server of servers) {
      server.keepAliveTimeout = 60_000;
      server.on("connection", (socket) => sockets.add(socket));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    }
    const site: Site = new Site([servers[0], servers[1]], sockets, ca);
    return site;
  }

  /** How many requests reached a path, any query. */
  count(path: string, method?: string): number {
    return this.requests.filter((request) =>
      request.url.split("?")[0] === path && (method === undefined || request.method === method)
    ).length;
  }

  /** Stops it and ends all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#servers.map((server) =>
      new Promise<void>((resolve) => server.close(() => resolve()))
    );
    this.sockets.destroyAll();
    await Promise.all(closed);
  }

  #answer(request: IncomingMessage, response: ServerResponse, connection: number): void {
    const { headers, method = "" } = request;
    const url = (request.url ?? "/").replace(/^http:\/\/[^/]*/, "");
    const exit = request.socket.remoteAddress ?? "";
    if (this.isRecording) this.requests.push({ method, url, exit, connection, headers });
    const status = this.refuse(exit, request);
    if (status !== undefined) {
      response.writeHead(status).end("refused");
      return;
    }
    const [path = "", query = ""] = url.split("?");
    const page = PAGES[path.split("/")[1] ?? ""];
    if (page === undefined) response.writeHead(404).end("not found");
    else page(request, response, new URLSearchParams(query));
  }
}
