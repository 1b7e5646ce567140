import { z } from "zod";
import { type ActionDefinition, inWords, named, withExpectation } from "../define.ts";
import { nextStep, share, STRATEGIES } from "../models.ts";

const name = withExpectation(z.string(), "the name of a strategy such as round-robin");
const country = withExpectation(z.string().regex(/^[A-Za-z]{2}$/), "a two-letter country code such as US");

const options = inWords(named(
  "StrategyOptionsInput",
  "Options of a strategy, and of those that it is made of: each takes its own.",
  z.strictObject({
    regions: z.array(country).max(50).describe("geo-targeted, in order").optional(),
    fallback: z.boolean().describe("geo-targeted; true").optional(),
    min_success_rate: share.describe("cost-aware; 0.5").optional(),
    max_cost: z.number().min(0).describe("cost-aware; none").optional(),
    exploration_rate: share.describe("adaptive; 0.02").optional(),
    exploration_count: z.number().int().min(0).max(1000).describe("performance-based; 5").optional(),
    chooser: name.describe("who chooses within").optional(),
    strategies: z.array(name).max(10).describe("composite: filters, chooser").optional(),
  }),
)).describe(
  "geo-targeted: regions (list), fallback; cost-aware: min_success_rate, max_cost; adaptive: exploration_rate; " +
    "performance-based: exploration_count; composite: strategies (list), chooser",
);

/** `set_strategy`: changes how the next proxy is chosen. */
export const action: ActionDefinition = {
  name: "set_strategy",
  position: 110,
  title: "Set the strategy",
  summary: "change how rotate chooses",
  description:
    "Changes the rotation strategy of this process. Names are taken in any case, with `-` or `_`. Counters and " +
    "circuit breakers stay as they are. Options that are not given have their defaults. Those of `composite`, and of " +
    "a strategy that another one uses, stand in the same object.",
  effect: "write",
  idempotent: true,
  openWorld: false,
  published: true,
  input: {
    strategy: name.describe(STRATEGIES.join(", ")),
    options: options.optional(),
  },
  output: {
    success: z.boolean().describe("Always true"),
    previous_strategy: z.string().describe("Strategy before"),
    new_strategy: z.string().describe("Strategy now"),
    message: z.string().describe("The same in words"),
    next_step: nextStep,
  },
  errors: [
    { code: 400, text: "strategy required for set_strategy action", when: "`strategy` is missing" },
    {
      code: 400,
      text: "Unknown strategy: <strategy>",
      when: "there is none of that name; the text lists them",
    },
    {
      code: 400,
      text: 'Unknown option "<option>" of strategy <strategy>: use <options>',
      when: "neither the strategy nor those that it is made of have the option",
    },
  ],
  example: {
    request: {
      action: "set_strategy",
      strategy: "geo-targeted",
      options: { regions: ["DE", "AT"], fallback: false },
    },
    response: {
      success: true,
      previous_strategy: "round-robin",
      new_strategy: "geo-targeted",
      message: "Strategy changed from round-robin to geo-targeted with regions DE, AT, fallback false",
    },
  },
  cli: {
    positionals: ["strategy"],
    help: {
      regions: "geo-targeted: countries in the order of preference",
      fallback: "geo-targeted: others too, when none of these is free; default on",
      min_success_rate: "cost-aware: at least this share of successes; default 0.5",
      max_cost: "cost-aware: at most this cost",
      exploration_rate: "adaptive: share of requests for proxies that are not known yet; default 0.02",
      exploration_count: "performance-based: first tries of a new proxy; default 5",
      chooser: "The strategy that chooses among those that are left",
      strategies: "composite: filters, and at the end a chooser",
    },
    examples: [
      { line: "set-strategy geo-targeted --regions DE --regions AT --no-fallback", says: "with options" },
      { line: "set-strategy least-used", says: "says how to make it last" },
    ],
  },
};
