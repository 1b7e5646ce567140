/**
 * The proxies that could be chosen now, for every combination of criteria in use.
 *
 * A view is a set of proxies that meet some criteria and are available, with the strategy's selector on it.
 * It is filled once, when its criteria are first asked for, and then kept: proxies enter and leave it as
 * breakers open and close. So a choice never filters the pool.
 *
 * Proxies that one target refuses stay in the view, and a choice for that target passes over them. When
 * they are so many that passing over them fails, the view grows a branch for the target, a second set
 * without them, kept in the same way.
 */

import { EligibleSet } from "./eligible_set.ts";
import type { ProxyEntry } from "./proxy_entry.ts";
import type { Selector, Strategy } from "./strategies/strategy.ts";
import type { TargetState } from "./target_state.ts";
import type { Criteria, Protocol } from "./types.ts";

/** Criteria that decide membership of a view; the target does not. */
export interface ViewCriteria {
  readonly region: string | undefined;
  readonly protocol: Protocol | undefined;
  readonly tag: string | undefined;
}

const MAX_VIEWS = 128;
const MAX_BRANCHES = 64;

/** Whether a proxy meets criteria. */
export function matches(entry: ProxyEntry, criteria: ViewCriteria): boolean {
  return (criteria.region === undefined || entry.region === criteria.region) &&
    (criteria.protocol === undefined || entry.protocol === criteria.protocol) &&
    (criteria.tag === undefined || entry.tags.includes(criteria.tag));
}

/** The part of {@linkcode Criteria} that decides membership. */
export function viewCriteria(criteria: Criteria): ViewCriteria {
  return { region: criteria.region?.toUpperCase(), protocol: criteria.protocol, tag: criteria.tag };
}

/** A set of eligible proxies and the selector that is kept on it. */
export class Branch {
  readonly set: EligibleSet = new EligibleSet();
  selector: Selector;

  /** @param strategy Makes the selector */
  constructor(strategy: Strategy) {
    this.selector = strategy.createSelector();
  }

  /** Adds an entry. */
  add(entry: ProxyEntry): void {
    if (this.set.add(entry)) this.selector.added?.(entry);
  }

  /** Removes an entry. */
  remove(entry: ProxyEntry): void {
    if (this.set.remove(entry)) this.selector.removed?.(entry);
  }

  /** Tells the selector that an entry's counters or description changed. */
  changed(entry: ProxyEntry): void {
    if (this.selector.changed && this.set.has(entry)) this.selector.changed(entry);
  }

  /** Whether the strategy would ever choose an entry. */
  allows(entry: ProxyEntry): boolean {
    return this.selector.allows?.(entry) ?? true;
  }

  /** Starts over with another strategy. Cost: O(members). */
  setStrategy(strategy: Strategy): void {
    this.selector = strategy.createSelector();
    for (const entry of this.set) this.selector.added?.(entry);
  }
}

/** One combination of criteria. */
export class View extends Branch {
  readonly criteria: ViewCriteria;
  readonly byTarget: Map<TargetState, Branch> = new Map();

  /**
   * @param criteria Who may enter
   * @param strategy Makes the selectors
   */
  constructor(criteria: ViewCriteria, strategy: Strategy) {
    super(strategy);
    this.criteria = criteria;
  }
}

/** All views of a rotator. */
export class Views {
  readonly #entries: () => Iterable<ProxyEntry>;
  readonly #views: Map<string, View> = new Map();
  readonly #branches: { readonly view: View; readonly target: TargetState }[] = [];
  #all: View;
  #strategy: Strategy;

  /**
   * @param strategy Strategy of all views
   * @param entries The whole pool, to fill a new view
   */
  constructor(strategy: Strategy, entries: () => Iterable<ProxyEntry>) {
    this.#strategy = strategy;
    this.#entries = entries;
    this.#all = new View({ region: undefined, protocol: undefined, tag: undefined }, strategy);
    this.#views.set(keyOf({}), this.#all);
  }

  /** The strategy in use. */
  get strategy(): Strategy {
    return this.#strategy;
  }

  /** Uses another strategy from now on. Cost: O(members of all views). */
  setStrategy(strategy: Strategy): void {
    this.#strategy = strategy;
    for (const branch of this.#eachBranch()) branch.setStrategy(strategy);
  }

  /** The view of some criteria. Cost: O(1), and O(pool) the first time. */
  of(criteria: Criteria): View {
    const { region, protocol, tag } = criteria;
    if (region === undefined && protocol === undefined && tag === undefined) return this.#all;
    const key = keyOf(criteria);
    return this.#views.get(key) ?? this.#makeView(key, viewCriteria(criteria));
  }

  /** The branch of a view for one target. Cost: O(1), and O(view) the first time. */
  branch(view: View, target: TargetState, now: number): Branch {
    const known = view.byTarget.get(target);
    if (known !== undefined) return known;
    const branch = new Branch(this.#strategy);
    for (const entry of view.set) {
      if (target.isFree(entry, now)) branch.add(entry);
    }
    view.byTarget.set(target, branch);
    target.onFree = (entry, isFree) => this.#setFree(target, entry, isFree);
    this.#branches.push({ view, target });
    if (this.#branches.length > MAX_BRANCHES) this.#dropOldestBranch();
    return branch;
  }

  /** Lets a proxy in wherever it belongs. `now` is the time up to which all targets were advanced. */
  enter(entry: ProxyEntry, now: number): void {
    for (const view of this.#views.values()) {
      if (!matches(entry, view.criteria)) continue;
      view.add(entry);
      for (const [target, branch] of view.byTarget) {
        if (target.isFree(entry, now)) branch.add(entry);
      }
    }
  }

  /** Puts a proxy where it belongs after its description changed. Where it stays, it keeps its turn. */
  refile(entry: ProxyEntry, now: number): void {
    for (const view of this.#views.values()) {
      if (matches(entry, view.criteria)) continue;
      view.remove(entry);
      for (const branch of view.byTarget.values()) branch.remove(entry);
    }
    this.enter(entry, now);
    this.changed(entry);
  }

  /** Takes a proxy out everywhere. */
  leave(entry: ProxyEntry): void {
    for (const branch of this.#eachBranch()) branch.remove(entry);
  }

  /** Passes on that a proxy's counters or description changed. */
  changed(entry: ProxyEntry): void {
    if (!entry.isInViews) return;
    for (const view of this.#views.values()) {
      if (!matches(entry, view.criteria)) continue;
      view.selector.changed?.(entry);
      for (const branch of view.byTarget.values()) branch.changed(entry);
    }
  }

  /** Forgets a target that left the table. */
  forgetTarget(target: TargetState): void {
    if (target.onFree === undefined) return;
    target.onFree = undefined;
    for (const view of this.#views.values()) view.byTarget.delete(target);
  }

  *#eachBranch(): Generator<Branch> {
    for (const view of this.#views.values()) {
      yield view;
      yield* view.byTarget.values();
    }
  }

  #makeView(key: string, criteria: ViewCriteria): View {
    const view = new View(criteria, this.#strategy);
    for (const entry of this.#entries()) {
      if (isAvailable(entry) && matches(entry, criteria)) view.add(entry);
    }
    this.#views.set(key, view);
    if (this.#views.size > MAX_VIEWS) {
      const oldest = [...this.#views.keys()][1];
      if (oldest !== undefined) this.#views.delete(oldest);
    }
    return view;
  }

  #setFree(target: TargetState, entry: ProxyEntry, isFree: boolean): void {
    for (const view of this.#views.values()) {
      const branch = view.byTarget.get(target);
      if (branch === undefined) continue;
      if (isFree && view.set.has(entry)) branch.add(entry);
      else branch.remove(entry);
    }
  }

  #dropOldestBranch(): void {
    const oldest = this.#branches.shift();
    oldest?.view.byTarget.delete(oldest.target);
  }
}

/** Different for different criteria, whatever they hold: the length tells where the region ends. */
function keyOf({ region, protocol, tag }: Criteria): string {
  const country = region === undefined ? "" : `${region.length}:${region.toUpperCase()}`;
  return `${protocol ?? ""}|${country}|${tag === undefined ? "" : `=${tag}`}`;
}

/** Whether a proxy can be chosen at all, for whatever target. */
export function isAvailable(entry: ProxyEntry): boolean {
  return entry.isPooled && entry.breaker.isAvailable && entry.exclusiveTo === null;
}
