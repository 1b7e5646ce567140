/** A web server on loopback that serves whatever a test wants, well or badly. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** Answers a request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A running server. */
export class ListServer {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** Requests so far, `METHOD path`. */
  readonly requests: IncomingMessage[] = [];
  readonly #close: () => Promise<void>;

  private constructor(origin: string, requests: IncomingMessage[], close: () => Promise<void>) {
    this.origin = origin;
    this.requests = requests;
    this.#close = close;
  }

  /** Starts one; `routes` are by path. */
  static async start(routes: Readonly<Record<string, Handler | string>>): Promise<ListServer> {
    const requests: IncomingMessage[] = [];
    const sockets = new Set<Socket>();
    const server = createServer((request, response) => {
      requests.push(request);
      response.on("error", () => {});
      const route = routes[(request.url ?? "").split("?")[0] ?? ""];
      if (route === undefined) response.writeHead(404).end();
      else if (typeof route === "string") response.end(route);
      else route(request, response);
    });
    server.on("connection", (socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
    const { port } = server.address() as AddressInfo;
    return new ListServer(`http://127.0.0.1:${port}`, requests, async () => {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    });
  }

  /** Ends it and every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}
