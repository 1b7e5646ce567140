import { z } from "zod";
import type { ActionDefinition } from "../define.ts";
import { BAD_TARGET, criteria, nextStep, proxySummary, session, SUMMARY_EXAMPLE } from "../models.ts";

/** `rotate`: the next proxy. */
export const action: ActionDefinition = {
  name: "rotate",
  position: 20,
  title: "Next proxy",
  summary: "next proxy by the strategy, with lease_id",
  description:
    "Picks the next proxy by the current strategy among those that may be used now, and leases it for " +
    "five minutes. Tell with `report` how the request went. The same `session` gives the same proxy; `renew` " +
    "gives it a new one.",
  effect: "use",
  idempotent: false,
  openWorld: false,
  published: true,
  input: {
    criteria: criteria.optional(),
    session: session.optional(),
    renew: z.boolean().describe("Give the session another proxy").optional(),
  },
  output: {
    proxy: proxySummary.describe("The proxy"),
    lease_id: z.string().describe("Handle for `report`"),
    gateway_url: z.string().optional().describe("Local address through which this lease can be used"),
    next_step: nextStep,
  },
  errors: [
    BAD_TARGET,
    {
      code: 404,
      text: "No proxies found for region: <region>",
      when: "no proxy of the pool is in that country",
    },
    {
      code: 429,
      text: "All matching proxies are paced",
      when: "each has used up its rate; see `retry_after_s`",
    },
    { code: 503, text: "No proxy available", when: "the pool is empty, or no proxy can be selected now" },
  ],
  example: {
    request: { action: "rotate" },
    response: { proxy: SUMMARY_EXAMPLE, lease_id: "3f2b8c1e-7a54-4d0e-9b6a-1c9d5e8f7a20" },
  },
  cli: {
    settings: ["strategy", "pacing"],
    examples: [
      { line: "rotate", says: "the one that was used least" },
      { line: "rotate --region US --target shop.example --json", says: "for a program" },
      { line: "rotate --strategy random", says: "with another strategy" },
    ],
  },
};
