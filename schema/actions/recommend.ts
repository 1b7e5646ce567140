import { z } from "zod";
import { type ActionDefinition, named } from "../define.ts";
import {
  BAD_TARGET,
  count,
  criteria,
  EXAMPLE_ID,
  knownRegion,
  latency,
  nextStep,
  performance,
  share,
} from "../models.ts";

const alternative = named(
  "ProxyAlternative",
  "A proxy that could be taken instead.",
  z.object({
    id: z.string().describe("UUID"),
    url: z.string().describe("Address without credentials"),
    score: share.describe("0 to 1, higher is better"),
    reason: z.string().describe("Why it is a choice"),
  }),
);

const metrics = named(
  "RecommendationMetrics",
  "What a recommendation rests on.",
  z.object({
    success_rate: share.describe("Successes / (successes + failures); 0 without data"),
    avg_latency_ms: latency.describe("Mean latency; 0 without data"),
    region: knownRegion,
    performance_tier: performance.describe("Tier that was asked for"),
    total_requests: count.describe("Outcomes counted"),
  }),
);

const recommendation = named(
  "RecommendedProxy",
  "The best proxy for the criteria, and others.",
  z.object({
    id: z.string().describe("UUID"),
    url: z.string().describe("Address without credentials"),
    score: share.describe("0 to 1, higher is better"),
    reason: z.string().describe("Tier, region and what decided"),
    metrics: metrics.describe("What it rests on"),
    alternatives: z.array(alternative).describe("At most 3 others"),
  }),
);

/** `recommend`: the best proxy for some criteria. */
export const action: ActionDefinition = {
  name: "recommend",
  position: 40,
  title: "Recommend a proxy",
  summary: "best proxy for criteria, with alternatives",
  description:
    "Names the best proxy for the criteria and up to three alternatives, each with a score and a reason. " +
    "Never names a proxy that could not be selected now, and leases nothing.",
  effect: "read",
  idempotent: true,
  openWorld: false,
  published: true,
  input: { criteria: criteria.optional() },
  output: { recommendation: recommendation.describe("The best proxy, and others"), next_step: nextStep },
  errors: [
    BAD_TARGET,
    {
      code: 400,
      text: "Invalid performance level. Must be one of: high, medium, low",
      when: "`criteria.performance` is something else",
    },
    {
      code: 404,
      text: "No proxies found for region: <region>",
      when: "no proxy of the pool is in that country",
    },
    { code: 503, text: "No proxy available", when: "the pool is empty, or no proxy can be selected now" },
  ],
  example: {
    request: { action: "recommend", criteria: { region: "US", performance: "high" } },
    response: {
      recommendation: {
        id: EXAMPLE_ID,
        url: "http://proxy1.example.com:8080",
        score: 0.92,
        reason: "Best high performance proxy in US region with high reliability",
        metrics: {
          success_rate: 0.95,
          avg_latency_ms: 85.2,
          region: "US",
          performance_tier: "high",
          total_requests: 500,
        },
        alternatives: [
          {
            id: "660e8400-e29b-41d4-a716-446655440001",
            url: "http://proxy2.example.com:8080",
            score: 0.88,
            reason: "Alternative with 92.0% success rate",
          },
        ],
      },
    },
  },
};
