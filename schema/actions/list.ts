import { z } from "zod";
import type { ActionDefinition } from "../define.ts";
import { BAD_TARGET, count, criteria, healthStatus, nextStep, proxyRow, SUMMARY_EXAMPLE } from "../models.ts";

/** `list`: the proxies and how many are in which health. */
export const action: ActionDefinition = {
  name: "list",
  position: 10,
  title: "List proxies",
  summary: "proxies by page, counts by health",
  description:
    "Lists the proxies in the order in which they were added, page by page. The counts are of all " +
    "proxies that match, not of the page.",
  effect: "read",
  idempotent: true,
  openWorld: false,
  published: true,
  input: {
    criteria: criteria.optional(),
    status: healthStatus.describe("Health to show").optional(),
    limit: z.number().int().min(1).max(1000).describe(
      "At most, 1-1000; default 100",
    )
      .optional(),
    cursor: z.string().min(1).max(256).describe("next_cursor of the page before").optional(),
  },
  output: {
    proxies: z.array(proxyRow).describe("The page"),
    total: count.describe("Proxies that match"),
    healthy: count.describe("Of these, healthy"),
    degraded: count.describe("Of these, degraded"),
    unhealthy: count.describe("Of these, unhealthy"),
    dead: count.describe("Of these, dead"),
    unknown: count.describe("Of these, never tried"),
    next_cursor: z.string().optional().describe("Cursor of the next page; absent on the last"),
    next_step: nextStep,
  },
  errors: [
    BAD_TARGET,
    { code: 400, text: "Invalid cursor: <cursor>", when: "`cursor` is not one that `list` gave" },
  ],
  example: {
    request: { action: "list" },
    response: {
      proxies: [{ ...SUMMARY_EXAMPLE, total_requests: 150, total_successes: 142, total_failures: 8 }],
      total: 1,
      healthy: 1,
      degraded: 0,
      unhealthy: 0,
      dead: 0,
      unknown: 0,
    },
  },
  cli: {
    short: { limit: "n" },
    examples: [
      { line: "list", says: "the first hundred" },
      { line: "list --status healthy", says: "what works" },
      { line: "list --region US -n 10 --json", says: "for a program" },
    ],
  },
};
