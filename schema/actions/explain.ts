import { z } from "zod";
import { type ActionDefinition, named } from "../define.ts";
import {
  BAD_TARGET,
  count,
  criteria,
  EXAMPLE_ID,
  knownRegion,
  nextStep,
  proxyId,
  session,
} from "../models.ts";

const terms = z.record(z.string(), z.number()).describe(
  "What speaks for and against it: expected_latency_ms there (failures count as seconds), in_flight, " +
    "cost_ms (their product), success_rate, total_requests, price, weight; as far as known",
);

const choice = named(
  "ExplainedChoice",
  "The proxy that would be chosen, and why.",
  z.object({
    id: z.string().describe("UUID"),
    url: z.string().describe("Address without credentials"),
    region: knownRegion,
    reason: z.string().describe("What decided"),
    terms,
  }),
);

const explained = named(
  "ExplainedProxy",
  "Why one proxy would or would not be chosen.",
  z.object({
    id: z.string().describe("UUID"),
    url: z.string().describe("Address without credentials"),
    eligible: z.boolean().describe("Whether it can be chosen now"),
    reason: z.string().describe("Why it cannot, in one word; `eligible` when it can"),
    message: z.string().describe("The same in words"),
    free_in_s: z.number().min(0).optional().describe("Seconds until that ends, when time ends it"),
    terms,
  }),
);

const held = named(
  "SessionHold",
  "The proxy that a session holds.",
  z.object({
    id: z.string().describe("UUID of the proxy"),
    url: z.string().describe("Address without credentials"),
    eligible: z.boolean().describe("Whether the session would get it now"),
    reason: z.string().describe("Why not, in one word; `eligible` when it would"),
    message: z.string().describe("The same in words"),
    free_in_s: z.number().min(0).optional().describe("Seconds until that ends, when time ends it"),
    ends_in_s: z.number().min(0).describe("Seconds after which the session ends unless it is used"),
    exclusive: z.boolean().describe("Whether nobody else may use the proxy meanwhile"),
  }),
);

/** `explain`: why a proxy would be chosen, without choosing it. */
export const action: ActionDefinition = {
  name: "explain",
  position: 140,
  title: "Explain the choice",
  summary: "why rotate would choose, or would not",
  description:
    "Shows how many proxies could be chosen now, why the others could not and when the next of them can, and " +
    "which one would be taken, without taking it. With `proxy_id` or `session`, the same for one proxy, or for the " +
    "one that a session holds.",
  effect: "read",
  idempotent: true,
  openWorld: false,
  published: true,
  input: { criteria: criteria.optional(), session: session.optional(), proxy_id: proxyId.optional() },
  output: {
    strategy: z.string().describe("Current strategy"),
    total: count.describe("Proxies in the pool"),
    eligible: count.describe("Proxies that can be chosen now"),
    rejected: z.record(z.string(), count).describe("Proxies that cannot, counted by reason"),
    choice: choice.optional().describe("The proxy that would be chosen; absent when there is none"),
    proxy: explained.optional().describe("The proxy of `proxy_id`"),
    session: held.optional().describe("What `session` holds; absent when it holds nothing"),
    next_free_in_s: z.number().min(0).optional().describe(
      "Seconds until another proxy frees up, when that is known",
    ),
    message: z.string().describe("The same in words"),
    next_step: nextStep,
  },
  errors: [
    BAD_TARGET,
    { code: 400, text: "Invalid proxy_id format: <proxy_id>", when: "`proxy_id` is not a UUID" },
    { code: 404, text: "Proxy not found: <proxy_id>", when: "no proxy has this id" },
  ],
  example: {
    request: { action: "explain", criteria: { region: "US" } },
    response: {
      strategy: "round-robin",
      total: 10,
      eligible: 3,
      rejected: { region: 6, circuit_open: 1 },
      choice: {
        id: EXAMPLE_ID,
        url: "http://proxy1.example.com:8080",
        region: "US",
        reason: "round-robin: next in turn",
        terms: { in_flight: 0, success_rate: 0.95, total_requests: 150 },
      },
      next_free_in_s: 41.5,
      message: "3 of 10 proxies can be chosen now; the others: 6 in another region, 1 resting after failures",
    },
  },
  cli: {
    settings: ["strategy", "pacing"],
    examples: [{ line: "explain --region US", says: "who can be chosen, and why not the others" }, {
      line: "explain --target shop.example",
      says: "who may go there now",
    }],
  },
};
