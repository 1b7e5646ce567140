/**
 * HTTP by `node:http`, for Node, Bun and Deno: turns its messages into requests, and responses into its answers.
 *
 * Own code, since the adapters that exist bring frameworks along and leave the limits for slow clients to the caller.
 *
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { FetchHandler, HttpListener, HttpListenerOptions } from "./http_listener.ts";

const MAX_HEADER_BYTES = 16_384;
/** Idle connections are kept for the next request; longer than common proxies keep theirs. */
const KEEP_ALIVE_MS = 65_000;
const MAX_CONNECTIONS = 4096;

/**
 * Starts to listen.
 *
 * @throws {Error} With a `code` such as `EADDRINUSE` when it cannot.
 */
export async function listenOnNode(options: HttpListenerOptions): Promise<HttpListener> {
  const { headersTimeoutMs = 10_000, requestTimeoutMs = 60_000 } = options;
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(5_000, headersTimeoutMs / 4),
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  }, (message, answer) => {
    busy.add(message.socket);
    answer.once("close", () => busy.delete(message.socket));
    // A connection that is still kept when the server stops would hold it up.
    answer.once("finish", () => {
      if (!server.listening) message.socket.end();
    });
    void respond(message, answer, options.fetch);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const sockets = new Set<Socket>();
  const busy = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("clientError", refuse);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.hostname.replace(/^\[(.*)\]$/, "$1"), () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { address, port } = server.address() as AddressInfo;
  const closed = new Promise<void>((resolve) => server.once("close", () => resolve()));
  const stop = () => {
    if (server.listening) server.close();
    // closeIdleConnections() spares those on which nothing has come yet, as some clients open in advance.
    for (const socket of sockets) if (!busy.has(socket)) socket.destroy();
    return closed;
  };
  return {
    hostname: address,
    port,
    stop,
    kill() {
      const isClosed = stop();
      for (const socket of sockets) socket.destroy();
      return isClosed;
    },
  };
}

/** What cannot be read as a request, or takes too long to come. */
function refuse(
  error: Error & { readonly code?: string },
  socket: { writable: boolean } & Pick<Socket, "end" | "destroy">,
): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const status = error.code === "ERR_HTTP_REQUEST_TIMEOUT"
    ? "408 Request Timeout"
    : error.code === "HPE_HEADER_OVERFLOW"
    ? "431 Request Header Fields Too Large"
    : "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function respond(message: IncomingMessage, answer: ServerResponse, fetch: FetchHandler): Promise<void> {
  const controller = new AbortController();
  answer.once("close", () => {
    if (!answer.writableFinished) controller.abort();
  });
  answer.on("error", () => {}); // the client has gone; "close" follows
  try {
    const hostname = message.socket.remoteAddress;
    const origin = hostname === undefined ? {} : { remoteAddr: { transport: "tcp", hostname } };
    await write(await fetch(toRequest(message, controller.signal), origin), message, answer);
  } catch {
    if (answer.headersSent) answer.destroy();
    else answer.writeHead(400, { "content-length": "0", connection: "close" }).end();
  } finally {
    discard(message);
  }
}

function toRequest(message: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (let i = 0; i + 1 < message.rawHeaders.length; i += 2) {
    headers.append(message.rawHeaders[i] ?? "", message.rawHeaders[i + 1] ?? "");
  }
  const { method = "GET" } = message;
  const hasBody = method !== "GET" && method !== "HEAD" &&
    (headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) > 0);
  return new Request(urlOf(message.url ?? "/", headers.get("host") ?? ""), {
    method,
    headers,
    signal,
    ...(hasBody ? { body: toStream(message), duplex: "half" } : {}),
  });
}

/** A host that is none must not change the path. */
function urlOf(target: string, host: string): string {
  const base = URL.parse(`http://${host}`);
  const origin = base !== null && base.pathname === "/" && base.username === "" && host !== ""
    ? base.origin
    : "http://localhost";
  if (target.startsWith("/")) return origin + target;
  const absolute = URL.parse(target);
  return absolute === null ? `${origin}/` : `${origin}${absolute.pathname}${absolute.search}`;
}

function toStream(message: IncomingMessage): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      message.on("data", (chunk: Uint8Array) => {
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) message.pause();
      });
      message.once("end", () => controller.close());
      message.once("close", () => {
        if (!message.readableEnded) controller.error(new Error("The client has gone"));
      });
      message.once("error", (error) => controller.error(error));
    },
    pull: () => void message.resume(),
    cancel: () => discard(message),
  }, new ByteLengthQueuingStrategy({ highWaterMark: 65_536 }));
}

/**
 * What of a body nobody reads must not hold up the connection, and a client that still sends it must get to read the
 * answer. The time limit for requests bounds it.
 */
function discard(message: IncomingMessage): void {
  for (const event of ["data", "end", "close"]) message.removeAllListeners(event);
  message.resume();
}

async function write(response: Response, message: IncomingMessage, answer: ServerResponse): Promise<void> {
  answer.statusCode = response.status;
  for (const [name, value] of response.headers) answer.appendHeader(name, value);
  if (response.body === null || message.method === "HEAD") {
    answer.end();
    return;
  }
  if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true) {
    const body = new Uint8Array(await response.arrayBuffer());
    answer.setHeader("content-length", body.byteLength);
    answer.end(body);
    return;
  }
  answer.flushHeaders();
  await pump(response.body, answer);
}

/** Reads no faster than the client does. */
async function pump(body: ReadableStream<Uint8Array>, answer: ServerResponse): Promise<void> {
  const reader = body.getReader();
  const gone = () => void reader.cancel(new Error("The client has gone")).catch(() => {});
  answer.once("close", gone);
  if (answer.destroyed) gone();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!answer.write(value)) await drained(answer);
    }
    answer.end();
  } finally {
    answer.off("close", gone);
  }
}

function drained(answer: ServerResponse): Promise<void> {
  if (answer.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      answer.off("drain", done).off("close", done);
      resolve();
    };
    answer.once("drain", done).once("close", done);
  });
}
