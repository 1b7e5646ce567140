/**
 * The targets that are remembered: a bounded table, least recently used first out.
 *
 * A crawler meets millions of sites, most of them once. Both numbers are bounded, that of targets and that
 * of (proxy, target) pairs, because a single target can hold a pair for every proxy of the pool.
 */

import type { ProxyEntry } from "./proxy_entry.ts";
import { checkCount } from "./rotator_options.ts";
import { TargetState } from "./target_state.ts";

/** How much is remembered. */
export interface TargetTableOptions {
  /** Targets, ≥ 1. @default {10_000} */
  readonly maxTargets?: number;
  /** (proxy, target) pairs over all targets, ≥ 1. @default {250_000} */
  readonly maxPairs?: number;
}

/** Targets by name. Cost of each call: O(1), and O(pairs dropped) when the table is full. */
export class TargetTable {
  readonly maxTargets: number;
  readonly maxPairs: number;
  readonly #onDrop: (target: TargetState) => void;
  /** In the order of use: the first is the next to go. */
  readonly #targets: Map<string, TargetState> = new Map();
  #latest: TargetState | undefined;
  #pairs = 0;

  /**
   * @param options Limits
   * @param onDrop Told of each target that leaves the table
   * @throws {RangeError} for a limit out of range
   */
  constructor(options: TargetTableOptions, onDrop: (target: TargetState) => void) {
    this.maxTargets = options.maxTargets ?? 10_000;
    this.maxPairs = options.maxPairs ?? 250_000;
    this.#onDrop = onDrop;
    checkCount("targets.maxTargets", this.maxTargets);
    checkCount("targets.maxPairs", this.maxPairs);
  }

  /** Targets remembered. */
  get size(): number {
    return this.#targets.size;
  }

  /** Pairs remembered, as of the last {@linkcode settle}. */
  get pairs(): number {
    return this.#pairs;
  }

  /** A known target, now the most recently used. */
  find(name: string): TargetState | undefined {
    if (this.#latest?.name === name) return this.#latest;
    const target = this.#targets.get(name);
    if (target !== undefined) this.#touch(target);
    return target;
  }

  /** A known target, its use left as it is. */
  peek(name: string): TargetState | undefined {
    return this.#targets.get(name);
  }

  /** A target, made when new. */
  get(name: string): TargetState {
    const known = this.find(name);
    if (known !== undefined) return known;
    const target = new TargetState(name);
    this.#touch(target);
    if (this.#targets.size > this.maxTargets) this.#dropOldest();
    return target;
  }

  /** Counts the pairs of a target anew, and drops what is too much. */
  settle(target: TargetState): void {
    if (this.#targets.get(target.name) !== target) return;
    this.#count(target);
    while (this.#pairs > this.maxPairs) {
      if (this.#targets.size > 1) this.#dropOldest();
      else this.#forgetOldestPair(target);
    }
  }

  /** Forgets a proxy everywhere. Cost: O(targets that know it). */
  forget(entry: ProxyEntry): void {
    for (const target of [...entry.targets ?? []]) {
      target.forget(entry);
      this.#count(target);
    }
  }

  /** Targets, least recently used first. */
  values(): IterableIterator<TargetState> {
    return this.#targets.values();
  }

  #touch(target: TargetState): void {
    this.#targets.delete(target.name);
    this.#targets.set(target.name, target);
    this.#latest = target;
  }

  #dropOldest(): void {
    const [oldest] = this.#targets.values();
    if (oldest === undefined) return;
    this.#targets.delete(oldest.name);
    if (this.#latest === oldest) this.#latest = undefined;
    this.#pairs -= oldest.countedPairs;
    for (const entry of oldest.entries()) oldest.release(entry);
    this.#onDrop(oldest);
  }

  #forgetOldestPair(target: TargetState): void {
    const [oldest] = target.entries();
    if (oldest !== undefined) target.forget(oldest);
    this.#count(target);
  }

  #count(target: TargetState): void {
    this.#pairs += target.size - target.countedPairs;
    target.countedPairs = target.size;
  }
}
