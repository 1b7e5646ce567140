/**
 * Looks names up on this machine: those of proxies, and those of sites where the protocol wants an address.
 *
 * What was looked up is what is dialled, so a name cannot show one address to the check and another to the
 * connection.
 */

import { lookup } from "node:dns";
import { isIP } from "node:net";
import { NetError, netErrorFrom, type NetSide } from "./errors.ts";
import { timedOut } from "./phase_wait.ts";

/** An address of a name. */
export interface ResolvedAddress {
  /** IPv4 or IPv6, without brackets. */
  readonly address: string;
  /** 4 or 6. */
  readonly family: number;
}

/** Terms of a look-up. */
export interface ResolveOptions {
  /** Whose name it is, for errors. */
  readonly side: NetSide;
  /** Longest wait, ms. */
  readonly timeoutMs: number;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The addresses of a host, in the order in which they should be tried. An address is its own answer.
 *
 * @throws {NetError} `NAME_NOT_FOUND` when there is none, `TIMED_OUT`
 */
export function resolveHost(host: string, options: ResolveOptions): Promise<readonly ResolvedAddress[]> {
  const family = isIP(host);
  if (family !== 0) return Promise.resolve([{ address: host, family }]);
  const { side, signal, timeoutMs } = options;
  const place = { phase: "resolve", side } as const;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    const failWith = (error: unknown) => {
      finish();
      reject(error);
    };
    const onAbort = () => failWith(signal?.reason);
    const timer = setTimeout(() => failWith(timedOut(place)), timeoutMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    lookup(host, { all: true }, (error, addresses) => {
      if (error !== null && error !== undefined) return failWith(nameNotFound(error, side));
      if (addresses.length === 0) return failWith(nameNotFound(undefined, side));
      finish();
      resolve(addresses);
    });
  });
}

function nameNotFound(cause: unknown, side: NetSide): NetError {
  const whose = side === "proxy" ? "the proxy" : "the site";
  const named = netErrorFrom(cause, { phase: "resolve", side });
  if (named.code === "TIMED_OUT") return named;
  return new NetError("NAME_NOT_FOUND", `Name of ${whose} was not found`, { phase: "resolve", side, cause });
}
