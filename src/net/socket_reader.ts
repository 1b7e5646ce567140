/**
 * Reads what a proxy answers in a handshake, and not a byte more: what follows belongs to the site.
 *
 * With `readable` and `read()`, never with `data` and `pause()`: an explicitly paused socket stays paused when
 * `node:http` takes it over, and the request hangs, on Deno, Node and Bun alike.
 */

import type { Socket } from "node:net";
import { NetError } from "./errors.ts";
import { closedDuring, type PhaseLimits, waitOn } from "./phase_wait.ts";

/** Reads exactly `count` bytes. */
export function readExactly(socket: Socket, count: number, limits: PhaseLimits): Promise<Uint8Array> {
  return readUntil(socket, limits, () => {
    const chunk: Uint8Array | null = socket.read(count);
    if (chunk !== null && chunk.length < count) throw closedDuring(limits.phase, limits.side);
    return chunk ?? undefined;
  });
}

/**
 * Reads the head of an HTTP answer, up to and with the empty line.
 *
 * @param maxBytes Longest head, bytes
 */
export function readHead(socket: Socket, maxBytes: number, limits: PhaseLimits): Promise<string> {
  let head = "";
  return readUntil(socket, limits, () => {
    for (let chunk: Uint8Array | null = socket.read(); chunk !== null; chunk = socket.read()) {
      const start = Math.max(0, head.length - 3);
      head += latin1(chunk);
      const end = endOfHead(head, start);
      if (end > maxBytes || (end < 0 && head.length > maxBytes)) throw tooLarge(maxBytes, limits);
      if (end >= 0) {
        const rest = head.length - end;
        if (rest > 0) socket.unshift(chunk.subarray(chunk.length - rest));
        return head.slice(0, end);
      }
      if (!mayBeHttp(head)) throw notHttp(limits);
    }
    return undefined;
  });
}

function readUntil<T>(socket: Socket, limits: PhaseLimits, take: () => T | undefined): Promise<T> {
  return waitOn<T>(socket, limits, ({ done, fail }) => {
    const onReadable = () => {
      try {
        const value = take();
        if (value !== undefined) done(value);
      } catch (error) {
        fail(error);
      }
    };
    const onEnd = () => fail(closedDuring(limits.phase, limits.side));
    socket.on("readable", onReadable);
    socket.on("end", onEnd);
    onReadable();
    return () => {
      socket.off("readable", onReadable);
      socket.off("end", onEnd);
    };
  });
}

/** Some old proxies end lines with LF alone. */
function endOfHead(text: string, from: number): number {
  const crlf = text.indexOf("\r\n\r\n", from);
  const lf = text.indexOf("\n\n", from);
  if (crlf < 0) return lf < 0 ? -1 : lf + 2;
  return lf < 0 || crlf < lf ? crlf + 4 : lf + 2;
}

function mayBeHttp(head: string): boolean {
  return "HTTP/".startsWith(head.slice(0, 5).toUpperCase());
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function tooLarge(maxBytes: number, { phase, side }: PhaseLimits): NetError {
  return new NetError("TOO_LARGE", `Proxy answered with a header of more than ${maxBytes} bytes`, {
    phase,
    side,
  });
}

function notHttp({ phase, side }: PhaseLimits): NetError {
  return new NetError("PROTOCOL_ERROR", "Proxy answered something that is not HTTP", { phase, side });
}
