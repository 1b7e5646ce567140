/**
 * Which protocol the lines of a list have that name none: public lists say so in the name of the file.
 *
 * `https` in such a name means HTTP proxies that tunnel HTTPS (CONNECT). Proxies that want TLS to themselves
 * are rare, and no public list of them is known; so `https.txt` is read as `http`, unless `--protocol https`
 * says that it is meant.
 *
 * @module
 */
import type { Protocol } from "../core/mod.ts";

/** The protocol for a list, from its file name, and a remark where that may surprise. */
export interface ListProtocol {
  /** For lines without `scheme://`. */
  readonly protocol: Protocol;
  /** To be told to the person. */
  readonly remark?: string;
}

const BY_NAME: readonly (readonly [RegExp, Protocol])[] = [
  [/socks5h/, "socks5h"],
  [/socks-?5/, "socks5"],
  [/socks4a/, "socks4a"],
  [/socks-?4/, "socks4"],
];

/** Guesses from the last part of a path; `http` when it says nothing. */
export function protocolOfFile(path: string): ListProtocol {
  const name = (path.split(/[/\\]/).at(-1) ?? "").toLowerCase();
  const found = BY_NAME.find(([pattern]) => pattern.test(name));
  if (found !== undefined) return { protocol: found[1] };
  if (!/https/.test(name)) return { protocol: "http" };
  return {
    protocol: "http",
    remark:
      `${path}: "https" lists hold HTTP proxies that tunnel HTTPS, so lines without a scheme are read as ` +
      "http://; --protocol https means TLS to the proxy itself",
  };
}
