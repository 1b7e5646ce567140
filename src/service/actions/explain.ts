/** `explain`: what would be chosen and why, and what keeps the others out. Chooses nothing. */
import type {
  ExplainedChoice,
  ExplainedProxy,
  ExplainInput,
  ExplainOutput,
  SessionHold,
} from "../../../gen/models.ts";
import {
  type ChoiceTerms,
  type ExplainedProxy as CoreExplainedProxy,
  type Explanation,
  type PoolProxy,
  targetOf,
} from "../../core/mod.ts";
import { type HandlerContext, toCriteria } from "../handler_context.ts";
import { requireProxy } from "../lookup.ts";
import { presentLatency, presentRate, presentRegion, presentWait } from "../presenters.ts";
import { sayCounts, sayWhy } from "../reasons.ts";

/** What each strategy looks at, in a few words. Those that draw may draw another one next time. */
const RULES: Readonly<Record<string, string>> = {
  "round-robin": "next in turn",
  random: "drawn at random",
  weighted: "drawn by weight, or by success rate without one",
  "least-used": "fewest requests started",
  "performance-based": "drawn by speed, new ones first",
  "session-persistence": "for a session that holds none",
  "geo-targeted": "in the most preferred region that has one free",
  "cost-aware": "cheapest that works often enough",
  composite: "in the best tier of the filters that has one free",
  adaptive: "lowest cost_ms of a few that proved themselves there, drawn at random",
  thompson: "highest plausible success rate for its latency, of eight drawn at random",
};

/** Explains the choice that `rotate` would make now. Cost: one look at each proxy. */
export function explain(input: ExplainInput, { rotator }: HandlerContext): Promise<ExplainOutput> {
  const proxyId = input.proxy_id === undefined ? undefined : requireProxy(rotator, input.proxy_id).id;
  const criteria = toCriteria(input.criteria);
  const explanation = rotator.explain({
    ...criteria,
    ...(input.session === undefined ? {} : { session: input.session }),
    ...(proxyId === undefined ? {} : { proxyId }),
  });
  const target = criteria.target === undefined ? undefined : targetOf(criteria.target);
  const { strategy, total, eligible, rejected, nextFreeInMs, choice, proxy, session } = explanation;
  const nextStep = nextStepOf(explanation);
  return Promise.resolve({
    strategy,
    total,
    eligible,
    rejected,
    ...(choice === undefined ? {} : { choice: presentChoice(choice, explanation) }),
    ...(proxy === undefined ? {} : { proxy: presentExplained(proxy, explanation, target) }),
    ...(session === undefined ? {} : { session: presentSession(session, target) }),
    ...(nextFreeInMs === undefined ? {} : { next_free_in_s: presentWait(nextFreeInMs) }),
    message: `${eligible} of ${total} proxies can be chosen now` +
      (eligible < total ? `; the others: ${sayCounts(rejected)}` : ""),
    ...(nextStep === undefined ? {} : { next_step: nextStep }),
  });
}

function nextStepOf({ total, eligible, nextFreeInMs, proxy }: Explanation): string | undefined {
  if (total === 0) return "Add proxies with the add action.";
  if (eligible === 0) {
    return nextFreeInMs === undefined
      ? "Ask for less (criteria), choose another strategy with set_strategy, or add proxies."
      : `Call again in ${presentWait(nextFreeInMs)} s, ask for less (criteria), or add proxies.`;
  }
  return proxy?.reason === "circuit_open"
    ? "Wait until it is free, or close its circuit breaker with reset_cb."
    : undefined;
}

function presentChoice(
  { proxy, decidedBy, terms }: NonNullable<Explanation["choice"]>,
  { strategy, session }: Explanation,
): ExplainedChoice {
  const rule = RULES[strategy];
  return {
    id: proxy.id,
    url: proxy.publicUrl,
    region: presentRegion(proxy.region),
    reason: decidedBy === "session"
      ? `the session holds it for another ${presentWait(session?.endsInMs ?? 0)} s`
      : `${strategy}${rule === undefined ? "" : `: ${rule}`}`,
    terms: presentTerms(proxy, terms),
  };
}

function presentTerms(proxy: PoolProxy, terms: ChoiceTerms): Record<string, number> {
  const { expectedLatencyMs: expected, inFlight, successRate, totalRequests } = terms;
  return {
    ...(expected === null ? {} : {
      expected_latency_ms: presentLatency(expected),
      cost_ms: presentLatency(expected * (inFlight + 1)),
    }),
    in_flight: inFlight,
    success_rate: presentRate(successRate),
    total_requests: totalRequests,
    ...(proxy.cost === null ? {} : { price: proxy.cost }),
    ...(proxy.weight === null ? {} : { weight: proxy.weight }),
  };
}

/** What is the same of a proxy that was asked about, and of one that a session holds. */
function presentJudged(explained: CoreExplainedProxy, target: string | undefined, fine: string) {
  const { proxy, reason, freeInMs } = explained;
  const freeInS = freeInMs === undefined ? undefined : presentWait(freeInMs);
  return {
    id: proxy.id,
    url: proxy.publicUrl,
    eligible: reason === null,
    reason: reason ?? "eligible",
    message: reason === null ? fine : sayWhy(reason, target, freeInS),
    ...(freeInS === undefined ? {} : { free_in_s: freeInS }),
  };
}

function presentExplained(
  explained: CoreExplainedProxy,
  { choice, strategy }: Explanation,
  target: string | undefined,
): ExplainedProxy {
  const { proxy, terms } = explained;
  const isChoice = choice?.proxy.id === proxy.id;
  const other = choice?.decidedBy === "session"
    ? "the session holds another"
    : `${strategy} would take another`;
  const fine = isChoice ? "it would be taken now" : `it can be chosen, but now ${other}`;
  return { ...presentJudged(explained, target, fine), terms: presentTerms(proxy, terms) };
}

function presentSession(
  session: NonNullable<Explanation["session"]>,
  target: string | undefined,
): SessionHold {
  const judged = presentJudged(session, target, "the session would get it");
  return {
    ...judged,
    message: judged.eligible ? judged.message : `${judged.message}; meanwhile the session gets another`,
    ends_in_s: presentWait(session.endsInMs),
    exclusive: session.isExclusive,
  };
}
