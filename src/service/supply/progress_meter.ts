/** Tells a caller of progress: often enough for a person, and not for each of ten thousand proxies. */
import { redactString } from "../boundary.ts";
import type { CallProgress } from "../handler_context.ts";

/** Shortest time between two reports, ms. */
const INTERVAL_MS = 250;

/** Passes on what is worth telling. */
export class ProgressMeter {
  readonly #report: ((progress: CallProgress) => void) | undefined;
  readonly #now: () => number;
  #told = -1;
  #total: number | undefined;
  #toldAt = -Infinity;

  /**
   * Makes a meter.
   *
   * @param report Hears of it; nobody does without
   * @param now Milliseconds that never go back
   */
  constructor(
    report: ((progress: CallProgress) => void) | undefined,
    now: () => number = () => performance.now(),
  ) {
    this.#report = report;
    this.#now = now;
  }

  /** Tells how far it is, unless it has just done so or nothing has moved; the end, and another total, is always told. */
  update(done: number, total: number | undefined, message: string): void {
    if (this.#report === undefined || done <= this.#told) return;
    const now = this.#now();
    const isDue = now - this.#toldAt >= INTERVAL_MS || done === total || total !== this.#total;
    if (!isDue) return;
    this.#told = done;
    this.#total = total;
    this.#toldAt = now;
    this.#report({
      progress: done,
      ...(total === undefined ? {} : { total }),
      message: redactString(message),
    });
  }
}
