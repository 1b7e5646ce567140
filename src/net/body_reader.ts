/**
 * The body of an answer: decoded, with a deadline for silence, cancellable, and readable in part before it is
 * handed on.
 */

import type { IncomingMessage } from "node:http";
import { pipeline, type Readable, type Transform } from "node:stream";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import zlib from "node:zlib";
import { NetError, netErrorFrom } from "./errors.ts";
import { closedDuring, timedOut } from "./phase_wait.ts";
import { nextTurn } from "./sleep.ts";

/** Node has it from 22.15 on; a named import would keep older ones from starting. */
const hasZstd = typeof zlib.createZstdDecompress === "function";

/** What is asked for when the caller does not say: all that can be read again. */
export const ACCEPT_ENCODING: string = hasZstd ? "gzip, deflate, br, zstd" : "gzip, deflate, br";

/** Terms of reading. */
export interface BodyLimits {
  /** Longest silence of the other side while more is wanted, ms. */
  readonly idleMs: number;
  /** Longest time in which nobody wants more, ms: a forgotten body must not keep its connection. */
  readonly unreadMs: number;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
  /** Is told when the body breaks off, unless the caller's signal did it. */
  readonly onFailure?: ((error: NetError) => void) | undefined;
}

/** What is read of a body that nobody wants, bytes and ms: a new connection costs more than that. */
const DISCARDED_BYTES = 65_536;
const DISCARD_MS = 50;

const BODY = { phase: "body", side: "proxy" } as const;

/** Reads the body of one answer. */
export class BodyReader {
  readonly #message: IncomingMessage;
  readonly #limits: BodyLimits;
  #source: Readable | undefined;
  #codings: readonly string[];
  /** Read ahead, to be read again. */
  readonly #ahead: Uint8Array[] = [];
  #isDone = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;
  #lastRead = performance.now();
  #unreadTimer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param message Answer whose head is there
   * @param codings Content codings to undo, in the order in which they were applied
   * @param limits Terms of reading
   */
  constructor(message: IncomingMessage, codings: readonly string[], limits: BodyLimits) {
    this.#message = message;
    this.#limits = limits;
    this.#codings = codings;
    message.on("error", this.#onError);
    message.on("aborted", this.#onClose);
    message.on("close", this.#onClose);
    limits.signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (codings.length === 0) this.#source = message;
    message.on("readable", this.#onNews);
    message.on("end", this.#onNews);
    // It can break off in the same moment as its head arrives; who takes the head must have learned of it first.
    if (message.destroyed && !message.complete) {
      const error = message.errored;
      setImmediate(() => error === null || error === undefined ? this.#onClose() : this.#onError(error));
    }
  }

  /** Why it broke off, if it did. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Begins to watch for a body that nobody reads. */
  watch(): void {
    this.#lastRead = performance.now();
    this.#watchFor(this.#limits.unreadMs);
  }

  /** Everything, when all of it has arrived with the head; otherwise undefined. */
  takeArrived(): Uint8Array | undefined {
    if (this.#codings.length > 0 || !this.#message.complete || this.#failure !== undefined) return undefined;
    const chunks: Uint8Array[] = [...this.#ahead.splice(0)];
    for (let chunk = this.#message.read(); chunk !== null; chunk = this.#message.read()) chunks.push(chunk);
    // The end is announced in the next tick, and with it the connection set free.
    this.#finish();
    this.#message.resume();
    return chunks.length === 1 ? chunks[0] : joined(chunks);
  }

  /**
   * The next part of the body; `null` at its end.
   *
   * @throws {NetError} when it breaks off, falls silent or cannot be decoded
   * @throws the reason of the signal when it aborts
   */
  async read(): Promise<Uint8Array | null> {
    this.#lastRead = performance.now();
    const ahead = this.#ahead.shift();
    if (ahead !== undefined) return ahead;
    const chunk = await this.#readOn(this.#limits.idleMs);
    if (chunk !== undefined) return chunk;
    const error = timedOut(BODY);
    this.#fail(error);
    throw error;
  }

  /**
   * The first bytes, which will be read again; fewer at the end of the body or after the time. Never throws: a
   * failure shows when the body is read.
   */
  async peek(bytes: number, timeoutMs: number): Promise<Uint8Array> {
    let length = this.#ahead.reduce((sum, chunk) => sum + chunk.length, 0);
    const deadline = performance.now() + timeoutMs;
    while (length < bytes) {
      const left = deadline - performance.now();
      const chunk = left <= 0 ? undefined : await this.#readOn(left).catch(() => undefined);
      if (chunk === undefined || chunk === null) break;
      this.#ahead.push(chunk);
      length += chunk.length;
    }
    // Being late here is no failure of the body.
    if (this.#failure?.error instanceof NetError && this.#failure.error.code === "TIMED_OUT") {
      this.#failure = undefined;
    }
    return joined(this.#ahead).subarray(0, bytes);
  }

  /** Gives the rest up, and the connection with it unless nearly nothing is left. */
  cancel(): void {
    if (this.#isDone) return;
    this.#finish();
    if (this.#message.complete) this.#message.resume();
    else this.#message.destroy();
  }

  /** Gives the body up, but reads a short one to its end first, so that its connection can be used again. */
  async discard(): Promise<void> {
    await this.peek(DISCARDED_BYTES, DISCARD_MS);
    this.cancel();
    await nextTurn();
  }

  /** The body as a stream. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream({
      pull: async (controller) => {
        const chunk = await this.read();
        if (chunk === null) controller.close();
        else controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
      },
      cancel: () => this.cancel(),
    }, { highWaterMark: 0 });
  }

  /** The next part, `null` at the end, undefined when the time is over. */
  async #readOn(timeoutMs: number): Promise<Uint8Array | null | undefined> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#isDone) return null;
      const source: Readable | undefined = this.#source ?? this.#decoded();
      const chunk: Uint8Array | null = source?.read() ?? null;
      if (chunk !== null) return chunk;
      if ((source ?? this.#message).readableEnded) {
        this.#finish();
        return null;
      }
      if (await this.#isSilent(timeoutMs)) return undefined;
    }
  }

  /** Waits until anything happens; answers whether nothing did. */
  #isSilent(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const wake = (isSilent: boolean) => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve(isSilent);
      };
      const timer = setTimeout(() => wake(true), timeoutMs);
      this.#wake = () => wake(false);
    });
  }

  #watchFor(ms: number): void {
    if (this.#isDone || this.#failure !== undefined) return;
    this.#unreadTimer = setTimeout(() => {
      const left = this.#lastRead + this.#limits.unreadMs - performance.now();
      if (left > 0 || this.#wake !== undefined) this.#watchFor(Math.max(left, 1_000));
      else this.#fail(timedOut(BODY));
    }, ms);
    this.#unreadTimer.unref();
  }

  /**
   * The decoded body; undefined as long as nothing has come: an empty body is empty in every coding, and the first byte
   * tells two kinds of `deflate` apart.
   */
  #decoded(): Readable | undefined {
    const message = this.#message;
    const start: Uint8Array | null = message.read();
    if (start === null) return undefined;
    message.off("readable", this.#onNews); // a stream with such a listener cannot be piped
    message.unshift(start);
    const decoders = this.#codings.toReversed().map((coding) => decoderOf(coding, start[0]));
    this.#codings = [];
    // On Node and Bun `pipeline` is done with the last one before that notices that its input was cut: an error of it
    // that nobody hears would end the program.
    for (const decoder of decoders) decoder.on("error", this.#onDecodingError);
    const source = decoders.at(-1);
    if (source === undefined) return message;
    pipeline([message, ...decoders], (error) => {
      if (error !== null && error !== undefined) this.#onDecodingError(error);
    });
    source.on("readable", this.#onNews);
    source.on("end", this.#onNews);
    this.#source = source;
    return source;
  }

  readonly #onNews = (): void => this.#wake?.();
  readonly #onDecodingError = (error: unknown): void => this.#fail(decodingError(error));
  readonly #onError = (error: unknown): void => this.#fail(netErrorFrom(error, BODY));
  readonly #onAbort = (): void => this.#fail(this.#limits.signal?.reason);
  readonly #onClose = (): void => {
    if (!this.#message.complete) this.#fail(closedDuring(BODY.phase, BODY.side));
  };

  #fail(error: unknown): void {
    if (this.#isDone || this.#failure !== undefined) return;
    this.#failure = { error };
    clearTimeout(this.#unreadTimer);
    this.#limits.signal?.removeEventListener("abort", this.#onAbort);
    if (error instanceof NetError) this.#limits.onFailure?.(error);
    this.#message.destroy();
    this.#wake?.();
  }

  #finish(): void {
    this.#isDone = true;
    clearTimeout(this.#unreadTimer);
    this.#limits.signal?.removeEventListener("abort", this.#onAbort);
    this.#wake?.();
  }
}

const KNOWN_CODING = hasZstd ? /^(?:x-)?gzip$|^deflate$|^br$|^zstd$/ : /^(?:x-)?gzip$|^deflate$|^br$/;

/** Content codings of an answer in the order of application; undefined when one is unknown. */
export function codingsOf(headers: Headers): readonly string[] | undefined {
  const names = (headers.get("content-encoding") ?? "").toLowerCase().split(",").map((name) => name.trim());
  const codings = names.filter((name) => name !== "" && name !== "identity");
  return codings.length <= 4 && codings.every((name) => KNOWN_CODING.test(name)) ? codings : undefined;
}

/** `deflate` means zlib (RFC 9110 §8.4.1.2), but some servers leave its header out. */
function decoderOf(coding: string, firstByte: number | undefined): Transform {
  switch (coding) {
    case "br":
      return zlib.createBrotliDecompress();
    case "zstd":
      return zlib.createZstdDecompress();
    case "deflate":
      return firstByte === undefined || (firstByte & 0x0f) === 8
        ? zlib.createInflate()
        : zlib.createInflateRaw();
    default:
      return zlib.createGunzip();
  }
}

function decodingError(error: unknown): NetError {
  const { code } = error as { readonly code?: unknown };
  if (typeof code !== "string" || !/^(?:Z_|ERR__?ZLIB|ERR_.*BROTLI|ERR_ZSTD|ZSTD_|ERR_)/.test(code)) {
    return netErrorFrom(error, BODY);
  }
  if (code === "ERR_STREAM_PREMATURE_CLOSE") return closedDuring(BODY.phase, BODY.side);
  return new NetError("PROTOCOL_ERROR", `Body could not be decoded (${code})`, {
    phase: "body",
    side: "target",
    cause: error,
  });
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
