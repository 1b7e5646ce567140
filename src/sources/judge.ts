/**
 * A judge: a small web server that answers with what it sees of a request. Asked through a proxy, it shows whether
 * the proxy works, which address it leaves from, and what it tells of its user.
 *
 * | path | answer |
 * |---|---|
 * | `/` | 200, JSON: `remote_address`, `method`, `url`, `http_version`, `headers` |
 * | `/204` | 204, nothing: the cheapest proof of life |
 *
 * What is asked is sent back and nothing is stored, so a judge may stand on the internet for a team to share.
 */

import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";

/** Where and how a judge listens. */
export interface JudgeOptions {
  /** Address to listen on. @default {"127.0.0.1"} */
  readonly host?: string;
  /** Port; 0 takes a free one. @default {8090} */
  readonly port?: number;
  /** Private key, PEM: with `cert` the judge speaks HTTPS. */
  readonly key?: string;
  /** Certificate, PEM. */
  readonly cert?: string;
  /** Called for each request that was answered. */
  readonly onRequest?: (remoteAddress: string) => void;
}

/** A running judge. */
export interface Judge {
  /** Where it answers, such as `http://127.0.0.1:8090/`. */
  readonly url: string;
  /** Its port. */
  readonly port: number;
  /** Stops it and ends its connections. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 8090;
const TIMEOUT_MS = 10_000;
const MAX_HEADER_BYTES = 16_384;
const MAX_CONNECTIONS = 10_000;

/**
 * Starts a judge.
 *
 * @throws {Error} with the `code` of the platform (`EADDRINUSE`, `EACCES`) when it cannot listen
 */
export async function startJudge(options: JudgeOptions = {}): Promise<Judge> {
  const { cert, host = "127.0.0.1", key, onRequest, port = DEFAULT_PORT } = options;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    respond(request, response);
    onRequest?.(remoteAddressOf(request));
  };
  const terms = { maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS };
  const isSecure = key !== undefined && cert !== undefined;
  const server: Server = isSecure
    ? createSecureServer({ ...terms, key, cert }, answer)
    : createServer(terms, answer);
  server.maxConnections = MAX_CONNECTIONS;
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", ignore);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", ignore);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      server.on("error", ignore); // too many files open, for a moment: it goes on
      resolve();
    });
  });
  const address = server.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  const shownHost = host.includes(":") ? `[${host}]` : host;
  return {
    url: `${isSecure ? "https" : "http"}://${shownHost}:${actual}/`,
    port: actual,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      // Bun tells of a connection only with its first request, and leaves one without any to its client.
      server.closeAllConnections();
      return closed;
    },
  };
}

function respond(request: IncomingMessage, response: ServerResponse): void {
  response.on("error", ignore);
  request.on("error", ignore);
  request.resume();
  response.setHeader("cache-control", "no-store");
  const { headers, httpVersion, method = "", url = "" } = request;
  const path = url.replace(/^https?:\/\/[^/?]*/i, "").split("?", 1)[0];
  if (method !== "GET" && method !== "HEAD") {
    // What else is sent is not waited for.
    response.writeHead(405, { allow: "GET, HEAD", connection: "close" }).end();
  } else if (path === "/204") {
    response.writeHead(204).end();
  } else if (path === "/" || path === "") {
    const seen = {
      remote_address: remoteAddressOf(request),
      method,
      url,
      http_version: httpVersion,
      headers,
    };
    const body = JSON.stringify(seen);
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(method === "HEAD" ? undefined : body);
  } else {
    response.writeHead(404).end();
  }
}

/** IPv4 as IPv4, also when the socket is one for both families. */
function remoteAddressOf({ socket }: IncomingMessage): string {
  return (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/i, "");
}

function ignore(): void {}
