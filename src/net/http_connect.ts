/** HTTP CONNECT (RFC 9110 §9.3.6): a tunnel through an HTTP proxy. */

import type { Socket } from "node:net";
import { NetError } from "./errors.ts";
import type { PhaseLimits } from "./phase_wait.ts";
import { readHead } from "./socket_reader.ts";

/** Longest head that a proxy may answer, bytes. */
const MAX_HEAD_BYTES = 16_384;
/** Most answers of 100–199 that are passed over. */
const MAX_INTERIM = 10;

/** Credentials of a proxy. */
export interface ProxyCredentials {
  /** User name, decoded; `null` for none. */
  readonly username: string | null;
  /** Password, decoded; `null` for none. */
  readonly password: string | null;
}

/** Value of `Proxy-Authorization`; undefined without credentials. */
export function basicAuthorization({ username, password }: ProxyCredentials): string | undefined {
  if (username === null) return undefined;
  const bytes = new TextEncoder().encode(`${username}:${password ?? ""}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/**
 * Asks the proxy for a tunnel.
 *
 * @param authority `host:port` of the site, IPv6 in brackets
 * @throws {NetError} `PROXY_AUTH_REQUIRED` for 407 and 401, `PROXY_REFUSED` for any other answer but 2xx
 */
export async function openHttpTunnel(
  socket: Socket,
  authority: string,
  options: { readonly credentials: ProxyCredentials; readonly limits: PhaseLimits },
): Promise<void> {
  const authorization = basicAuthorization(options.credentials);
  const field = authorization === undefined ? "" : `Proxy-Authorization: ${authorization}\r\n`;
  socket.write(
    `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${field}Proxy-Connection: keep-alive\r\n\r\n`,
  );
  let status = statusOf(await readHead(socket, MAX_HEAD_BYTES, options.limits));
  // Interim answers (RFC 9110 §15.2) may come before the one that counts.
  for (let interim = 0; status !== undefined && status < 200 && interim < MAX_INTERIM; interim++) {
    status = statusOf(await readHead(socket, MAX_HEAD_BYTES, options.limits));
  }
  if (status !== undefined && status >= 200 && status < 300) return;
  socket.destroy();
  throw refusal(status, options.limits);
}

function statusOf(head: string): number | undefined {
  const match = /^HTTP\/1\.\d (\d{3})(?=[ \r\n])/i.exec(head);
  return match === null ? undefined : Number(match[1]);
}

function refusal(status: number | undefined, { phase, side }: PhaseLimits): NetError {
  if (status === undefined) {
    return new NetError("PROTOCOL_ERROR", "Proxy answered something that is not HTTP", { phase, side });
  }
  const place = { phase, side, replyCode: status };
  // tinyproxy says 401 to a wrong password.
  return status === 407 || status === 401
    ? new NetError("PROXY_AUTH_REQUIRED", `Proxy wants other credentials (${status})`, place)
    : new NetError("PROXY_REFUSED", `Proxy refused the tunnel with status ${status}`, place);
}
