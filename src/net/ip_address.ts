/**
 * Tells addresses of this machine and its own network from those of the internet.
 *
 * A model may add proxies and name sites, and the program will dial them; so a model could be talked into
 * making the program knock on doors inside the user's network. Ranges come from `ipaddr.js`, which follows the
 * registries of IANA, rather than from patterns of our own. Addresses set aside for documentation pass: nothing
 * listens there.
 */

import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

type Address = ReturnType<typeof ipaddr.parse>;

const DOCUMENTATION = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"].map(
  (range) => ipaddr.parseCIDR(range),
);

const PRIVATE_NAME =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa)\.?$/i;

/**
 * Whether a host is this machine or inside its network: a loopback, private, link-local, shared, multicast or
 * reserved address (also as IPv4 inside IPv6), or a name that is never public, such as `localhost`,
 * `printer.local` or one without a dot.
 *
 * A host *name* can resolve to a private address; that is checked again when it is dialled, where it counts.
 *
 * @param host Name, IPv4, or IPv6 with or without brackets, as `URL.hostname` spells them
 */
export function isPrivateHost(host: string): boolean {
  const address = withoutBrackets(host);
  if (isIP(address) !== 0) return isPrivateAddress(address);
  return PRIVATE_NAME.test(address) || !address.replace(/\.$/, "").includes(".");
}

/** Whether an IP address is this machine's or inside its network. What cannot be read counts as private. */
export function isPrivateAddress(address: string): boolean {
  try {
    return isPrivate(ipaddr.parse(address.replace(/%.*$/, "")));
  } catch {
    return true;
  }
}

/** The eight words of an IPv6 address, IPv4 inside it included. */
export function ipv6Words(address: string): readonly number[] {
  return ipaddr.IPv6.parse(address.replace(/%.*$/, "")).parts;
}

/** `[::1]` as `::1`; everything else as it is. */
export function withoutBrackets(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

function isPrivate(address: Address): boolean {
  const inner = embeddedIpv4(address);
  if (inner !== undefined) return isPrivate(inner);
  const range = address.range();
  if (range === "unicast") return false;
  return !DOCUMENTATION.some(([network, bits]) =>
    network.kind() === address.kind() && address.match(network, bits)
  );
}

/** The IPv4 address inside `::ffff:a.b.c.d`, `::a.b.c.d`, NAT64 (`64:ff9b::`) and 6to4 (`2002:`) addresses. */
function embeddedIpv4(address: Address): Address | undefined {
  if (!(address instanceof ipaddr.IPv6)) return undefined;
  const [w0 = 0, w1 = 0, w2 = 0, , , w5 = 0, w6 = 0, w7 = 0] = address.parts;
  if (w0 === 0x2002) return fromWords(w1, w2);
  const isZero = (start: number, end: number) => address.parts.slice(start, end).every((word) => word === 0);
  const isNat64 = w0 === 0x64 && w1 === 0xff9b && isZero(2, 6);
  const isMapped = isZero(0, 5) && w5 === 0xffff;
  const isCompatible = isZero(0, 6) && (w6 !== 0 || w7 > 1);
  return isNat64 || isMapped || isCompatible ? fromWords(w6, w7) : undefined;
}

function fromWords(high: number, low: number): Address {
  return ipaddr.fromByteArray([high >> 8, high & 255, low >> 8, low & 255]);
}
