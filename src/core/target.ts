/**
 * Names the site behind a URL: what a block, a pace or a learned latency is keyed by.
 *
 * A site refuses exits by registrable domain, not by host name, so `shop.example.co.uk` and
 * `www.example.co.uk` are one target. The full public suffix list would be fifty times the size of this
 * module and age with every release; the rule here (two labels, or three under the generic second levels
 * of country domains) agrees with it for company sites. A program that needs the list passes its own
 * function as `targetOf` to the rotator.
 */

const SECOND_LEVEL = new Set([
  "ac",
  "co",
  "com",
  "edu",
  "go",
  "gob",
  "gov",
  "gv",
  "mil",
  "ne",
  "net",
  "nom",
  "or",
  "org",
]);

/** Answers the target of a URL or a host. */
export type TargetOf = (urlOrHost: string) => string;

/**
 * The registrable domain of a URL or host (`https://shop.example.co.uk/x` → `example.co.uk`), or its IP
 * address. Ports, paths and letter case do not matter.
 *
 * @throws {RangeError} when there is no host in it
 */
export function targetOf(urlOrHost: string): string {
  const host = hostOf(urlOrHost);
  if (host.length > 253 || !/^(?:[^\s@%"<>\\^`{|}.]+\.)*[^\s@%"<>\\^`{|}.]+$/.test(host)) {
    throw new RangeError(
      `Cannot read target "${shown(urlOrHost)}": give a URL or a host such as "example.com"`,
    );
  }
  if (host.startsWith("[") || /^[\d.]+$/.test(host)) return host;
  const labels = host.split(".");
  if (labels.length < 3) return host;
  const second = labels[labels.length - 2] ?? "";
  const isCountry = labels[labels.length - 1]?.length === 2;
  return labels.slice(isCountry && SECOND_LEVEL.has(second) ? -3 : -2).join(".");
}

function hostOf(text: string): string {
  const schemeEnd = text.indexOf("://");
  let start = schemeEnd < 0 ? 0 : schemeEnd + 3;
  let end = start;
  while (end < text.length && !isEnd(text.charCodeAt(end))) end++;
  const at = text.lastIndexOf("@", end - 1);
  if (at >= start) start = at + 1;
  let host = text.slice(start, end);
  const colon = host.startsWith("[") ? host.indexOf(":", host.indexOf("]")) : host.indexOf(":");
  if (colon >= 0) host = host.slice(0, colon);
  if (host.endsWith(".")) host = host.slice(0, -1);
  return NEEDS_READING.test(host) ? canonical(host) : host;
}

/** Upper case, other scripts, and addresses, which have many spellings. */
const NEEDS_READING = /[A-Z\u0080-\uffff]|^\[|(?:^|\.)(?:\d+|0x[\da-f]*)$/;

function canonical(host: string): string {
  try {
    return new URL(`http://${host}/`).hostname.replace(/\.$/, "");
  } catch {
    return "";
  }
}

/** `/`, `?`, `#` and `\` end the authority. */
function isEnd(code: number): boolean {
  return code === 47 || code === 63 || code === 35 || code === 92;
}

function shown(text: string): string {
  const at = text.lastIndexOf("@");
  return text.slice(at + 1, at + 81);
}

/**
 * Remembers the last answers of a {@linkcode TargetOf}: a program asks for the same few hosts again and
 * again, and a look-up costs a tenth of reading the URL. Bounded; forgets all when full.
 */
export function memoizeTargetOf(compute: TargetOf, capacity = 4096): TargetOf {
  const known = new Map<string, string>();
  return (urlOrHost) => {
    let target = known.get(urlOrHost);
    if (target === undefined) {
      target = compute(urlOrHost);
      if (known.size >= capacity) known.clear();
      if (urlOrHost.length <= 256) known.set(urlOrHost, target);
    }
    return target;
  };
}
