/**
 * How many requests a client may send: the generic cell rate algorithm, one number a client.
 *
 * @module
 */
import { type Pace, parsePace } from "../../core/pacing.ts";
import { ipv6Words } from "../../net/ip_address.ts";

/** Clients that are remembered; the ones not seen for longest go first. */
const MAX_CLIENTS = 10_000;
/** What a client may send at once after a rest, as time at its rate. */
const BURST_MS = 2000;
const LEAST_BURST = 20;

/** Counts requests. */
export class RateLimit {
  readonly #pace: Pace;
  readonly #now: () => number;
  /** When the next request of a client would be in time. In the order of their last request. */
  readonly #due = new Map<string, number>();

  /**
   * @param rate Such as `100/s` or `600/min`; twice as many as come in a second may come at once, at least 20.
   * @param now Milliseconds, monotonic.
   * @throws {RangeError} when it is no rate
   */
  constructor(rate: string, now: () => number) {
    const { intervalMs } = paceOf(rate);
    this.#pace = parsePace(rate, Math.max(LEAST_BURST, Math.ceil(BURST_MS / intervalMs)));
    this.#now = now;
  }

  /** Clients that are remembered. */
  get size(): number {
    return this.#due.size;
  }

  /** Counts a request; answers how long the client has to wait, ms, or 0 when it may go on. */
  take(client: string): number {
    const now = this.#now();
    const due = Math.max(this.#due.get(client) ?? now, now);
    const wait = due - now - this.#pace.burstMs;
    this.#due.delete(client);
    // A refused request does not count: who keeps asking is served as soon as who waits.
    this.#due.set(client, wait > 0 ? due : due + this.#pace.intervalMs);
    if (this.#due.size > MAX_CLIENTS) {
      for (const oldest of this.#due.keys()) {
        this.#due.delete(oldest);
        break;
      }
    }
    return Math.max(0, wait);
  }
}

function paceOf(rate: string): Pace {
  try {
    return parsePace(rate);
  } catch (cause) {
    const shown = JSON.stringify(rate.slice(0, 40));
    throw new RangeError(
      `Cannot use rate limit ${shown}, allowed: a rate such as "100/s" or "600/min", or off`,
      {
        cause,
      },
    );
  }
}

/** One client for the rate limit: an address, or for IPv6 the network that one customer is given (/64). */
export function clientOf(address: string | undefined): string {
  if (address === undefined) return "unknown";
  if (!address.includes(":")) return address;
  try {
    const words = ipv6Words(address);
    const isMapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff;
    return (isMapped ? words : words.slice(0, 4)).join(":");
  } catch {
    return "unknown";
  }
}
