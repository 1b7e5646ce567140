/** `fetch`: fills the pool from public lists. */
import type { FetchInput, FetchOutput } from "../../../gen/models.ts";
import type { HandlerContext } from "../handler_context.ts";
import { supplyError } from "../supply_error.ts";
import type { FillReport } from "../supply/fill_pool.ts";

const DEFAULT_MAX_PROXIES = 100;

/** Fetches lists, tries what is new, adds what works. What is stopped keeps what it has. */
export async function fetch(input: FetchInput, context: HandlerContext): Promise<FetchOutput> {
  const { call, rotator, settings } = context;
  const validate = input.validate ?? true;
  const report = await (await context.supply()).fill({
    sources: input.sources ?? [],
    maxProxies: input.max_proxies ?? DEFAULT_MAX_PROXIES,
    validate,
    limitMs: settings.validation.timeLimitS * 1000,
    signal: call.signal,
    progress: call.progress,
  }).catch((error) => Promise.reject(supplyError(error)));
  return presentFill(report, validate, rotator.size);
}

/** The output for what became of a filling. */
export function presentFill(report: FillReport, validate: boolean, poolSize: number): FetchOutput {
  const { added, duplicates, fetched, reports, tried, unreadable, valid } = report;
  const nextStep = nextStepOf(report, validate);
  return {
    success: reports.some(({ ok }) => ok),
    fetched,
    added,
    duplicates,
    rejected: unreadable + tried - valid,
    pool_size: poolSize,
    sources: reports.map(({ name, ok, count, error }) => ({ name, ok, count, error })),
    message: sayFill(report, validate),
    ...(nextStep === undefined ? {} : { next_step: nextStep }),
  };
}

function sayFill({ added, fetched, reports, stop, tried, valid }: FillReport, validate: boolean): string {
  const read = reports.filter(({ ok }) => ok).length;
  if (reports.length > 0 && read === 0) return `None of ${sources(reports.length)} could be read`;
  const from = read === reports.length ? sources(read) : `${read} of ${sources(reports.length)}`;
  const trials = validate ? `; tried ${tried}: ${valid} work` : ", not tried";
  const why = stop === undefined ? "" : `. ${STOPPED[stop]}`;
  return `Fetched ${fetched} proxies from ${from}${trials}. Added ${added}${why}`;
}

const STOPPED = {
  time: "Stopped at the time limit",
  cancelled: "Stopped since the caller gave up",
  judges: "Stopped since the judges no longer answer",
} as const;

function nextStepOf({ added, left, reports, stop }: FillReport, validate: boolean): string | undefined {
  if (!reports.some(({ ok }) => ok)) {
    return 'Read the errors in sources; then call fetch with other lists, for example sources ["all"], or add ' +
      "proxies with the add action.";
  }
  if (stop === "time") return `Call fetch again to try the ${left} that are left.`;
  if (stop === "judges") return "Ask the user to configure judges (setting validation.judges).";
  if (added === 0) return 'Nothing new: call fetch with other lists, for example sources ["all"].';
  if (!validate) return "Call validate to find out which of them work.";
  return undefined;
}

function sources(count: number): string {
  return `${count} ${count === 1 ? "source" : "sources"}`;
}
