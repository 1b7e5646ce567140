/** Writes MaxMind DB files (specification 2.0), as small as they come. */

import { isIP } from "node:net";

/** What the file says about a network: `203.0.113.0/24` or `2001:db8::/32`. */
export type TinyRecords = Readonly<Record<string, unknown>>;

const MARKER = [0xab, 0xcd, 0xef, ...new TextEncoder().encode("MaxMind.com")];

/** The bytes of a file: for IPv4 and IPv6, or for IPv4 alone. */
export function tinyMmdb(records: TinyRecords, ipVersion: 4 | 6 = 6): Uint8Array {
  const above = ipVersion === 6 ? 96 : 0;
  const nodes: (number | undefined)[][] = [[undefined, undefined]];
  const data: number[] = [];
  const leaves: { node: number; bit: 0 | 1; offset: number }[] = [];
  for (const [network, value] of Object.entries(records)) {
    const [address = "", length = ""] = network.split("/");
    const isV4 = isIP(address) === 4;
    const bits = (isV4 ? "0".repeat(above) : "") + bitsOf(address);
    const end = Number(length) + (isV4 ? above : 0);
    let node = 0;
    for (let i = 0; i < end - 1; i++) {
      const bit = Number(bits[i]);
      let next = nodes[node]![bit];
      if (next === undefined) {
        next = nodes.push([undefined, undefined]) - 1;
        nodes[node]![bit] = next;
      }
      node = next;
    }
    leaves.push({ node, bit: bits[end - 1] === "1" ? 1 : 0, offset: data.length });
    data.push(...encode(value));
  }
  const count = nodes.length;
  for (const { bit, node, offset } of leaves) nodes[node]![bit] = count + 16 + offset;
  const tree = nodes.flat().flatMap((record = count) => [record >> 16, record >> 8 & 255, record & 255]);
  const metadata = {
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: "Tiny",
    description: { en: "for tests" },
    ip_version: ipVersion,
    languages: ["en"],
    node_count: count,
    record_size: 24,
  };
  return new Uint8Array([...tree, ...new Array<number>(16).fill(0), ...data, ...MARKER, ...encode(metadata)]);
}

function bitsOf(address: string): string {
  if (isIP(address) === 4) {
    return address.split(".").map((part) => Number(part).toString(2).padStart(8, "0")).join("");
  }
  const [head = "", tail = ""] = address.split("::");
  const [left, right] = [head, tail].map((part) => part === "" ? [] : part.split(":"));
  const words = [...left!, ...new Array<string>(8 - left!.length - right!.length).fill("0"), ...right!];
  return words.map((word) => parseInt(word, 16).toString(2).padStart(16, "0")).join("");
}

function encode(value: unknown): number[] {
  if (typeof value === "string") {
    const bytes = [...new TextEncoder().encode(value)];
    return [...control(2, bytes.length), ...bytes];
  }
  if (typeof value === "number") {
    const bytes = [value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255];
    return [...control(6, 4), ...bytes];
  }
  if (Array.isArray(value)) return [...control(11, value.length), ...value.flatMap(encode)];
  const entries = Object.entries(value as object);
  return [
    ...control(7, entries.length),
    ...entries.flatMap(([key, inner]) => [...encode(key), ...encode(inner)]),
  ];
}

function control(type: number, size: number): number[] {
  const [shown, more] = size < 29 ? [size, []] : [29, [size - 29]];
  return type > 7 ? [shown, type - 7, ...more] : [type << 5 | shown, ...more];
}
