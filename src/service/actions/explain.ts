/** `explain`: what would be chosen and why, and what keeps the others out. Chooses nothing. */
import type { ExplainedChoice, ExplainedProxy, ExplainInput, ExplainOutput } from "../../../gen/models.ts";
import type { ChoiceTerms, Explanation } from "../../core/mod.ts";
import { type HandlerContext, toCriteria } from "../handler_context.ts";
import { requireProxy } from "../lookup.ts";
import { presentLatency, presentRate, presentRegion } from "../presenters.ts";

/** Explains the choice that `rotate` would make now. Cost: one look at each proxy. */
export function explain(input: ExplainInput, { rotator }: HandlerContext): Promise<ExplainOutput> {
  const proxyId = input.proxy_id === undefined ? undefined : requireProxy(rotator, input.proxy_id).id;
  const explanation = rotator.explain({
    ...toCriteria(input.criteria),
    ...(input.session === undefined ? {} : { session: input.session }),
    ...(proxyId === undefined ? {} : { proxyId }),
  });
  const { strategy, total, eligible, rejected, nextFreeInMs } = explanation;
  const choice = presentChoice(explanation);
  const proxy = presentExplained(explanation);
  return Promise.resolve({
    strategy,
    total,
    eligible,
    rejected,
    ...(choice === undefined ? {} : { choice }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(nextFreeInMs === undefined ? {} : { next_free_in_s: Math.ceil(nextFreeInMs / 100) / 10 }),
    message: `${eligible} of ${total} proxies can be chosen now`,
    ...(total > 0 ? {} : { next_step: "Add proxies with the add action." }),
  });
}

function presentChoice({ choice, strategy }: Explanation): ExplainedChoice | undefined {
  if (choice === undefined) return undefined;
  const { proxy, decidedBy, terms } = choice;
  return {
    id: proxy.id,
    url: proxy.publicUrl,
    region: presentRegion(proxy.region),
    reason: decidedBy === "session" ? "the session holds it" : `the strategy ${strategy} would take it`,
    terms: presentTerms(terms),
  };
}

function presentTerms(terms: ChoiceTerms): Record<string, number> {
  const { expectedLatencyMs, inFlight, successRate, totalRequests } = terms;
  return {
    ...(expectedLatencyMs === null ? {} : { expected_latency_ms: presentLatency(expectedLatencyMs) }),
    in_flight: inFlight,
    success_rate: presentRate(successRate),
    total_requests: totalRequests,
  };
}

function presentExplained({ proxy }: Explanation): ExplainedProxy | undefined {
  if (proxy === undefined) return undefined;
  return {
    id: proxy.proxy.id,
    url: proxy.proxy.publicUrl,
    eligible: proxy.reason === null,
    reason: proxy.reason ?? "eligible",
  };
}
