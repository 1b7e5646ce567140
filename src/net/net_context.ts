/** What all requests of one client share. */

import type { DialTimeouts } from "./dial.ts";
import type { NetObserver } from "./net_observer.ts";
import type { SocketPool } from "./socket_pool.ts";
import type { TlsLayer } from "./tls_layer.ts";
import type { VerdictClassifier } from "./verdict.ts";

/** Deadlines of one attempt, ms. */
export interface AttemptTimeouts extends DialTimeouts {
  /** From the request to the head of the answer. */
  readonly firstByteMs: number;
  /** Longest silence within a body. */
  readonly bodyIdleMs: number;
  /** Longest time in which nobody reads a body. */
  readonly unreadMs: number;
}

/** What all requests of one client share. */
export interface NetContext {
  /** Open connections. */
  readonly pool: SocketPool;
  /** How certificates are checked. */
  readonly tls: TlsLayer;
  /** How answers are judged. */
  readonly classifier: VerdictClassifier;
  /** Deadlines. */
  readonly timeouts: AttemptTimeouts;
  /** Whether private addresses may be reached. */
  readonly allowPrivate: boolean;
  /** Hears what happens. */
  readonly observer?: NetObserver | undefined;
}
