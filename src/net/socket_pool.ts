/**
 * Connections that stay open between requests, by what they lead to: (proxy, origin).
 *
 * Opening one costs a handshake with the proxy and mostly TLS with the site, so reuse dominates every other
 * cost. Bounded three ways: connections per key, idle ones per key, idle ones in all (least recently used goes
 * first). Idle connections do not keep the program alive.
 *
 * Not `http.Agent`: it counts per agent and not in all, and it knows nothing of proxies that a request did not
 * come for.
 */

import type { Socket } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";
import { NetError } from "./errors.ts";
import { nextTurn, sleep } from "./sleep.ts";

/** Bounds of the pool. */
export interface SocketPoolOptions {
  /** Connections per proxy and origin, busy ones included. @default {10} */
  readonly maxPerKey?: number | undefined;
  /** Idle connections kept per proxy and origin. @default {5} */
  readonly maxIdlePerKey?: number | undefined;
  /** Idle connections kept in all. @default {512} */
  readonly maxIdle?: number | undefined;
  /** Idle connections are closed after this time, ms. @default {30_000} */
  readonly idleMs?: number | undefined;
}

/** Terms of taking a connection. */
export interface TakeOptions {
  /** Idle connections that have waited longer are passed over, ms. @default {no limit} */
  readonly maxIdleAgeMs?: number | undefined;
  /**
   * Look twice whether an idle connection is still open: for a request that can be sent only once. The end of a
   * connection may have arrived without having been read yet. @default {false}
   */
  readonly mustBeOpen?: boolean | undefined;
  /** When the wait for a free place ends, on the clock of `performance`. */
  readonly deadline?: number | undefined;
  /** Ends the wait for a free place. */
  readonly signal?: AbortSignal | undefined;
}

/** A connection for one request. */
export interface PooledSocket {
  /** The connection. */
  readonly socket: Socket;
  /** Whether requests went over it before: then it may have been closed by the other side in this very moment. */
  readonly isReused: boolean;
}

interface Idle {
  readonly socket: Socket;
  readonly lane: Lane;
  readonly since: number;
  /** Nothing may come unasked: it would be taken for the answer to the next request (RFC 9112 §9.2). */
  readonly onData: () => void;
}

interface Lane {
  readonly key: string;
  /** Connections open or being opened. */
  open: number;
  /** Oldest first. */
  readonly idle: Idle[];
  /** Requests that wait for a place. */
  readonly waiting: Set<() => void>;
}

/** Pool of connections. */
export class SocketPool {
  readonly #maxPerKey: number;
  readonly #maxIdlePerKey: number;
  readonly #maxIdle: number;
  readonly #idleMs: number;
  readonly #lanes: Map<string, Lane> = new Map();
  readonly #busy: Set<Socket> = new Set();
  /** All idle connections, least recently used first. */
  readonly #idle: Map<Socket, Idle> = new Map();
  /** Connections whose place was given up already. */
  readonly #counted: WeakSet<Socket> = new WeakSet();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  /** @param options Bounds */
  constructor(options: SocketPoolOptions = {}) {
    this.#maxPerKey = options.maxPerKey ?? 10;
    this.#maxIdlePerKey = options.maxIdlePerKey ?? 5;
    this.#maxIdle = options.maxIdle ?? 512;
    this.#idleMs = options.idleMs ?? 30_000;
  }

  /** Connections that are idle now. */
  get idleCount(): number {
    return this.#idle.size;
  }

  /** Connections that are in use now. */
  get busyCount(): number {
    return this.#busy.size;
  }

  /**
   * Takes a connection: an idle one, or a new one, or waits for a place. When the HTTP engine has read the whole answer
   * and the connection may be used again, it comes back by itself; destroying it frees its place.
   *
   * @param open Opens a new one
   */
  async take(key: string, open: () => Promise<Socket>, options: TakeOptions = {}): Promise<PooledSocket> {
    for (;;) {
      options.signal?.throwIfAborted();
      if (this.#isClosed) throw new TypeError("Cannot request anything: the client is closed");
      const lane = this.#laneOf(key);
      const idle = this.#takeIdle(lane, options.maxIdleAgeMs ?? Infinity);
      if (idle !== undefined) {
        const socket = this.#watch(lane, idle);
        if (options.mustBeOpen !== true || await isStillOpen(socket)) return { socket, isReused: true };
        socket.destroy();
        continue;
      }
      if (lane.open >= this.#maxPerKey && lane.idle[0] !== undefined) this.#drop(lane.idle[0]);
      if (lane.open < this.#maxPerKey) return { socket: await this.#open(lane, open), isReused: false };
      await placeIn(lane, options);
      // Who leaves at the moment at which a place gets free has taken the news of it from the next in line.
      if (options.signal?.aborted || this.#isClosed) wakeOne(lane);
    }
  }

  /** Closes idle connections now and busy ones with them; nothing can be taken any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const { socket } of [...this.#idle.values()]) socket.destroy();
    for (const socket of [...this.#busy]) socket.destroy();
  }

  async #open(lane: Lane, open: () => Promise<Socket>): Promise<Socket> {
    lane.open++;
    let socket: Socket;
    try {
      socket = await open();
    } catch (error) {
      this.#leave(lane);
      throw error;
    }
    socket.once("close", () => this.#gone(lane, socket));
    if (this.#isClosed || socket.destroyed) socket.destroy();
    return this.#watch(lane, socket);
  }

  #watch(lane: Lane, socket: Socket): Socket {
    this.#busy.add(socket);
    // `node:http` says so when the answer is read to its end and both sides want to go on.
    socket.once("free", () => this.#giveBack(lane, socket));
    return socket;
  }

  #giveBack(lane: Lane, socket: Socket): void {
    this.#busy.delete(socket);
    const isFull = lane.idle.length >= this.#maxIdlePerKey && lane.waiting.size === 0;
    if (socket.destroyed || this.#isClosed || isFull || this.#maxIdle === 0) {
      socket.destroy();
      return;
    }
    const idle = { socket, lane, since: performance.now(), onData: () => void socket.destroy() };
    socket.on("data", idle.onData);
    lane.idle.push(idle);
    this.#idle.set(socket, idle);
    socket.unref();
    const [oldest] = this.#idle.values();
    if (this.#idle.size > this.#maxIdle && oldest !== undefined) this.#drop(oldest);
    this.#scheduleSweep();
    wakeOne(lane);
  }

  /** The most recently used one: it is the least likely to be closed by the other side. */
  #takeIdle(lane: Lane, maxAgeMs: number): Socket | undefined {
    for (let idle = lane.idle.at(-1); idle !== undefined; idle = lane.idle.at(-1)) {
      if (performance.now() - idle.since > maxAgeMs) return undefined;
      this.#forgetIdle(idle);
      const { socket } = idle;
      if (!isUsable(socket)) {
        socket.destroy();
        continue;
      }
      socket.ref();
      return socket;
    }
    return undefined;
  }

  #drop(idle: Idle): void {
    this.#forgetIdle(idle);
    this.#gone(idle.lane, idle.socket);
    idle.socket.destroy();
  }

  #forgetIdle(idle: Idle): void {
    const { idle: siblings } = idle.lane;
    const index = siblings.lastIndexOf(idle);
    if (index >= 0) siblings.splice(index, 1);
    this.#idle.delete(idle.socket);
    idle.socket.off("data", idle.onData);
  }

  /** A connection is closed, or as good as; counts once. */
  #gone(lane: Lane, socket: Socket): void {
    if (this.#counted.has(socket)) return;
    this.#counted.add(socket);
    this.#busy.delete(socket);
    const idle = this.#idle.get(socket);
    if (idle !== undefined) this.#forgetIdle(idle);
    this.#leave(lane);
  }

  #leave(lane: Lane): void {
    lane.open--;
    wakeOne(lane);
    if (lane.open === 0 && lane.waiting.size === 0 && this.#lanes.get(lane.key) === lane) {
      this.#lanes.delete(lane.key);
    }
  }

  #laneOf(key: string): Lane {
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = { key, open: 0, idle: [], waiting: new Set() };
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  #scheduleSweep(): void {
    if (this.#timer !== undefined) return;
    const [oldest] = this.#idle.values();
    if (oldest === undefined) return;
    const wait = Math.max(0, oldest.since + this.#idleMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const limit = performance.now() - this.#idleMs;
      for (const idle of [...this.#idle.values()]) {
        if (idle.since > limit) break;
        this.#drop(idle);
      }
      this.#scheduleSweep();
    }, wait + 1);
    this.#timer.unref();
  }
}

function isUsable(socket: Socket): boolean {
  return !socket.destroyed && socket.writable && !socket.readableEnded && socket.readableLength === 0;
}

/**
 * Lets the runtime look at its sockets once. A turn of the event loop does it on Node and Bun; Deno looks only every 61
 * turns or when it is idle, and a timer alone may be due before it looks.
 */
async function isStillOpen(socket: Socket): Promise<boolean> {
  await sleep(1);
  await nextTurn();
  return isUsable(socket);
}

/** Waits until a place of the lane may be free. */
function placeIn(lane: Lane, { deadline, signal }: TakeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      lane.waiting.delete(onFree);
    };
    const onFree = () => {
      finish();
      resolve();
    };
    const onAbort = () => {
      finish();
      reject(signal?.reason);
    };
    const onLate = () => {
      finish();
      reject(allBusy());
    };
    const timer = deadline === undefined
      ? undefined
      : setTimeout(onLate, Math.max(0, deadline - performance.now()));
    lane.waiting.add(onFree);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** Neither the proxy's fault nor the site's; but another proxy may have a connection free. */
function allBusy(): NetError {
  return new NetError("TIMED_OUT", "All connections through the proxy to the site were busy", {
    phase: "connect",
    side: "target",
  });
}

function wakeOne(lane: Lane): void {
  for (const wake of lane.waiting) {
    lane.waiting.delete(wake);
    wake();
    return;
  }
}
