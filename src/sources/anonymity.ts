/** How much a proxy tells of its user. */

import type { JudgeEcho } from "./judge_echo.ts";

/**
 * What a site learns.
 *
 * - `transparent`: the user's own address
 * - `anonymous`: that a proxy is used
 * - `elite`: neither
 */
export type Anonymity = "transparent" | "anonymous" | "elite";

/** What the same judge sees without a proxy. */
export interface AnonymityBaseline {
  /** Our own addresses, as judges see them. */
  readonly ownAddresses: ReadonlySet<string>;
  /** Names of the header fields that arrive without a proxy: a judge may stand behind one of its own. */
  readonly headerNames: ReadonlySet<string>;
}

/** Fields that only proxies add, in the forms that are seen. */
const REVEALING =
  /^(?:via|forwarded|x-forwarded(?:-.+)?|x-real-ip|(?:x-)?client-?ip|true-client-ip|x-originating-ip|x-remote-(?:ip|addr)|x-cluster-client-ip|proxy-(?!authorization$).+|x-proxy(?:-.+|user.*)?|x-bluecoat-via|xroxy-connection|useragent-via|max-forwards)$/;

/**
 * The level that an answer shows; undefined when the judge says too little.
 *
 * @param echo What the judge saw through the proxy
 * @param baseline What it sees without
 */
export function anonymityOf(echo: JudgeEcho, baseline: AnonymityBaseline): Anonymity | undefined {
  const { headers, remoteAddress } = echo;
  const { headerNames, ownAddresses } = baseline;
  if (remoteAddress !== null && ownAddresses.has(remoteAddress)) return "transparent";
  if (headers === null) return undefined;
  const fields = Object.entries(headers).filter(([name]) => name !== "host");
  for (const address of ownAddresses) {
    if (fields.some(([, value]) => holdsAddress(value, address))) return "transparent";
  }
  return fields.some(([name]) => REVEALING.test(name) && !headerNames.has(name)) ? "anonymous" : "elite";
}

/** Whether an address stands in a text as a whole: `10.0.0.1` is not in `110.0.0.12`. */
function holdsAddress(text: string, address: string): boolean {
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text[at + address.length] ?? " ";
    if (!/[0-9a-f.:]/i.test(before) || (before === ":" && address.includes("."))) {
      if (!/[0-9a-f.]/i.test(after)) return true;
    }
  }
  return false;
}
