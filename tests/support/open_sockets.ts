/** Keeps account of the sockets of a server, so that a test can see leaks and end them all. */

import type { Socket } from "node:net";

/** The sockets of a server that are open now. */
export class OpenSockets {
  readonly #open = new Set<Socket>();
  readonly #waiting = new Set<() => void>();

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Takes a socket in until it closes; its errors are of no interest. */
  add(socket: Socket): void {
    this.#open.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => {
      this.#open.delete(socket);
      if (this.#open.size > 0) return;
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
    });
  }

  /** Resolves when none is open. */
  none(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  /** Ends all of them at once. */
  destroyAll(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
