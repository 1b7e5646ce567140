/**
 * How a program that serves comes to its end: by a signal, in order, and within bounds of time.
 *
 * @module
 */
import process from "node:process";
import { clearTimeout, setTimeout } from "node:timers";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Why a server came to its end. `input ended` also stands for a reader that has gone. */
export type ProgramEnd = "input ended" | "SIGINT" | "SIGTERM" | "SIGHUP";

/** Signals to this process, caught. */
export interface CaughtSignals {
  /** Resolves with the first signal. */
  readonly first: Promise<ProgramEnd>;
  /** Lets signals do again what they did before. */
  end(): void;
}

/** The first signal lets the server close in order, the second one ends the process. */
export function listenForSignals(exit: (code: number) => void): CaughtSignals {
  let resolve: (end: ProgramEnd) => void = () => {};
  const first = new Promise<ProgramEnd>((resolveFirst) => resolve = resolveFirst);
  let count = 0;
  const listener = (name: string) => {
    count += 1;
    if (count > 1) exit(1);
    else resolve(name as ProgramEnd);
  };
  for (const name of SIGNALS) process.on(name, listener);
  return {
    first,
    end: () => {
      for (const name of SIGNALS) process.off(name, listener);
    },
  };
}

/** What {@linkcode endInOrder} does, and with what. */
export interface OrderlyEnd {
  /** Closes the server. */
  readonly close: () => Promise<void>;
  /** Why. */
  readonly end: ProgramEnd;
  /** Writes out what is only in memory. */
  readonly onClose?: (end: ProgramEnd) => void | Promise<void>;
  /** How long that may take. @default {15000} */
  readonly closeTimeoutMs?: number;
  /** Hears that it failed. */
  readonly onError?: (error: Error) => void;
  /** Signals that are no longer caught then. */
  readonly signals: CaughtSignals;
  /** Called last but one. */
  readonly release?: () => void;
  /** Ends the process. */
  readonly exit: (code: number) => void;
}

/** Closes the server, then the rest, then exits: with 0, or with 1 when something failed or took too long. */
export async function endInOrder(options: OrderlyEnd): Promise<void> {
  let code = 0;
  try {
    await options.close();
    await withDeadline(options.onClose?.(options.end), options.closeTimeoutMs ?? 15_000);
  } catch (error) {
    code = 1;
    options.onError?.(new Error("Cannot close cleanly", { cause: error }));
  }
  options.signals.end();
  options.release?.();
  options.exit(code);
}

/**
 * Waits for work, but not for ever.
 *
 * @throws {Error} It took too long.
 */
export async function withDeadline(work: void | Promise<void>, timeoutMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`onClose took longer than ${timeoutMs} ms`)), timeoutMs);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
