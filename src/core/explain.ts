/** Why a proxy would be chosen, and why the others not. */

import type { RejectionCounts } from "./errors.ts";
import { type Inquiry, judge, judgeAll, type RejectionReason } from "./judgement.ts";
import type { PoolProxy, ProxyEntry } from "./proxy_entry.ts";
import type { Request } from "./selection.ts";
import type { SessionBinding } from "./sessions.ts";
import type { Strategy } from "./strategies/strategy.ts";
import type { Criteria } from "./types.ts";
import type { View } from "./views.ts";

/** What an explanation is asked for. */
export interface ExplainQuery extends Criteria {
  /** Explain what this session would get. */
  readonly session?: string;
  /** Explain this proxy too. */
  readonly proxyId?: string;
}

/** What speaks for a choice. */
export interface ChoiceTerms {
  /** Latency to be expected on the target, ms, failures counted as large; `null` when never seen there. */
  readonly expectedLatencyMs: number | null;
  /** Requests on it now. */
  readonly inFlight: number;
  /** 0–1; 0 without data. */
  readonly successRate: number;
  /** Requests that ended ok or dead. */
  readonly totalRequests: number;
}

/** The proxy that would be chosen now. */
export interface ExplainedChoice {
  /** The proxy. */
  readonly proxy: PoolProxy;
  /** `session` when a session holds it, else `strategy`. */
  readonly decidedBy: "session" | "strategy";
  /** What speaks for it. */
  readonly terms: ChoiceTerms;
}

/** One proxy explained. */
export interface ExplainedProxy {
  /** The proxy. */
  readonly proxy: PoolProxy;
  /** Why it cannot be chosen now; `null` when it can. */
  readonly reason: RejectionReason | null;
  /** When that ends by itself, ms from now. */
  readonly freeInMs?: number;
  /** What speaks for and against it. */
  readonly terms: ChoiceTerms;
}

/** What a session holds. */
export interface ExplainedSession extends ExplainedProxy {
  /** When the hold ends unless it is used, ms from now. */
  readonly endsInMs: number;
  /** Whether nobody else may use the proxy meanwhile. */
  readonly isExclusive: boolean;
}

/** Why the pool answers as it does. */
export interface Explanation {
  /** Proxies in the pool. */
  readonly total: number;
  /** Proxies that can be chosen now. */
  readonly eligible: number;
  /** The others, by reason. */
  readonly rejected: RejectionCounts;
  /** Plain name of the strategy. */
  readonly strategy: string;
  /** What would be chosen now, if anything. */
  readonly choice?: ExplainedChoice;
  /** When the next of the others frees up, ms from now. */
  readonly nextFreeInMs?: number;
  /** The proxy asked about. */
  readonly proxy?: ExplainedProxy;
  /** What the session asked about holds, if anything. */
  readonly session?: ExplainedSession;
}

/** What an explanation is made from. */
export interface ExplainParts {
  readonly entries: Iterable<ProxyEntry>;
  readonly view: View;
  readonly inquiry: Inquiry;
  readonly request: Request;
  readonly strategy: Strategy;
  readonly binding: SessionBinding | undefined;
  readonly proxy: ProxyEntry | undefined;
}

/** Explains. Changes nothing. Cost: O(pool). */
export function explain(parts: ExplainParts): Explanation {
  const { inquiry, binding } = parts;
  const entries = [...parts.entries];
  const { eligible, counts, nextAt } = judgeAll(entries, inquiry);
  const heldReason = binding === undefined ? undefined : judge(binding.entry, inquiry).reason;
  const held = heldReason === null ? binding?.entry : undefined;
  // A session waits for the pace of its proxy: nobody is chosen instead.
  const isWaiting = heldReason === "paced";
  const chosen = held ?? (eligible === 0 || isWaiting ? undefined : peek(parts));
  return {
    total: entries.length,
    eligible,
    rejected: counts,
    strategy: parts.strategy.name,
    ...(chosen !== undefined && {
      choice: {
        proxy: chosen,
        decidedBy: held === undefined ? "strategy" : "session",
        terms: termsOf(chosen, parts),
      },
    }),
    ...(nextAt !== undefined && { nextFreeInMs: Math.max(0, nextAt - inquiry.now) }),
    ...(parts.proxy !== undefined && { proxy: explainProxy(parts.proxy, parts) }),
    ...(binding !== undefined && {
      session: {
        ...explainProxy(binding.entry, parts),
        endsInMs: Math.max(0, binding.expiresAt - inquiry.now),
        isExclusive: binding.isExclusive,
      },
    }),
  };
}

function peek({ view, request, inquiry }: ExplainParts): ProxyEntry | undefined {
  const { selector, set } = view;
  const chosen = selector.peek ? selector.peek(set, request) : selector.select(set, request);
  if (chosen !== undefined) return chosen as ProxyEntry;
  for (const entry of set) {
    if (judge(entry, inquiry).reason === null) return entry;
  }
  return undefined;
}

function termsOf(entry: ProxyEntry, { request }: ExplainParts): ChoiceTerms {
  const { inFlight, successRate, totalRequests } = entry;
  return { expectedLatencyMs: request.latencyMs(entry) ?? null, inFlight, successRate, totalRequests };
}

function explainProxy(entry: ProxyEntry, parts: ExplainParts): ExplainedProxy {
  const { inquiry } = parts;
  const { reason, freeAt } = judge(entry, inquiry);
  const wait = freeAt === undefined ? {} : { freeInMs: Math.max(0, freeAt - inquiry.now) };
  return { proxy: entry, reason, ...wait, terms: termsOf(entry, parts) };
}
