/**
 * Decides which sites may be asked for at all: http and https, on the internet, on a port that speaks HTTP.
 *
 * Called for the first URL and for every redirect. Spellings of an address (decimal, hexadecimal, octal, full-width
 * digits, ideographic dots) need no rule: the URL parser turns each into the one address it means.
 */

import { ProxyWhirlError } from "../core/mod.ts";
import { isPrivateHost } from "./ip_address.ts";

/** A URL that must not be asked for. */
export class TargetRefusedError extends ProxyWhirlError {
  /**
   * Makes the error.
   *
   * @param message Which target, and why not; without path and query, which may hold secrets
   */
  constructor(message: string) {
    super("TARGET_REFUSED", message);
  }
}

/** What is allowed besides the internet. */
export interface TargetGuardOptions {
  /** Private, loopback, link-local and metadata addresses. @default {false} */
  readonly allowPrivateTargets?: boolean | undefined;
}

/** Ports that other protocols own: those that browsers refuse too (Fetch standard, "port blocking"). */
const BAD_PORTS = new Set(
  [
    [0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102],
    [103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465],
    [512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993],
    [995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668],
    [6669, 6679, 6697, 10080],
  ].flat(),
);

/**
 * Refuses a URL that must not be asked for.
 *
 * @throws {TargetRefusedError} naming the host and what would allow it
 */
export function checkTarget(url: URL, options: TargetGuardOptions = {}): void {
  const shown = url.host.slice(0, 100);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new TargetRefusedError(`Cannot request scheme "${url.protocol.slice(0, 20)}": use http or https`);
  }
  if (url.hostname === "") throw new TargetRefusedError("Cannot request a URL without a host");
  if (url.port !== "" && BAD_PORTS.has(Number(url.port))) {
    throw new TargetRefusedError(`Cannot request ${shown}: the port belongs to another protocol than HTTP`);
  }
  if (options.allowPrivateTargets !== true && isPrivateHost(url.hostname)) throw privateTarget(shown);
}

/** The error of a host that is private or resolves to a private address. */
export function privateTarget(host: string): TargetRefusedError {
  return new TargetRefusedError(
    `Cannot request ${host}: it is a private address; --allow-private-targets allows them`,
  );
}
