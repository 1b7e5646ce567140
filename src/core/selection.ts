/**
 * The pipeline of a choice: criteria → filters → strategy.
 *
 * Criteria and the filters that hold for everybody (breaker, exclusive use) are already applied, by the view.
 * What is left for the one request is what it has tried, and what its target refuses or paces. The strategy
 * goes first; when it finds nothing, the branch of the view for this target holds exactly the proxies that
 * are free there; and what a strategy overlooks among them, a look at each finds.
 */

import type { EligibleSet } from "./eligible_set.ts";
import type { PoolProxy, ProxyEntry } from "./proxy_entry.ts";
import type { Evidence, SelectionRequest } from "./strategies/strategy.ts";
import type { TargetState } from "./target_state.ts";
import type { Random } from "./types.ts";
import type { View, Views } from "./views.ts";

/** One request for a proxy, as filters and strategies see it. */
export class Request implements SelectionRequest {
  readonly now: number;
  readonly random: Random;
  readonly session: string | undefined;
  readonly proven: EligibleSet;
  readonly #target: TargetState | undefined;
  readonly #learned: TargetState;
  readonly #exclude: ReadonlySet<string> | undefined;
  #sparesRecovered = true;

  /**
   * @param parts What is asked for
   * @param learned State to learn from: of the target, or of requests without one
   */
  constructor(parts: RequestParts, learned: TargetState) {
    this.now = parts.now;
    this.random = parts.random;
    this.session = parts.session;
    this.#target = parts.target;
    this.#exclude = parts.exclude;
    this.#learned = learned;
    this.proven = learned.proven;
  }

  /** The target, if it is known already. */
  get target(): TargetState | undefined {
    return this.#target;
  }

  /** Whether this follows an attempt that failed. */
  get isRetry(): boolean {
    return this.#exclude !== undefined && this.#exclude.size > 0;
  }

  /** See {@linkcode SelectionRequest.accepts}. */
  accepts(proxy: PoolProxy): boolean {
    const entry = proxy as ProxyEntry;
    return !this.wasTried(entry) && (this.#target === undefined || this.#target.isFree(entry, this.now)) &&
      !(this.#sparesRecovered && isWarmingUp(entry, this.now));
  }

  /** Stops sparing proxies that have just recovered: better one of them than none. */
  stopSparing(): void {
    this.#sparesRecovered = false;
  }

  /** Whether this request tried the proxy already. */
  wasTried(proxy: PoolProxy): boolean {
    return this.#exclude?.has(proxy.id) ?? false;
  }

  /** See {@linkcode SelectionRequest.latencyMs}. */
  latencyMs(proxy: PoolProxy): number | undefined {
    return this.#learned.expectedMs(proxy as ProxyEntry, this.now);
  }

  /** See {@linkcode SelectionRequest.record}. */
  record(proxy: PoolProxy): Evidence {
    return this.#learned.pair(proxy as ProxyEntry) ?? NO_EVIDENCE;
  }
}

const NO_EVIDENCE: Evidence = Object.freeze({ recentSuccesses: 0, recentFailures: 0 });

/** What a {@linkcode Request} is made of. */
export interface RequestParts {
  /** Time, ms on the rotator's clock. */
  readonly now: number;
  /** Randomness. */
  readonly random: Random;
  /** Session key. */
  readonly session: string | undefined;
  /** State of the target, when there is one that is known. */
  readonly target: TargetState | undefined;
  /** Ids that this request tried already. */
  readonly exclude: ReadonlySet<string> | undefined;
}

/** Chooses a proxy of a view, or none. */
export function choose(views: Views, view: View, request: Request): ProxyEntry | undefined {
  const proven = request.isRetry ? bestProven(view, request) : undefined;
  if (proven !== undefined) return proven;
  const { target } = request;
  const known = target === undefined ? undefined : view.byTarget.get(target);
  if (known === undefined) {
    const chosen = view.selector.select(view.set, request) as ProxyEntry | undefined;
    if (chosen !== undefined) return chosen;
  }
  const branch = known ??
    (target !== undefined && target.notFree > 0 ? views.branch(view, target, request.now) : view);
  if (branch !== view) {
    const chosen = branch.selector.select(branch.set, request) as ProxyEntry | undefined;
    if (chosen !== undefined) return chosen;
  }
  request.stopSparing();
  for (const entry of branch.set) {
    if (request.accepts(entry) && branch.allows(entry)) return entry;
  }
  return undefined;
}

const WARM_UP_MS = 30_000;
const WARM_UP_STEP_MS = 4_000;

/**
 * Whether a proxy that has just recovered has enough to do: one request at a time at first, one more every
 * four seconds for half a minute (HAProxy's `slowstart`). Otherwise everybody who waited for it would fall
 * on it at once, and it would be down again.
 */
function isWarmingUp(entry: ProxyEntry, now: number): boolean {
  const elapsed = now - entry.recoveredAt;
  return elapsed < WARM_UP_MS && entry.inFlight > elapsed / WARM_UP_STEP_MS;
}

const PROVEN_DRAWS = 8;

/** The best of a few proxies that lately worked on the target: a retry is no time for experiments. */
function bestProven(view: View, request: Request): ProxyEntry | undefined {
  const { proven } = request;
  const isSmall = proven.size <= PROVEN_DRAWS;
  let best: ProxyEntry | undefined;
  let lowest = Infinity;
  for (let draw = 0; draw < Math.min(proven.size, PROVEN_DRAWS); draw++) {
    const entry = proven.at(isSmall ? draw : Math.floor(request.random() * proven.size));
    if (!view.set.has(entry) || !request.accepts(entry) || !view.allows(entry)) continue;
    const cost = (request.latencyMs(entry) ?? 1000) * (entry.inFlight + 1);
    if (cost < lowest) {
      lowest = cost;
      best = entry;
    }
  }
  return best;
}

const SIMILAR_LOOKS = 4096;

/**
 * The acceptable proxy whose exit is most like that of `lost`: same network, else same city, else same
 * country. Undefined when none shares any of them. Looks at 4 096 proxies at most, and no further than to the
 * first that could not be more alike.
 */
export function mostSimilar(view: View, lost: ProxyEntry, request: Request): ProxyEntry | undefined {
  const { set } = view;
  const perfect = likeness(lost, lost);
  const looks = perfect === 0 ? 0 : Math.min(set.size, SIMILAR_LOOKS);
  const offset = looks === 0 ? 0 : Math.floor(request.random() * set.size);
  let best: ProxyEntry | undefined;
  let highest = 0;
  for (let look = 0; look < looks && highest < perfect; look++) {
    const entry = set.at((offset + look) % set.size);
    const score = likeness(entry, lost);
    if (score > highest && entry !== lost && request.accepts(entry) && view.allows(entry)) {
      highest = score;
      best = entry;
    }
  }
  return best;
}

function likeness(entry: ProxyEntry, lost: ProxyEntry): number {
  return (entry.asn !== null && entry.asn === lost.asn ? 4 : 0) +
    (entry.city !== null && entry.city === lost.city ? 2 : 0) +
    (entry.region !== null && entry.region === lost.region ? 1 : 0);
}
