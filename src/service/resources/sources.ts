/** `proxy://sources`: the lists of proxies, and what is remembered of each. Holds neither addresses nor keys. */
import type { SourcesResource, SourceState } from "../../../gen/models.ts";
import { presentTime } from "../presenters.ts";
import type { KnownSource } from "../supply/supply.ts";

/** The content for some lists. */
export function presentSources(known: readonly KnownSource[]): SourcesResource {
  const sources = known.map(presentSource).sort((a, b) =>
    Number(b.recommended) - Number(a.recommended) || (a.name < b.name ? -1 : 1)
  );
  const alive = sources.filter((source) => source.alive === true).length;
  const failing = sources.filter((source) => source.alive === false).length;
  const total = sources.length;
  return {
    total,
    alive,
    failing,
    sources,
    message: `${total} ${total === 1 ? "list" : "lists"} known: ${alive} alive, ${failing} failing, ${
      total - alive - failing
    } never asked`,
  };
}

function presentSource({ isRecommended, record, source }: KnownSource): SourceState {
  const time = (epochMs: number | null | undefined) =>
    epochMs === null || epochMs === undefined ? null : presentTime(epochMs);
  return {
    name: source.name,
    protocol: source.protocol ?? null,
    recommended: isRecommended,
    enabled: source.isEnabled ?? true,
    alive: record === undefined || record.lastFetchAt === null ? null : record.failuresInRow === 0,
    fetches: record?.fetches ?? 0,
    failures: record?.failures ?? 0,
    last_fetch: time(record?.lastFetchAt),
    last_ok: time(record?.lastOkAt),
    last_count: record?.lastCount ?? 0,
    last_error: record?.lastError ?? null,
    tried: record?.tried ?? 0,
    worked: record?.worked ?? 0,
  };
}
