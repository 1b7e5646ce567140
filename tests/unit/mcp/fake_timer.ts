/** A clock that goes on when the test says so. */

import type { UpdateTimer } from "../../../src/mcp/update_throttle.ts";

/** An {@linkcode UpdateTimer} under the control of a test. */
export class FakeTimer implements UpdateTimer {
  #now = 0;
  #calls: { at: number; callback: () => void }[] = [];

  /** Calls that are waiting. */
  get pending(): number {
    return this.#calls.length;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const call = { at: this.#now + delayMs, callback };
    this.#calls.push(call);
    return () => {
      this.#calls = this.#calls.filter((other) => other !== call);
    };
  }

  /** Lets time pass; due calls happen in their order, at their time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#calls.filter((call) => call.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#calls = this.#calls.filter((call) => call !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = end;
  }
}
