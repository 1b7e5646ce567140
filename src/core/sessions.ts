/**
 * Which proxy a session holds: the lease table of sticky sessions.
 *
 * A table rather than a hash of the key, because it moves nobody when proxies come and go, and because a
 * session can then move to the exit that is most like the one it lost.
 */

import type { LearnedState, SessionSnapshot } from "./learned.ts";
import type { ProxyEntry } from "./proxy_entry.ts";
import { checkCount, checkPositive } from "./rotator_options.ts";

/** A session's hold on a proxy. */
export interface SessionBinding {
  /** The session's key. */
  readonly key: string;
  /** The proxy it holds. */
  readonly entry: ProxyEntry;
  /** When the hold ends unless it is used, ms on the rotator's clock. */
  readonly expiresAt: number;
  /** Whether nobody else may use the proxy meanwhile. */
  readonly isExclusive: boolean;
  /** The end that was last noted for the disk. */
  readonly notedUntil?: number;
}

/** Limits of the session table. */
export interface SessionOptions {
  /** A hold ends after this time without use, ms. @default {1_800_000} */
  readonly ttlMs?: number;
  /** Sessions remembered; the least recently used goes first. @default {200_000} */
  readonly maxSessions?: number;
}

/** Sessions by key, least recently used first. Cost of each call: O(1) amortised. */
export class SessionTable {
  readonly ttlMs: number;
  readonly #maxSessions: number;
  readonly #bindings: Map<string, SessionBinding> = new Map();
  readonly #onEnd: (binding: SessionBinding) => void;
  /** Keys of sessions to be written down; kept only once somebody asks for them. */
  #changed: Set<string> | undefined;

  /**
   * @param options Limits
   * @param onEnd Told of each hold that ends
   * @throws {RangeError} for a limit out of range
   */
  constructor(options: SessionOptions, onEnd: (binding: SessionBinding) => void) {
    this.ttlMs = options.ttlMs ?? 30 * 60_000;
    this.#maxSessions = options.maxSessions ?? 200_000;
    this.#onEnd = onEnd;
    checkPositive("sessions.ttlMs", this.ttlMs);
    checkCount("sessions.maxSessions", this.#maxSessions);
  }

  /** Sessions that hold a proxy; some may have expired. */
  get size(): number {
    return this.#bindings.size;
  }

  /** The hold of a session, if it has one that lasts. */
  get(key: string, now: number): SessionBinding | undefined {
    const binding = this.#bindings.get(key);
    if (binding === undefined) return undefined;
    if (binding.expiresAt > now && binding.entry.isPooled) return binding;
    this.end(key);
    return undefined;
  }

  /** Binds or renews a session; the hold then lasts another TTL. */
  bind(key: string, entry: ProxyEntry, now: number, isExclusive = false): SessionBinding {
    const known = this.#bindings.get(key);
    if (known !== undefined && known.entry !== entry) this.#onEnd(known);
    const expiresAt = now + this.ttlMs;
    const isSame = known?.entry === entry && known.isExclusive === isExclusive;
    const notedUntil = isSame ? this.#noted(known, expiresAt) : this.#note(key, expiresAt);
    return this.#put({ key, entry, expiresAt, isExclusive, notedUntil });
  }

  /** Starts to note which sessions change. */
  startNoting(): void {
    this.#changed ??= new Set();
  }

  /** Notes no longer. */
  stopNoting(): void {
    this.#changed = undefined;
  }

  /** Sessions that changed since the last call. `wallOffset` turns the rotator's clock into epoch ms. */
  takeChanges(wallOffset: number): Pick<LearnedState, "sessions" | "endedSessions"> {
    const sessions: SessionSnapshot[] = [];
    const endedSessions: string[] = [];
    for (const key of this.#changed ?? []) {
      const binding = this.#bindings.get(key);
      if (binding === undefined) endedSessions.push(key);
      else {
        const { entry, isExclusive } = binding;
        sessions.push({
          key,
          proxyId: entry.id,
          expiresAt: Math.round(binding.expiresAt + wallOffset),
          isExclusive,
        });
      }
    }
    this.#changed?.clear();
    return { sessions, endedSessions };
  }

  /** Puts a hold from the disk in place, and notes it if its end there `isWrong`. */
  restore(binding: SessionBinding, isWrong = false): void {
    if (isWrong) this.#changed?.add(binding.key);
    this.#put({ ...binding, notedUntil: binding.expiresAt });
  }

  /** Ends a hold; answers whether there was one. */
  end(key: string): boolean {
    const binding = this.#bindings.get(key);
    if (binding === undefined) return false;
    this.#bindings.delete(key);
    this.#changed?.add(key);
    this.#onEnd(binding);
    return true;
  }

  /** When a hold ends by itself, ms on the rotator's clock. */
  readonly heldUntil = (key: string): number | undefined => this.#bindings.get(key)?.expiresAt;

  /** Ends holds that ran out. All have the same TTL, so the oldest are first. */
  advance(now: number): void {
    for (const binding of this.#bindings.values()) {
      if (binding.expiresAt > now) return;
      this.end(binding.key);
    }
  }

  /** All holds, least recently used first. */
  values(): IterableIterator<SessionBinding> {
    return this.#bindings.values();
  }

  /** A hold that slides on is written down again only when a tenth of its time has passed. */
  #noted(known: SessionBinding, expiresAt: number): number {
    const notedUntil = known.notedUntil ?? 0;
    return expiresAt - notedUntil < this.ttlMs / 10 ? notedUntil : this.#note(known.key, expiresAt);
  }

  #note(key: string, expiresAt: number): number {
    this.#changed?.add(key);
    return expiresAt;
  }

  #put(binding: SessionBinding): SessionBinding {
    this.#bindings.delete(binding.key);
    this.#bindings.set(binding.key, binding);
    if (this.#bindings.size > this.#maxSessions) {
      const [oldest] = this.#bindings.keys();
      if (oldest !== undefined) this.end(oldest);
    }
    return binding;
  }
}
