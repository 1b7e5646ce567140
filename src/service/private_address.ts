/**
 * Tells addresses of this machine and its own network from those of the internet.
 *
 * A model may add proxies, and the program will dial them; so a model could be talked into making the program
 * knock on doors inside the user's network. Addresses set aside for documentation are not on the list: nothing
 * listens there.
 *
 * A host *name* can resolve to a private address; that is checked again when it is dialled, where it counts.
 *
 * @module
 */
import type { BlockList } from "node:net";
import { network } from "../runtime/mod.ts";

const PRIVATE_SUBNETS: readonly (readonly [string, number, "ipv4" | "ipv6"])[] = [
  ["0.0.0.0", 8, "ipv4"], // this network
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"], // carrier-grade NAT
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"], // link-local, cloud metadata
  ["172.16.0.0", 12, "ipv4"],
  ["192.0.0.0", 24, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["198.18.0.0", 15, "ipv4"], // benchmarks inside a network
  ["224.0.0.0", 3, "ipv4"], // multicast, reserved, broadcast
  ["::", 127, "ipv6"], // unspecified and loopback
  ["64:ff9b:1::", 48, "ipv6"], // local-use NAT64
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
  ["fec0::", 10, "ipv6"],
  ["ff00::", 8, "ipv6"],
];

let blockList: BlockList | undefined;

function isPrivateAddress(address: string, family: "ipv4" | "ipv6"): boolean {
  blockList ??= makeBlockList(PRIVATE_SUBNETS);
  return blockList.check(address, family);
}

const PRIVATE_NAME =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa)\.?$/i;

/**
 * Whether a host is this machine or inside its network: a loopback, private, link-local, shared, multicast or
 * reserved address (also as IPv4 inside IPv6), or a name that is never public, such as `localhost`,
 * `printer.local` or one without a dot.
 *
 * @param host Name, IPv4, or IPv6 with or without brackets.
 */
export function isPrivateHost(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  switch (network().isIP(address)) {
    case 4:
      return isPrivateAddress(address, "ipv4");
    case 6:
      return isPrivateIpv6(address);
    default:
      return PRIVATE_NAME.test(address) || !address.replace(/\.$/, "").includes(".");
  }
}

function isPrivateIpv6(address: string): boolean {
  const words = ipv6Words(address);
  const inner = embeddedIpv4(words);
  if (inner !== undefined) return isPrivateAddress(inner, "ipv4");
  return isPrivateAddress(address, "ipv6");
}

/** The IPv4 address inside `::ffff:a.b.c.d`, `::a.b.c.d`, NAT64 (`64:ff9b::`) and 6to4 (`2002:`) addresses. */
function embeddedIpv4(words: readonly number[]): string | undefined {
  const [w0 = 0, w1 = 0, w2 = 0, , , w5 = 0, w6 = 0, w7 = 0] = words;
  const dotted = (high: number, low: number) => [high >> 8, high & 255, low >> 8, low & 255].join(".");
  if (w0 === 0x2002) return dotted(w1, w2);
  const isZeroUpTo = (end: number) => words.slice(0, end).every((word) => word === 0);
  const isNat64 = w0 === 0x64 && w1 === 0xff9b && words.slice(2, 6).every((word) => word === 0);
  const isMapped = isZeroUpTo(5) && w5 === 0xffff;
  const isCompatible = isZeroUpTo(6) && (w6 !== 0 || w7 > 1);
  return isNat64 || isMapped || isCompatible ? dotted(w6, w7) : undefined;
}

function ipv6Words(address: string): readonly number[] {
  const hostname = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = "", tail] = hostname.split("::");
  const parse = (part: string) => part === "" ? [] : part.split(":").map((word) => parseInt(word, 16));
  const left = parse(head);
  const right = tail === undefined ? [] : parse(tail);
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

function makeBlockList(subnets: readonly (readonly [string, number, "ipv4" | "ipv6"])[]): BlockList {
  const list = new (network().BlockList)();
  for (const [network, prefix, family] of subnets) list.addSubnet(network, prefix, family);
  return list;
}
