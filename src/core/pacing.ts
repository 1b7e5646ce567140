/**
 * How often one proxy may visit one target.
 *
 * Where use itself burns proxies, nothing else matters as much, and only if it is enforced hard: a proxy
 * whose slot has not come is not eligible, whatever the strategy wants. The generic cell rate algorithm
 * (ITU-T I.371, annex A) needs one number per pair: the theoretical arrival time of its next request.
 */

/** Allowed rate of one proxy on one target. */
export interface Pace {
  /** Time between two requests, ms. */
  readonly intervalMs: number;
  /** How far a burst may run ahead, ms: (requests at once − 1) × interval. */
  readonly burstMs: number;
}

/** Paces of a rotator. */
export interface PacingOptions {
  /** For every target without one of its own, such as `15/min`. */
  readonly rate?: string;
  /** By target (registrable domain). */
  readonly targets?: Readonly<Record<string, string>>;
  /** Requests that may go out at once after a rest, ≥ 1. @default {1} */
  readonly burst?: number;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  sec: 1000,
  second: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
};

const RATE = /^\s*(\d+(?:\.\d+)?)\s*\/\s*(\d*)\s*([a-z]+)\s*$/i;

/**
 * Reads a rate: `15/min`, `2/s`, `100/h`, `1/10s`.
 *
 * @throws {RangeError} when it is not one, or zero
 */
export function parsePace(rate: string, burst = 1): Pace {
  const match = RATE.exec(rate);
  const unitMs = UNIT_MS[match?.[3]?.toLowerCase() ?? ""];
  const count = Number(match?.[1]);
  const units = match?.[2] ? Number(match[2]) : 1;
  if (unitMs === undefined || !(count > 0) || !(units > 0)) {
    throw new RangeError(
      `Cannot read pace "${rate.slice(0, 40)}": use a rate such as "15/min", "2/s" or "1/10s"`,
    );
  }
  if (!Number.isInteger(burst) || burst < 1) {
    throw new RangeError(`Cannot use burst ${burst}: it must be a whole number, 1 or more`);
  }
  const intervalMs = (units * unitMs) / count;
  return { intervalMs, burstMs: (burst - 1) * intervalMs };
}

/** Answers the pace of a target, or undefined where there is none. */
export class Pacing {
  /** What it was made from. */
  readonly options: PacingOptions;
  readonly #default: Pace | undefined;
  readonly #targets: ReadonlyMap<string, Pace>;

  /**
   * @param options Rates; a string is the rate of every target
   * @throws {RangeError} for a rate that cannot be read
   */
  constructor(options: PacingOptions | string | undefined) {
    this.options = typeof options === "string" ? { rate: options } : options ?? {};
    const { rate, targets = {}, burst = 1 } = this.options;
    this.#default = rate === undefined ? undefined : parsePace(rate, burst);
    this.#targets = new Map(Object.entries(targets).map(([target, own]) => [target, parsePace(own, burst)]));
  }

  /** The pace of a target. */
  of(target: string): Pace | undefined {
    return this.#targets.get(target) ?? this.#default;
  }
}
