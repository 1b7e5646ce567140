/**
 * Drives the real rotator through a simulated world, in simulated time.
 *
 * A fixed number of workers each make one request after the other. An attempt asks the rotator for a proxy,
 * lasts as long as the world says, and is reported; a failed one is tried again through another proxy. When
 * pacing leaves nobody free, a worker waits as long as it is told, up to a deadline.
 */

import type { PacingOptions, StrategySpec } from "../core/mod.ts";
import { TimerHeap } from "../core/timer_heap.ts";
import { type Choice, type Chooser, plainChooser, rotatorChooser } from "./chooser.ts";
import { World, type WorldOptions } from "./world.ts";

/** What to simulate. */
export interface SimulationOptions extends WorldOptions {
  /** How to choose; `plain` is round-robin that learns nothing. @default {"adaptive"} */
  readonly strategy?: StrategySpec;
  /** Rate of one proxy on one site, such as `15/min`. @default {none} */
  readonly pacing?: PacingOptions | string;
  /** Requests to make. @default {20_000} */
  readonly requests?: number;
  /** Requests at a time. @default {32} */
  readonly concurrency?: number;
  /** Attempts a request has, each through another proxy. @default {3} */
  readonly attempts?: number;
  /** Longest wait of a request for a free proxy, ms. @default {60_000} */
  readonly maxWaitMs?: number;
  /** Requests after which the figures start, to leave out the cold start. @default {0} */
  readonly warmUp?: number;
}

/** What came of it. */
export interface SimulationResult {
  /** Plain name of the strategy. */
  readonly strategy: string;
  /** Requests counted. */
  readonly requests: number;
  /** Share of them that a site served, %. */
  readonly successPercent: number;
  /** Attempts a request, mean. */
  readonly attempts: number;
  /** Median time to the end of a request, waits included, ms. */
  readonly p50Ms: number;
  /** 95th percentile of it, ms. */
  readonly p95Ms: number;
  /** Refusals by sites, seen or not. */
  readonly refusals: number;
  /** Bans that use caused. */
  readonly bans: number;
  /** Served requests a second of simulated time. */
  readonly perSecond: number;
  /** How evenly the proxies were used: share of all requests that went through the busiest tenth, %. */
  readonly busiestTenthPercent: number;
}

interface Job {
  readonly site: number;
  readonly session: string;
  readonly startedAt: number;
  readonly tried: Set<number>;
  readonly isCounted: boolean;
  attempts: number;
}

/** Sessions that the requests are spread over, for strategies that need one. */
const SESSIONS = 50;

/** Runs one simulation. Same options, same result. */
export function simulate(options: SimulationOptions = {}): SimulationResult {
  return new Simulation(options).run();
}

class Simulation {
  readonly #world: World;
  readonly #chooser: Chooser;
  readonly #uses: number[];
  readonly #durations: number[] = [];
  readonly #events: TimerHeap<() => void> = new TimerHeap();
  readonly #options: SimulationOptions;
  #now = 0;
  #started = 0;
  #served = 0;
  #attempts = 0;
  #refusals = 0;
  #countedFrom = 0;

  constructor(options: SimulationOptions) {
    const { strategy = "adaptive", pacing, seed = 1 } = options;
    const now = () => this.#now;
    this.#options = options;
    this.#world = new World(options);
    this.#uses = new Array(this.#world.size).fill(0);
    this.#chooser = strategy === "plain"
      ? plainChooser(this.#world)
      : rotatorChooser(this.#world, { strategy, pacing, seed: seed + 1_000_003, now });
  }

  run(): SimulationResult {
    for (let worker = 0; worker < (this.#options.concurrency ?? 32); worker++) this.#nextJob();
    for (
      let event = this.#events.takeDue(Infinity);
      event !== undefined;
      event = this.#events.takeDue(Infinity)
    ) {
      this.#now = event.at;
      event.item();
    }
    return this.#result();
  }

  #nextJob(): void {
    const { requests = 20_000, warmUp = 0 } = this.#options;
    if (this.#started >= requests) return;
    const isCounted = this.#started++ >= warmUp;
    if (isCounted && this.#started === warmUp + 1) this.#countedFrom = this.#now;
    this.#attempt({
      site: this.#world.nextSite(),
      session: `session-${this.#started % SESSIONS}`,
      startedAt: this.#now,
      tried: new Set(),
      isCounted,
      attempts: 0,
    });
  }

  #attempt(job: Job): void {
    const { site, session, tried } = job;
    const choice = this.#chooser.choose({ url: this.#world.siteUrl(site), session, tried });
    if (typeof choice === "number") this.#wait(job, choice);
    else this.#send(job, choice);
  }

  #send(job: Job, { index, report }: Choice): void {
    const { seen, isServed, latencyMs } = this.#world.request(index, job.site, this.#now);
    this.#uses[index] = (this.#uses[index] ?? 0) + 1;
    job.attempts++;
    job.tried.add(index);
    this.#events.add(this.#now + latencyMs, () => {
      report({ verdict: seen, latencyMs });
      if (!isServed && seen !== "dead") this.#refusals++;
      if (isServed || job.attempts >= (this.#options.attempts ?? 3)) this.#finish(job, isServed);
      else this.#attempt(job);
    });
  }

  #wait(job: Job, waitMs: number): void {
    const deadline = job.startedAt + (this.#options.maxWaitMs ?? 60_000);
    const at = this.#now + Math.max(waitMs, 1);
    if (at > deadline) this.#events.add(this.#now + 1, () => this.#finish(job, false));
    else this.#events.add(at, () => this.#attempt(job));
  }

  #finish(job: Job, isServed: boolean): void {
    if (job.isCounted) {
      this.#attempts += job.attempts;
      this.#durations.push(this.#now - job.startedAt);
      if (isServed) this.#served++;
    }
    this.#nextJob();
  }

  #result(): SimulationResult {
    const sorted = Float64Array.from(this.#durations).sort();
    const uses = [...this.#uses].sort((a, b) => b - a);
    const tenth = uses.slice(0, Math.ceil(uses.length / 10));
    const count = Math.max(sorted.length, 1);
    return {
      strategy: this.#chooser.name,
      requests: sorted.length,
      successPercent: 100 * this.#served / count,
      attempts: this.#attempts / count,
      p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
      p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
      refusals: this.#refusals,
      bans: this.#world.bansCaused,
      perSecond: 1000 * this.#served / Math.max(this.#now - this.#countedFrom, 1),
      busiestTenthPercent: 100 * sum(tenth) / Math.max(sum(uses), 1),
    };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
