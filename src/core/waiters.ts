/**
 * Requests that wait for a proxy to free up.
 *
 * Those that ask for the same (criteria, target, tried already) stand in one queue and are served in turn. A queue is
 * looked at when a proxy may have become free: an outcome came in, the pool changed, or the time came that
 * the refusal named. If its first finds nothing, the others of the queue need not try.
 */

import { NoProxyAvailableError } from "./errors.ts";
import type { Lease } from "./lease.ts";
import type { AcquireOptions, SetTimer, WaitOptions } from "./rotator_options.ts";

/** What waiting needs of the rotator. */
export interface WaitersHost {
  /** A lease, or undefined. */
  tryAcquire(options: AcquireOptions): Lease | undefined;
  /** Why there is none; or a lease, if there is one after all. */
  unavailable(options: AcquireOptions): NoProxyAvailableError | Lease;
  /** Time, ms on the rotator's clock. */
  now(): number;
  /** Calls back later. */
  readonly setTimer: SetTimer;
}

interface Waiter {
  readonly options: WaitOptions;
  readonly deadline: number;
  settle(outcome: Lease | NoProxyAvailableError): void;
}

interface Queue {
  readonly waiters: Set<Waiter>;
  cancelTimer: (() => void) | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** Reasons that no time cures. */
const FINAL_REASONS: ReadonlySet<string> = new Set([
  "region",
  "protocol",
  "tag",
  "strategy",
  "already_tried",
]);

/** Queues of waiting requests. */
export class Waiters {
  readonly #host: WaitersHost;
  readonly #queues: Map<string, Queue> = new Map();
  #isWaking = false;

  /** @param host The rotator */
  constructor(host: WaitersHost) {
    this.#host = host;
  }

  /** See `ProxyRotator.acquireWhenReady`. */
  acquire(options: WaitOptions): Promise<Lease> {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    if (!(timeoutMs >= 0)) {
      return Promise.reject(new RangeError(`Cannot wait ${timeoutMs} ms: timeoutMs must be 0 or more`));
    }
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const key = keyOf(options);
      const lease = this.#queues.has(key) ? undefined : this.#host.tryAcquire(options);
      if (lease !== undefined) return resolve(lease);
      const waiter: Waiter = {
        options,
        deadline: this.#host.now() + timeoutMs,
        settle: (outcome) => {
          signal?.removeEventListener("abort", onAbort);
          if (outcome instanceof NoProxyAvailableError) reject(outcome);
          else resolve(outcome);
        },
      };
      const onAbort = () => {
        this.#leave(key, waiter);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#enter(key, waiter);
    });
  }

  /** A proxy may have become free. Cost: O(queues) when it has not. */
  wake(): void {
    if (this.#queues.size === 0 || this.#isWaking) return;
    this.#isWaking = true;
    try {
      for (const [key, queue] of this.#queues) this.#hand(key, queue);
    } finally {
      this.#isWaking = false;
    }
  }

  #enter(key: string, waiter: Waiter): void {
    const queue = this.#queues.get(key) ?? { waiters: new Set(), cancelTimer: undefined };
    this.#queues.set(key, queue);
    queue.waiters.add(waiter);
    this.#serve(key, queue);
  }

  #leave(key: string, waiter: Waiter): void {
    const queue = this.#queues.get(key);
    queue?.waiters.delete(waiter);
    if (queue?.waiters.size === 0) this.#remove(key, queue);
  }

  /** Hands out what is free and, for those still waiting, arranges for the next look. */
  #serve(key: string, queue: Queue): void {
    this.#hand(key, queue);
    if (queue.waiters.size > 0) this.#planNextLook(key, queue);
  }

  /** Hands out what is free to the first of a queue. */
  #hand(key: string, queue: Queue): void {
    for (const waiter of queue.waiters) {
      const lease = this.#host.tryAcquire(waiter.options);
      if (lease === undefined) return;
      queue.waiters.delete(waiter);
      waiter.settle(lease);
    }
    this.#remove(key, queue);
  }

  #planNextLook(key: string, queue: Queue): void {
    const now = this.#host.now();
    let nextAt = Infinity;
    for (const waiter of queue.waiters) {
      const refusal = this.#host.unavailable(waiter.options);
      const isOver = now >= waiter.deadline || !(refusal instanceof NoProxyAvailableError) ||
        isFinal(refusal);
      if (isOver) {
        queue.waiters.delete(waiter);
        waiter.settle(refusal);
        continue;
      }
      nextAt = Math.min(nextAt, now + (refusal.retryAfterMs ?? Infinity));
      break;
    }
    for (const { deadline } of queue.waiters) nextAt = Math.min(nextAt, deadline);
    if (queue.waiters.size === 0) return this.#remove(key, queue);
    queue.cancelTimer?.();
    queue.cancelTimer = this.#host.setTimer(() => this.#serve(key, queue), Math.max(1, nextAt - now));
  }

  #remove(key: string, queue: Queue): void {
    queue.cancelTimer?.();
    queue.cancelTimer = undefined;
    if (this.#queues.get(key) === queue) this.#queues.delete(key);
  }
}

function keyOf({ region, protocol, tag, target, session, exclude = [] }: AcquireOptions): string {
  return JSON.stringify([region?.toUpperCase(), protocol, tag, target, session, ...exclude]);
}

function isFinal({ counts, retryAfterMs }: NoProxyAvailableError): boolean {
  return retryAfterMs === undefined && Object.keys(counts).every((reason) => FINAL_REASONS.has(reason));
}
