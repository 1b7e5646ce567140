/**
 * One HTTP/1.1 request on a connection that is already open.
 *
 * The engine is `node:http`, handed the connection by an agent of one request: the one HTTP client that all three
 * runtimes have and that speaks over a socket of ours. (`undici` is a stub on Bun, and the native `fetch` of Deno
 * and Bun cannot be given a socket.) The queue of a usual `http.Agent` is not involved: it ties a connection to
 * whichever request comes next, so a failed handshake would hit a request that has nothing to do with it.
 */

import { Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";
import { TLSSocket } from "node:tls";
import { NetError } from "./errors.ts";
import { type Begin, type PhaseLimits, waitOn } from "./phase_wait.ts";
import { untraced, writeHeadUntraced } from "./untraced.ts";

/** Largest header of an answer, bytes. */
const MAX_HEADER_BYTES = 65_536;
/** How long the rest of a request may take when it has been answered, ms. */
const FLUSH_MS = 500;

/** A header as it goes out. */
export type HeaderFields = Readonly<Record<string, string | readonly string[]>>;

/** What is sent. */
export interface ExchangeRequest {
  /** Method, upper case. */
  readonly method: string;
  /** Whole URL. */
  readonly url: URL;
  /** Header fields; `host`, `content-length` and `connection` are added. */
  readonly headers: HeaderFields;
  /** Body. */
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** Whether the request line names the whole URL, for an HTTP proxy. */
  readonly isAbsolute: boolean;
  /** Whether the connection should stay open. */
  readonly keepAlive: boolean;
}

/** Terms of the wait for the head of the answer. */
export type ExchangeLimits = Omit<PhaseLimits, "phase" | "side">;

/**
 * Sends a request and resolves with the head of the answer; the body is still to be read.
 *
 * @throws {NetError} when the connection fails before the head is there; the socket is destroyed
 * @throws the reason of the signal when the caller gives up
 */
export function exchange(
  socket: Socket,
  request: ExchangeRequest,
  limits: ExchangeLimits,
): Promise<IncomingMessage> {
  const { url, method, body } = request;
  const path = `${url.pathname}${url.search}`;
  const phase: PhaseLimits = { ...limits, phase: "first_byte", side: "proxy" };
  const begin: Begin<IncomingMessage> = ({ done, fail, prolong }) => {
    const outgoing = httpRequest({
      method,
      path: request.isAbsolute ? `${url.origin}${path}` : path,
      host: url.hostname,
      headers: headersOf(request),
      setHost: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      agent: new GivenSocket(socket),
    });
    writeHeadUntraced(outgoing);
    const onError = (error: unknown) => fail(blame(error, socket));
    outgoing.on("error", onError);
    const onResponse = (message: IncomingMessage) => {
      message.on("error", ignore); // whoever reads it listens too
      if ((message.statusCode ?? 0) < 200) return fail(unexpectedStatus(socket));
      // What the parser finds later is an error of the request; who reads the body wants to know.
      outgoing.on("error", (error: unknown) => {
        if (isParserError(error)) message.destroy(brokenBody(error, socket));
      });
      message.once("end", () => endWithAnswer(outgoing, socket));
      done(message);
    };
    outgoing.on("response", onResponse);
    // A switch of protocols was never asked for.
    outgoing.on("upgrade", () => fail(unexpectedUpgrade()));
    if (body === null) outgoing.end();
    else if (body instanceof Uint8Array) outgoing.end(body);
    else {
      const length = lengthOf(request);
      const upload = { body, length, onProgress: prolong };
      send(upload, outgoing).catch((error: unknown) => outgoing.destroy(asError(error)));
    }
    return () => {
      outgoing.off("response", onResponse);
      outgoing.off("error", onError);
      outgoing.on("error", ignore);
    };
  };
  return waitOn(socket, phase, (waiter) => untraced(() => begin(waiter)));
}

/**
 * Gives one request one connection. The option `createConnection` would do as well, but for the proxies of the
 * environment: Deno 2.9 then still turns the request into one for `HTTP_PROXY` under `NODE_USE_ENV_PROXY=1`, and
 * sends that proxy's credentials to whoever is at the other end.
 */
class GivenSocket extends Agent {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super({ keepAlive: true, proxyEnv: {} });
    this.#socket = socket;
  }

  /** Called by `node:http` for the request; without it the agent would look for a connection of its own. */
  addRequest(request: ClientRequest): void {
    request.onSocket(this.#socket);
  }
}

type Outgoing = ReturnType<typeof httpRequest>;

/**
 * Who answers before it has read everything wants no more of it, and what is left must not follow on the connection.
 * Of what has been handed to the socket, the end may be noticed after the answer to it.
 */
function endWithAnswer(outgoing: Outgoing, socket: Socket): void {
  if (outgoing.writableFinished) return;
  if (!outgoing.writableEnded) return void socket.destroy();
  const timer = setTimeout(() => socket.destroy(), FLUSH_MS);
  timer.unref();
  const stop = () => clearTimeout(timer);
  outgoing.once("finish", stop);
  outgoing.once("close", stop);
}

interface Upload {
  readonly body: ReadableStream<Uint8Array>;
  /** Bytes that the header announces. */
  readonly length: number | undefined;
  readonly onProgress: () => void;
}

/** A body that is longer than its header says would be read as the next request, and a shorter one awaits the rest. */
async function send({ body, length, onProgress }: Upload, outgoing: Outgoing): Promise<void> {
  let sent = 0;
  const reader = body.getReader();
  // Whatever ends the connection ends the wait for more to send.
  const stop = () => void reader.cancel().catch(ignore);
  outgoing.once("close", stop);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (outgoing.destroyed) return;
      if (done) break;
      sent += value.length;
      if (length !== undefined && sent > length) throw wrongLength(length);
      if (!(value instanceof Uint8Array)) throw new TypeError("Cannot send a body of anything but bytes");
      onProgress();
      if (!outgoing.write(value)) await drained(outgoing);
    }
    if (length !== undefined && sent < length) throw wrongLength(length);
    outgoing.end();
  } catch (error) {
    stop();
    throw error;
  } finally {
    outgoing.off("close", stop);
    reader.releaseLock();
  }
}

function lengthOf({ headers }: ExchangeRequest): number | undefined {
  const announced = headers["content-length"];
  return announced === undefined ? undefined : Number(announced);
}

function wrongLength(length: number): TypeError {
  return new TypeError(`Cannot send the body: it is not ${length} bytes long, as content-length says`);
}

function drained(outgoing: Outgoing): Promise<void> {
  return new Promise((resolve) => {
    const onEvent = () => {
      outgoing.off("drain", onEvent);
      outgoing.off("close", onEvent);
      resolve();
    };
    outgoing.on("drain", onEvent);
    outgoing.on("close", onEvent);
  });
}

function headersOf(
  { body, headers, keepAlive, method, url }: ExchangeRequest,
): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = { host: url.host };
  for (const [name, value] of Object.entries(headers)) {
    fields[name] = typeof value === "string" ? value : [...value];
  }
  if (body instanceof Uint8Array) fields["content-length"] = String(body.length);
  else if (body === null && (method === "POST" || method === "PUT" || method === "PATCH")) {
    fields["content-length"] = "0";
  }
  fields["connection"] = keepAlive ? "keep-alive" : "close";
  return fields;
}

/** Inside TLS only the site can answer nonsense. */
function blame(error: unknown, socket: Socket): unknown {
  if (!isParserError(error) || !(socket instanceof TLSSocket)) return error;
  return new NetError("PROTOCOL_ERROR", "Site answered something that is not HTTP", {
    phase: "first_byte",
    side: "target",
    cause: error,
  });
}

function isParserError(error: unknown): error is Error {
  return error instanceof Error && String((error as { code?: unknown }).code).startsWith("HPE_");
}

function brokenBody(cause: Error, socket: Socket): NetError {
  return new NetError("PROTOCOL_ERROR", "Body was not sent as HTTP has it", {
    phase: "body",
    side: socket instanceof TLSSocket ? "target" : "proxy",
    cause,
  });
}

/** An interim answer in the place of one; `node:http` hands on those it does not know. */
function unexpectedStatus(socket: Socket): NetError {
  return new NetError("PROTOCOL_ERROR", "Answer has a status below 200", {
    phase: "first_byte",
    side: socket instanceof TLSSocket ? "target" : "proxy",
  });
}

function unexpectedUpgrade(): NetError {
  return new NetError("PROTOCOL_ERROR", "Site switched to another protocol unasked", {
    phase: "first_byte",
    side: "target",
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function ignore(): void {}
