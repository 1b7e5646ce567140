/**
 * SOCKS 4 and 4a. There is no RFC: Ying-Da Lee's two memos, "SOCKS: A protocol for TCP proxy across firewalls"
 * and "SOCKS 4A: A Simple Extension to SOCKS 4 Protocol".
 */

import type { Socket } from "node:net";
import { NetError } from "./errors.ts";
import type { PhaseLimits } from "./phase_wait.ts";
import { readExactly } from "./socket_reader.ts";

/** What to reach. */
export interface Socks4Request {
  /** IPv4 address in dotted form; or with 4a a host name. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** User id; the protocol has no password. */
  readonly username: string | null;
  /** Terms of each wait. */
  readonly limits: PhaseLimits;
}

const GRANTED = 90;
const REASONS: Readonly<Record<number, string>> = {
  91: "rejected or failed",
  92: "the proxy cannot reach identd on this machine",
  93: "identd reports another user",
};

/**
 * Asks the proxy for a tunnel. A host that is no IPv4 address goes out as a name (4a).
 *
 * @throws {NetError} `PROXY_REFUSED` when the proxy says no
 */
export async function openSocks4Tunnel(socket: Socket, request: Socks4Request): Promise<void> {
  const { host, port, limits } = request;
  const octets = ipv4Octets(host);
  const user = new TextEncoder().encode(request.username ?? "");
  // 0.0.0.x, x ≠ 0, tells the proxy to look for a name behind the user id.
  const name = octets === undefined ? [...new TextEncoder().encode(host), 0] : [];
  socket.write(
    Uint8Array.from([4, 1, port >> 8, port & 255, ...octets ?? [0, 0, 0, 1], ...user, 0, ...name]),
  );
  const [version, code = 0] = await readExactly(socket, 8, limits);
  if (version === 0 && code === GRANTED) return;
  socket.destroy();
  const { phase, side } = limits;
  if (version !== 0) {
    throw new NetError("PROTOCOL_ERROR", "Proxy answered something that is not SOCKS 4", { phase, side });
  }
  const isAuth = code === 92 || code === 93;
  throw new NetError(
    isAuth ? "PROXY_AUTH_REQUIRED" : "PROXY_REFUSED",
    `Proxy refused the tunnel: ${REASONS[code] ?? `SOCKS 4 reply ${code}`}`,
    { phase, side, replyCode: code },
  );
}

function ipv4Octets(host: string): readonly number[] | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)) return undefined;
  return host.split(".").map(Number);
}
