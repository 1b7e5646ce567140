import { z } from "zod";
import { type ActionDefinition, named } from "../define.ts";
import { count, EXAMPLE_ID, nextStep, optionalLatency, share, url, verdict } from "../models.ts";

const probe = named(
  "TargetProbe",
  "What one proxy got from the site.",
  z.object({
    proxy_id: z.string().describe("UUID"),
    verdict: verdict.describe("What happened"),
    status: z.number().int().nullable().describe("HTTP status; null without an answer"),
    latency_ms: optionalLatency.describe("Time it took; null without an answer"),
    rule: z.string().describe("Verdict rule that decided, or the kind of failure, for example `forbidden`"),
  }),
);

/** `check_target`: how a site treats the pool. */
export const action: ActionDefinition = {
  name: "check_target",
  position: 150,
  title: "Check a site",
  summary: "try a site through some proxies",
  description: "Requests a page through a sample of the pool and tells which proxies the site lets in.",
  effect: "use",
  idempotent: false,
  openWorld: true,
  published: true,
  input: {
    url,
    sample: z.number().int().min(1).max(50).describe("Proxies to try, 1-50; default 10").optional(),
  },
  output: {
    target: z.string().describe("Registrable domain or address"),
    checked: count.describe("Proxies tried"),
    results: z.array(probe).describe("Each proxy"),
    clean_ratio: share.describe("Share of the proxies that the site lets in"),
    advice: z.string().describe("What to do with it"),
    next_step: nextStep,
  },
  errors: [
    { code: 400, text: "url required for check_target action", when: "`url` is missing" },
    { code: 503, text: "No proxy available", when: "the pool is empty, or no proxy can be selected now" },
  ],
  example: {
    request: { action: "check_target", url: "https://shop.example/", sample: 1 },
    response: {
      target: "shop.example",
      checked: 1,
      results: [{ proxy_id: EXAMPLE_ID, verdict: "ok", status: 200, latency_ms: 310.2, rule: "status" }],
      clean_ratio: 1,
      advice: "Every proxy tried gets through",
    },
  },
  cli: {
    positionals: ["url"],
    short: { sample: "n" },
    settings: ["allow_private_targets", "timeout", "verify_ssl", "verdict_rules"],
  },
};
