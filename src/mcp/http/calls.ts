/**
 * Calls that are being done, for which the end of the server waits a while.
 *
 * @module
 */
import { clearTimeout, setTimeout } from "node:timers";

/** Counts calls. */
export class OpenCalls {
  #count = 0;
  #onIdle: (() => void) | undefined;

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** A call begins. */
  begin(): void {
    this.#count++;
  }

  /** A call has ended. */
  end(): void {
    this.#count--;
    if (this.#count === 0) this.#onIdle?.();
  }

  /** Resolves when there is none, or after so many milliseconds. */
  idle(timeoutMs: number): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
