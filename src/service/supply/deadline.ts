/** The end of a piece of work: when its time is over, or its caller goes. */
import { clearTimeout, setTimeout } from "node:timers";

/** A signal with a reason that can be asked for. */
export class Deadline {
  /** Aborts at the end. */
  readonly signal: AbortSignal;
  readonly #caller: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #forget: () => void;

  /**
   * Starts the time.
   *
   * @param limitMs Time until the end; none without
   * @param caller Ends it early
   */
  constructor(limitMs: number | undefined, caller: AbortSignal | undefined) {
    const controller = new AbortController();
    const end = () => controller.abort(new DOMException("The time is over", "TimeoutError"));
    const follow = () => controller.abort(caller?.reason);
    this.signal = controller.signal;
    this.#caller = caller;
    this.#timer = limitMs === undefined ? undefined : setTimeout(end, limitMs);
    if (caller?.aborted) follow();
    else caller?.addEventListener("abort", follow, { once: true });
    this.#forget = () => caller?.removeEventListener("abort", follow);
  }

  /** Why work ended, or `undefined` when it did not end for this. */
  get cause(): "time" | "cancelled" | undefined {
    if (!this.signal.aborted) return undefined;
    return this.#caller?.aborted ? "cancelled" : "time";
  }

  /** Stops the clock. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#forget();
  }
}
