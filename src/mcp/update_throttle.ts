/**
 * At most one update notification in an interval, and never a lost one.
 *
 * A pool under load changes its health hundreds of times a second; a subscriber wants to hear about it at once,
 * then not too often, and wants to have heard of the last change. So the first change is told immediately, those
 * within the interval are merged, and the merged one is told when the interval ends.
 *
 * @module
 */
import { clearTimeout, setTimeout } from "node:timers";

/** A clock that can also wake up; injected so that tests need not wait. */
export interface UpdateTimer {
  /** Milliseconds, monotonic. */
  now(): number;
  /**
   * Calls back once after so many milliseconds. Must not keep the process alive.
   *
   * @returns A function that cancels the call.
   */
  after(delayMs: number, callback: () => void): () => void;
}

/** The real clock. `node:timers` because Deno's global `setTimeout` returns a number that has no `unref`. */
export const SYSTEM_TIMER: UpdateTimer = {
  now: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Options of {@linkcode UpdateThrottle}. */
export interface UpdateThrottleOptions {
  /** Shortest time between two notifications. @default {1000} */
  readonly intervalMs?: number;
  /** The clock. @default {SYSTEM_TIMER} */
  readonly timer?: UpdateTimer;
}

/** Merges bursts of changes into calls of `notify` that are at least an interval apart. */
export class UpdateThrottle {
  readonly #notify: () => void;
  readonly #intervalMs: number;
  readonly #timer: UpdateTimer;
  #lastAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  /** @param notify Tells of a change; called from {@linkcode UpdateThrottle.changed} or from the timer. */
  constructor(notify: () => void, options: UpdateThrottleOptions = {}) {
    this.#notify = notify;
    this.#intervalMs = options.intervalMs ?? 1000;
    this.#timer = options.timer ?? SYSTEM_TIMER;
  }

  /** Something changed. Cheap when a notification is already due. */
  changed(): void {
    if (this.#cancel !== undefined) return;
    const wait = this.#lastAt + this.#intervalMs - this.#timer.now();
    if (wait <= 0) this.#fire();
    else this.#cancel = this.#timer.after(wait, () => this.#fire());
  }

  /** Whether nothing is due and a new one would do the same: the next change is told at once. */
  get isIdle(): boolean {
    return this.#cancel === undefined && this.#lastAt + this.#intervalMs <= this.#timer.now();
  }

  /** Drops a notification that is still due, and any timer. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #fire(): void {
    this.#cancel = undefined;
    this.#lastAt = this.#timer.now();
    this.#notify();
  }
}
