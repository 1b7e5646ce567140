/** SOCKS 5 (RFC 1928) with user name and password (RFC 1929). */

import { isIP, type Socket } from "node:net";
import { NetError } from "./errors.ts";
import type { ProxyCredentials } from "./http_connect.ts";
import { ipv6Words } from "./ip_address.ts";
import type { PhaseLimits } from "./phase_wait.ts";
import { readExactly } from "./socket_reader.ts";

/** What to reach. */
export interface Socks5Request {
  /** IPv4, IPv6 without brackets, or a name for the proxy to look up. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** For the proxy. */
  readonly credentials: ProxyCredentials;
  /** Terms of each wait. */
  readonly limits: PhaseLimits;
}

const NO_AUTH = 0;
const USER_PASSWORD = 2;
const NONE_ACCEPTABLE = 255;

const REASONS: Readonly<Record<number, string>> = {
  1: "general failure",
  2: "not allowed by its rules",
  3: "network unreachable",
  4: "host unreachable",
  5: "connection refused",
  6: "took too long",
  7: "command not supported",
  8: "kind of address not supported",
};

/** Bytes that follow the first four of a reply, by kind of address; a name's length comes first. */
const BOUND_ADDRESS_BYTES: Readonly<Record<number, number>> = { 1: 4, 4: 16 };

/**
 * Asks the proxy for a tunnel.
 *
 * @throws {NetError} `PROXY_AUTH_REQUIRED` for refused credentials, `PROXY_REFUSED` when the proxy says no
 */
export async function openSocks5Tunnel(socket: Socket, request: Socks5Request): Promise<void> {
  try {
    await authenticate(socket, request);
    await connect(socket, request);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function authenticate(socket: Socket, { credentials, limits }: Socks5Request): Promise<void> {
  const { phase, side } = limits;
  const hasCredentials = credentials.username !== null;
  socket.write(Uint8Array.from(hasCredentials ? [5, 2, NO_AUTH, USER_PASSWORD] : [5, 1, NO_AUTH]));
  const [version, method] = await readExactly(socket, 2, limits);
  if (version !== 5) throw notSocks(limits);
  if (method === NO_AUTH) return;
  if (method !== USER_PASSWORD || !hasCredentials) {
    const isAuth = method === NONE_ACCEPTABLE || method === USER_PASSWORD;
    throw isAuth
      ? new NetError("PROXY_AUTH_REQUIRED", "Proxy accepts none of the ways to log in", { phase, side })
      : notSocks(limits);
  }
  const user = field("user name", credentials.username ?? "", limits);
  const password = field("password", credentials.password ?? "", limits);
  socket.write(Uint8Array.from([1, user.length, ...user, password.length, ...password]));
  const [, status] = await readExactly(socket, 2, limits);
  if (status === 0) return;
  throw new NetError("PROXY_AUTH_REQUIRED", "Proxy wants other credentials", {
    phase,
    side,
    replyCode: status ?? 1,
  });
}

async function connect(socket: Socket, { host, port, limits }: Socks5Request): Promise<void> {
  socket.write(Uint8Array.from([5, 1, 0, ...addressBytes(host, limits), port >> 8, port & 255]));
  const [version, reply = 1, , kind = 1] = await readExactly(socket, 4, limits);
  if (version !== 5) throw notSocks(limits);
  if (reply !== 0) {
    throw new NetError(
      "PROXY_REFUSED",
      `Proxy refused the tunnel: ${REASONS[reply] ?? `SOCKS 5 reply ${reply}`}`,
      { phase: limits.phase, side: limits.side, replyCode: reply },
    );
  }
  let length = BOUND_ADDRESS_BYTES[kind];
  if (kind === 3) [length] = await readExactly(socket, 1, limits);
  if (length === undefined) throw notSocks(limits);
  await readExactly(socket, length + 2, limits);
}

function addressBytes(host: string, limits: PhaseLimits): readonly number[] {
  switch (isIP(host)) {
    case 4:
      return [1, ...host.split(".").map(Number)];
    case 6:
      return [4, ...ipv6Words(host).flatMap((word) => [word >> 8, word & 255])];
    default: {
      const name = field("host name", host, limits);
      return [3, name.length, ...name];
    }
  }
}

function field(what: string, text: string, { phase, side }: PhaseLimits): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= 255) return bytes;
  throw new NetError("TOO_LARGE", `SOCKS 5 allows a ${what} of 255 bytes, not ${bytes.length}`, {
    phase,
    side,
  });
}

function notSocks({ phase, side }: PhaseLimits): NetError {
  return new NetError("PROTOCOL_ERROR", "Proxy answered something that is not SOCKS 5", { phase, side });
}
