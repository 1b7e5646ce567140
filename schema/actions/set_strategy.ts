import { z } from "zod";
import { type ActionDefinition, withExpectation } from "../define.ts";
import { nextStep, STRATEGIES } from "../models.ts";

/** `set_strategy`: changes how the next proxy is chosen. */
export const action: ActionDefinition = {
  name: "set_strategy",
  position: 110,
  title: "Set the strategy",
  summary: "change how rotate chooses",
  description:
    "Changes the rotation strategy. Names are taken in any case, with `-` or `_`. Counters and circuit " +
    "breakers stay as they are.",
  effect: "write",
  idempotent: true,
  openWorld: false,
  published: true,
  input: {
    strategy: withExpectation(
      z.string().max(64).regex(/^[A-Za-z][A-Za-z_-]*$/).describe(`One of ${STRATEGIES.join(", ")}`),
      "the name of a strategy such as round-robin",
    ),
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
  ],
  example: {
    request: { action: "set_strategy", strategy: "least-used" },
    response: {
      success: true,
      previous_strategy: "round-robin",
      new_strategy: "least-used",
      message: "Strategy changed from round-robin to least-used",
    },
  },
  cli: { positionals: ["strategy"] },
};
