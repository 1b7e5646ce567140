/**
 * The one place where something is waited for on a socket.
 *
 * Whatever happens first ends the wait: what was hoped for, an error, the end of the connection, the deadline
 * of the phase, or the caller's signal. In every case but the first the socket is destroyed, so that no
 * failure leaves one behind.
 */

import type { Socket } from "node:net";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import { NetError, netErrorFrom, type NetPhase, type NetSide, PHASE_WORDS } from "./errors.ts";

/** Terms of one wait. */
export interface PhaseLimits {
  /** What is being done, for errors. */
  readonly phase: NetPhase;
  /** Who is at fault when it fails. */
  readonly side: NetSide;
  /** Longest wait, ms. */
  readonly timeoutMs: number;
  /** When everything must be over, on the clock of `performance`; ends the wait earlier. */
  readonly deadline?: number | undefined;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
}

/** Ends a wait, or prolongs it. */
export interface Waiter<T> {
  /** What was hoped for has come. */
  done(value: T): void;
  /** It will not come. */
  fail(error: unknown): void;
  /** There is progress: the time starts anew. */
  prolong(): void;
}

/** Starts to listen for what is hoped for; answers what stops listening. */
export type Begin<T> = (waiter: Waiter<T>) => () => void;

/**
 * Waits for something on a socket.
 *
 * @throws {NetError} when the connection fails, ends or takes too long
 * @throws the reason of the signal when the caller gives up
 */
export function waitOn<T>(socket: Socket, limits: PhaseLimits, begin: Begin<T>): Promise<T> {
  const { phase, side, signal } = limits;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      socket.destroy();
      reject(signal.reason);
      return;
    }
    const listening: { stop?: () => void } = {};
    let isOver = false;
    const finish = () => {
      isOver = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      socket.off("error", onError);
      socket.off("close", onClose);
      listening.stop?.();
    };
    const failWith = (error: unknown) => {
      if (isOver) return;
      finish();
      socket.destroy();
      reject(error);
    };
    const onError = (error: unknown) => failWith(netErrorFrom(error, { phase, side }));
    // What arrived with the end of the connection may still be on its way through the streams above it.
    const onClose = () => setImmediate(() => failWith(closedDuring(phase, side)));
    const onAbort = () => failWith(signal?.reason);
    const start = () => setTimeout(() => failWith(timedOut(limits)), timeLeft(limits));
    let timer = start();
    signal?.addEventListener("abort", onAbort, { once: true });
    socket.on("error", onError);
    socket.on("close", onClose);
    listening.stop = begin({
      done(value) {
        if (isOver) return;
        finish();
        resolve(value);
      },
      fail: onError,
      prolong() {
        if (isOver) return;
        clearTimeout(timer);
        timer = start();
      },
    });
    if (isOver) listening.stop();
  });
}

/** How long a phase may take now, ms. */
export function timeLeft({ timeoutMs, deadline }: Pick<PhaseLimits, "timeoutMs" | "deadline">): number {
  return deadline === undefined ? timeoutMs : Math.max(0, Math.min(timeoutMs, deadline - performance.now()));
}

/** The error of a connection that the other side ended too early. */
export function closedDuring(phase: NetPhase, side: NetSide): NetError {
  return new NetError("CONNECTION_CLOSED", `Connection was closed during ${PHASE_WORDS[phase]}`, {
    phase,
    side,
  });
}

/** The error of a phase that took too long. */
export function timedOut({ phase, side }: Pick<PhaseLimits, "phase" | "side">): NetError {
  return new NetError("TIMED_OUT", `Timed out during ${PHASE_WORDS[phase]}`, { phase, side });
}
