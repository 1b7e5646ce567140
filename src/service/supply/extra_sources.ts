/** Lists of the user's own. */
import { type ProxySource, readSources } from "../../sources/source.ts";

/**
 * Reads sources of a configuration. One without a name is called after its host alone: the path of a vendor's list
 * often holds a key. Their owner knows why they are there, so they count as recommended.
 *
 * @throws {SourceError} naming the entry, the key and what is allowed
 */
export function extraSources(entries: readonly unknown[]): readonly ProxySource[] {
  const taken = new Set(entries.map((entry) => isRecord(entry) ? entry["name"] : undefined));
  return readSources(entries.map((entry) => {
    const source = { recommended: true, ...(isRecord(entry) ? entry : { url: entry }) };
    const { name, url }: Readonly<Record<string, unknown>> = source;
    if (name !== undefined || typeof url !== "string" || !URL.canParse(url)) return source;
    const free = freeName(new URL(url).hostname, taken);
    taken.add(free);
    return { ...source, name: free };
  }));
}

function freeName(host: string, taken: ReadonlySet<unknown>): string {
  const base = host.toLowerCase().replace(/[^a-z0-9.-]+/g, "").slice(0, 50) || "list";
  for (let number = 1;; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
