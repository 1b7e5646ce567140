/** `validate`: tries proxies of the pool. */
import type { PoolProxy } from "../../core/mod.ts";
import type { ValidateInput, ValidateOutput } from "../../../gen/models.ts";
import type { Validation } from "../../sources/mod.ts";
import { ActionError } from "../action_error.ts";
import { type HandlerContext, toCriteria } from "../handler_context.ts";
import { requireProxy } from "../lookup.ts";
import { presentLatency } from "../presenters.ts";
import { supplyError } from "../supply_error.ts";
import type { TryReport } from "../supply/try_pool.ts";

const DEFAULT_LIMIT = 100;
const MAX_RESULTS = 10;

/** Tries one proxy, or those that match, the ones not tried for longest first. */
export async function validate(input: ValidateInput, context: HandlerContext): Promise<ValidateOutput> {
  const { call, settings } = context;
  const { proxies, matching } = chosen(input, context);
  const report = await (await context.supply()).try(proxies, {
    timeoutS: input.timeout_s,
    limitMs: settings.validation.timeLimitS * 1000,
    signal: call.signal,
    progress: call.progress,
  }).catch((error) => Promise.reject(supplyError(error)));
  return presentTrials(report, proxies.length, matching);
}

function chosen(input: ValidateInput, { rotator }: HandlerContext): {
  readonly proxies: readonly PoolProxy[];
  readonly matching: number;
} {
  if (input.proxy_id !== undefined) {
    return { proxies: [requireProxy(rotator, input.proxy_id)], matching: 1 };
  }
  const all = longestUntried(rotator.proxies(toCriteria(input.criteria)));
  if (all.length === 0) {
    throw new ActionError(404, "No proxies to validate", {
      nextStep: rotator.size === 0
        ? "The pool is empty: call fetch or add."
        : "No proxy matches the criteria: ask for less, or call list to see what there is.",
    });
  }
  return { proxies: all.slice(0, input.limit ?? DEFAULT_LIMIT), matching: all.length };
}

/** Proxies that were never tried, then those tried longest ago: who calls again goes on. */
export function longestUntried(proxies: Iterable<PoolProxy>): readonly PoolProxy[] {
  return [...proxies].sort((a, b) => (a.lastCheckAt ?? -1) - (b.lastCheckAt ?? -1));
}

/** The output for some trials: the fastest proxies first, and then those that do not work. */
export function presentTrials(
  { results, stop, valid }: TryReport,
  wanted: number,
  matching: number,
): ValidateOutput {
  const invalid = results.length - valid;
  const left = wanted - results.length;
  const best = [...results].sort((a, b) => (a.latencyMs ?? Infinity) - (b.latencyMs ?? Infinity) || 0);
  const nextStep = nextStepOf(stop, results.length, valid, matching - results.length);
  return {
    validated: results.length,
    valid,
    invalid,
    results: best.slice(0, MAX_RESULTS).map(presentTrial),
    message: `Validated ${results.length} proxies: ${valid} valid, ${invalid} invalid` +
      (stop === undefined ? "" : `. ${STOPPED[stop]}; ${left} were not tried`),
    ...(nextStep === undefined ? {} : { next_step: nextStep }),
  };
}

const STOPPED = {
  time: "Stopped at the time limit",
  cancelled: "Stopped since the caller gave up",
  judges: "Stopped since the judges no longer answer",
} as const;

function nextStepOf(stop: TryReport["stop"], tried: number, valid: number, left: number): string | undefined {
  if (stop === "judges") return "Ask the user to configure judges (setting validation.judges).";
  if (left > 0) return `Call validate again for the next of the ${left} that were not tried now.`;
  return valid === 0 && tried > 1 ? "None works: call fetch or add for others." : undefined;
}

function presentTrial(trial: Validation<PoolProxy>): ValidateOutput["results"][number] {
  const { anonymity, candidate, error, exitAddress, isHttpsCapable, isValid, latencyMs, statusCode } = trial;
  return {
    proxy_id: candidate.id,
    url: candidate.publicUrl,
    valid: isValid,
    latency_ms: latencyMs === null ? null : presentLatency(latencyMs),
    status_code: statusCode,
    ...(error === null ? {} : { error }),
    ...(candidate.region === null ? {} : { region: candidate.region }),
    ...(anonymity === null ? {} : { anonymity }),
    ...(isHttpsCapable === null ? {} : { https: isHttpsCapable }),
    ...(exitAddress === null ? {} : { exit_ip: exitAddress }),
  };
}
