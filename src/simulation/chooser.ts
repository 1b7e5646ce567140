/** Who chooses in a simulation: the real rotator, or the simplest thing that could be used instead. */

import {
  NoProxyAvailableError,
  type Outcome,
  ProxyRotator,
  type ProxyRotatorOptions,
  type StrategySpec,
} from "../core/mod.ts";
import { seededRandom } from "./seeded_random.ts";
import type { World } from "./world.ts";

/** A choice that was made. */
export interface Choice {
  /** Index of the proxy in the world. */
  readonly index: number;
  /** Tells the chooser what came of it. */
  report(outcome: Outcome): void;
}

/** What is to be chosen for. */
export interface Errand {
  /** URL of the site. */
  readonly url: string;
  /** Session, for strategies that insist on one. */
  readonly session: string;
  /** Indexes that were tried. */
  readonly tried: ReadonlySet<number>;
}

/** Somebody who chooses. */
export interface Chooser {
  /** Name of the strategy. */
  readonly name: string;
  /** A choice, or how long to wait for one, ms. */
  choose(errand: Errand): Choice | number;
}

/** How a real rotator is set up in a simulation. */
export interface RotatorChooserOptions {
  /** Strategy. */
  readonly strategy: StrategySpec;
  /** Pacing. */
  readonly pacing: ProxyRotatorOptions["pacing"];
  /** Seed of its randomness. */
  readonly seed: number;
  /** Simulated time, ms. */
  readonly now: () => number;
}

const EPOCH_MS = 1_700_000_000_000;
/** How long to wait when the rotator cannot say. */
const UNKNOWN_WAIT_MS = 100;

/** The real rotator, filled with the proxies of a world. */
export function rotatorChooser(world: World, options: RotatorChooserOptions): Chooser {
  const { strategy, pacing, seed, now } = options;
  const rotator = new ProxyRotator({
    strategy,
    ...(pacing !== undefined && { pacing }),
    clock: { now },
    wallClock: { now: () => EPOCH_MS + now() },
    random: seededRandom(seed),
  });
  const ids = Array.from(
    { length: world.size },
    (_, index) => rotator.addProxy(world.url(index), { asn: world.asn(index) }).id,
  );
  const indexes = new Map(ids.map((id, index) => [id, index]));
  return {
    name: rotator.strategy.name,
    choose({ url, session, tried }) {
      const needsSession = rotator.strategy.requiresSession === true;
      const exclude = Array.from(tried, (index) => ids[index] ?? "");
      try {
        const lease = rotator.acquire({ target: url, exclude, ...(needsSession && { session }) });
        return { index: indexes.get(lease.proxy.id) ?? 0, report: (outcome) => lease.report(outcome) };
      } catch (error) {
        if (error instanceof NoProxyAvailableError) return error.retryAfterMs ?? UNKNOWN_WAIT_MS;
        throw error;
      }
    },
  };
}

/** The next of the list, whatever happened to it: what rotators do that learn nothing. */
export function plainChooser(world: World): Chooser {
  let next = 0;
  return {
    name: "plain round-robin",
    choose() {
      const index = next;
      next = (next + 1) % world.size;
      return { index, report: () => undefined };
    },
  };
}
