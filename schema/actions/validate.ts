import { z } from "zod";
import { type ActionDefinition, named } from "../define.ts";
import {
  BAD_TARGET,
  count,
  criteria,
  EXAMPLE_ID,
  nextStep,
  NO_JUDGE,
  optionalLatency,
  proxyId,
  timeoutS,
} from "../models.ts";

const result = named(
  "ValidationResult",
  "What a trial of one proxy showed.",
  z.object({
    proxy_id: z.string().describe("UUID"),
    url: z.string().describe("Address without credentials"),
    valid: z.boolean().describe("Whether it works"),
    latency_ms: optionalLatency.describe("Time it took; null when it does not work"),
    status_code: z.number().int().nullable().describe("HTTP status; null without an answer"),
    error: z.string().optional().describe("What went wrong"),
    region: z.string().optional().describe("Country of the exit, when known"),
    anonymity: z.enum(["transparent", "anonymous", "elite"]).optional().describe(
      "What sites learn: the user's own address, that a proxy is used, or neither; absent when not known",
    ),
    https: z.boolean().optional().describe("Whether https sites can be reached; absent when not known"),
    exit_ip: z.string().optional().describe("Address that sites see, when known"),
  }),
);

/** `validate`: tries proxies. */
export const action: ActionDefinition = {
  name: "validate",
  position: 100,
  title: "Validate proxies",
  summary: "try one proxy, or those matching criteria",
  description:
    "Sends a small request through proxies to judges, many at once, and records how each did: its health, its " +
    "latency, and as tags its level of anonymity (`transparent`, `anonymous` or `elite`) and `https` when it " +
    "reaches such sites. Proxies never tried come first, then those tried longest ago. Stops at the time limit " +
    "(setting `validation.time_limit`) with what it has; call it again to go on.",
  effect: "write",
  idempotent: false,
  openWorld: true,
  published: true,
  input: {
    proxy_id: proxyId.optional(),
    criteria: criteria.optional(),
    limit: z.number().int().min(1).max(1000).describe(
      "At most, 1-1000; default 100",
    )
      .optional(),
    timeout_s: timeoutS.optional(),
  },
  rules: [{ atMostOne: ["proxy_id", "criteria"] }],
  output: {
    validated: count.describe("Proxies tried"),
    valid: count.describe("Of these, working"),
    invalid: count.describe("Of these, not working"),
    results: z.array(result).describe("At most 10 of the trials"),
    message: z.string().describe("The same in words"),
    next_step: nextStep,
  },
  errors: [
    { code: 404, text: "Proxy not found: <proxy_id>", when: "no proxy has this id" },
    { code: 404, text: "No proxies to validate", when: "no proxy matches" },
    BAD_TARGET,
    NO_JUDGE,
  ],
  example: {
    request: { action: "validate", limit: 1 },
    response: {
      validated: 1,
      valid: 1,
      invalid: 0,
      results: [
        {
          proxy_id: EXAMPLE_ID,
          url: "http://proxy1.example.com:8080",
          valid: true,
          latency_ms: 118.4,
          status_code: 200,
          region: "US",
          anonymity: "elite",
          https: true,
          exit_ip: "203.0.113.7",
        },
      ],
      message: "Validated 1 proxies: 1 valid, 0 invalid",
    },
  },
  cli: {
    positionals: ["proxy_id"],
    help: { timeout_s: "Time limit of each trial" },
    short: { limit: "n" },
    settings: [
      "validation.judges",
      "validation.concurrency",
      "validation.timeout",
      "region_files",
      "allow_private_targets",
    ],
    examples: [
      { line: "validate", says: "the whole pool" },
      { line: "validate --status dead --timeout-s 20", says: "another chance, with more time" },
      { line: "validate --judges http://judge.example:8090/", says: "with a judge of your own" },
    ],
  },
};
