/** An HTTP proxy that adds header fields to what it passes on, as proxies do that tell of their user. It tunnels nothing. */

import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** A running proxy. */
export interface TellingProxy extends AsyncDisposable {
  /** Its URL. */
  readonly url: string;
}

/**
 * Starts one.
 *
 * @param fields Lines to add to each request
 * @param exit Loopback address it leaves from
 */
export async function startTellingProxy(fields: readonly string[], exit: string): Promise<TellingProxy> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    let head = "";
    client.on("data", (chunk) => {
      head += chunk.toString("latin1");
      const end = head.indexOf("\r\n");
      if (!head.includes("\r\n\r\n")) return;
      if (!head.startsWith("GET ")) return void client.end("HTTP/1.1 405 No tunnels\r\n\r\n");
      const { hostname, port, pathname, search } = new URL(head.split(" ", 2)[1] ?? "");
      const site = connect({ host: hostname, port: Number(port), localAddress: exit });
      keep(site);
      site.once("close", () => client.destroySoon());
      client.once("close", () => site.destroy());
      site.once("connect", () => {
        site.write([`GET ${pathname}${search} HTTP/1.1`, ...fields].join("\r\n") + head.slice(end));
        site.pipe(client);
      });
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
