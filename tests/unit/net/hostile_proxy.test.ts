import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { parseProxyUrl } from "../../../src/core/mod.ts";
import { dial } from "../../../src/net/dial.ts";
import { NetError } from "../../../src/net/errors.ts";
import { OpenSockets } from "../../support/open_sockets.ts";

const TUNNEL = "HTTP/1.1 200 Connection established\r\n\r\n";

/** What a proxy answers to CONNECT, and what comes of it: the first bytes from the site, or a failure. */
const CONNECT: readonly (readonly [string, string | ((socket: Socket) => void), string])[] = [
  ["an interim answer first", `HTTP/1.1 100 Continue\r\n\r\n${TUNNEL}from site`, "from site"],
  ["interim answers without end", "HTTP/1.1 102 Processing\r\n\r\n".repeat(50), "PROXY_REFUSED"],
  ["the tunnel and the first bytes at once", `${TUNNEL}from site`, "from site"],
  ["a tunnel with a length", `HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfrom site`, "from site"],
  ["a tunnel with chunks", `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfrom site`, "from site"],
  ["HTTP/1.0 and line feeds alone", "HTTP/1.0 200 OK\nX: 1\n\nfrom site", "from site"],
  ["204", "HTTP/1.1 204 No Content\r\n\r\nfrom site", "from site"],
  ["a redirect", "HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\n\r\n", "PROXY_REFUSED"],
  ["a login page", "HTTP/1.1 511 Network Authentication Required\r\n\r\n<html>", "PROXY_REFUSED"],
  ["407", "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "PROXY_AUTH_REQUIRED"],
  ["a page without a head", "<html>blocked</html>\r\n\r\n", "PROTOCOL_ERROR"],
  ["another version", "HTTP/9.9 200 OK\r\n\r\n", "PROTOCOL_ERROR"],
  ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", "PROTOCOL_ERROR"],
  ["a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", "PROTOCOL_ERROR"],
  ["a header without end", `HTTP/1.1 200 OK\r\n${"X: 1\r\n".repeat(5_000)}`, "TOO_LARGE"],
  ["half a head, and the end", (socket) => void socket.end("HTTP/1.1 200 OK\r\nX:"), "CONNECTION_CLOSED"],
  ["nothing, and the end", (socket) => void socket.end(), "CONNECTION_CLOSED"],
  ["a byte at a time", (socket) => {
    const bytes = `${TUNNEL}from site`;
    let next = 0;
    const more = () => {
      if (next < bytes.length) socket.write(bytes[next++] ?? "", () => setImmediate(more));
    };
    more();
  }, "from site"],
];

describe("dial() takes from a proxy", () => {
  for (const [name, answer, expected] of CONNECT) {
    test(`${name} in answer to CONNECT`, async () => {
      const sockets = new OpenSockets();
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.once("data", () => typeof answer === "string" ? socket.write(answer) : answer(socket));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      try {
        const target = { host: "site.example", port: 80, isTls: false, tunnel: true };
        const got = await dial(parseProxyUrl(`http://127.0.0.1:${port}`), target, {
          allowPrivate: true,
          timeouts: { handshakeMs: 3_000 },
        }).then((socket) => read(socket, expected.length), (error) => {
          assert.ok(error instanceof NetError, String(error));
          assert.equal(error.side, "proxy");
          return error.code;
        });
        assert.equal(got, expected);
        await sockets.none();
      } finally {
        server.close();
      }
    });
  }
});

/** The first characters from the site; ends the connection. */
function read(socket: Socket, length: number): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const more = () => {
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) text += chunk;
      if (text.length < length) return;
      socket.destroy();
      resolve(text);
    };
    socket.on("readable", more);
    more();
  });
}
