/** Connects over TCP: to a proxy, or without one to a site. */

import { connect, type Socket } from "node:net";
import { NetError, type NetSide } from "./errors.ts";
import { isPrivateAddress, isPrivateHost, withoutBrackets } from "./ip_address.ts";
import { type PhaseLimits, waitOn } from "./phase_wait.ts";
import { resolveHost } from "./resolve.ts";
import { privateTarget } from "./target_guard.ts";

/** Terms of a connection. */
export interface TcpOptions {
  /** Who is connected to, for errors. */
  readonly side: NetSide;
  /** Longest wait, look-up included, ms. */
  readonly timeoutMs: number;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
  /** Whether a public name may resolve to a private address. */
  readonly allowPrivate: boolean;
}

/**
 * Connects to a host and port; tries every address of a name in turn.
 *
 * @throws {NetError} when no address answers in time, or a public name of a proxy leads into the private network
 * @throws {TargetRefusedError} when the name of a site does
 */
export async function connectTcp(host: string, port: number, options: TcpOptions): Promise<Socket> {
  const { signal, side } = options;
  const name = withoutBrackets(host);
  const deadline = performance.now() + options.timeoutMs;
  const addresses = await resolveHost(name, { side, timeoutMs: options.timeoutMs, signal });
  if (!options.allowPrivate && addresses.some(isPrivateOne)) {
    if (side === "target") throw privateTarget(name);
    // A name that looks private was judged when the proxy was added; one that looks public must be public.
    if (!isPrivateHost(name)) throw privateProxy();
  }
  let failure: unknown;
  for (const [index, { address }] of addresses.entries()) {
    const timeoutMs = Math.max(1, (deadline - performance.now()) / (addresses.length - index));
    try {
      return await connectTo(address, port, { phase: "connect", side, timeoutMs, signal });
    } catch (error) {
      failure = error;
      if (signal?.aborted) break;
    }
  }
  throw failure;
}

function connectTo(host: string, port: number, limits: PhaseLimits): Promise<Socket> {
  limits.signal?.throwIfAborted();
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
  // A late error of a socket that nobody waits for any more must not end the program.
  socket.on("error", ignore);
  return waitOn<Socket>(socket, limits, ({ done }) => {
    const onConnect = () => done(socket);
    socket.once("connect", onConnect);
    return () => socket.off("connect", onConnect);
  });
}

function isPrivateOne({ address }: { readonly address: string }): boolean {
  return isPrivateAddress(address);
}

function privateProxy(): NetError {
  return new NetError(
    "CONNECTION_FAILED",
    "Name of the proxy resolves to a private address; --allow-private-targets allows that",
    { phase: "resolve", side: "proxy" },
  );
}

function ignore(): void {}
