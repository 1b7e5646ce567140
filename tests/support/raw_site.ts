/** A site that answers with whatever bytes a test wants, well-formed or not. */

import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { OpenSockets } from "./open_sockets.ts";

/** Answers one request; `head` is all that came with it. */
export type RawAnswer = (socket: Socket, head: string) => void;

/** A running site. */
export class RawSite {
  /** Root of the site. */
  readonly url: string;
  /** Connections that are open. */
  readonly sockets: OpenSockets;
  /** What arrived, in order, each request with what came along with it. */
  readonly heads: string[] = [];
  /** Connections accepted so far. */
  accepted = 0;
  readonly #server: Server;

  private constructor(server: Server, sockets: OpenSockets) {
    this.#server = server;
    this.sockets = sockets;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Starts a site that answers each request with the next of these; the last one answers all that follow. */
  static async start(...answers: readonly (string | Uint8Array | RawAnswer)[]): Promise<RawSite> {
    const sockets = new OpenSockets();
    const server = createServer({ noDelay: true }, (socket) => {
      site.accepted++;
      sockets.add(socket);
      socket.setEncoding("latin1").on("data", (head: string) => {
        // What continues a body is no request.
        if (!/^[A-Z]+ \S+ HTTP\/1\.1\r\n/.test(head)) return;
        const answer = answers[Math.min(site.heads.length, answers.length - 1)] ?? "";
        site.heads.push(head);
        if (typeof answer === "function") answer(socket, head);
        else socket.write(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const site: RawSite = new RawSite(server, sockets);
    return site;
  }

  /** Stops it and ends all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.sockets.destroyAll();
    await closed;
  }
}
