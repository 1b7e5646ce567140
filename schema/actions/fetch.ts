import { z } from "zod";
import { type ActionDefinition, named } from "../define.ts";
import { count, MAX_URL, nextStep, NO_JUDGE } from "../models.ts";

const source = named(
  "SourceResult",
  "What one public list gave.",
  z.object({
    name: z.string().describe("Name of the list"),
    ok: z.boolean().describe("Whether it could be read"),
    count: count.describe("Proxies found in it"),
    error: z.string().nullable().describe("What went wrong; null when nothing did"),
  }),
);

/** `fetch`: fills the pool from public lists. */
export const action: ActionDefinition = {
  name: "fetch",
  position: 90,
  title: "Fetch public proxies",
  summary: "fill the pool from public lists",
  description:
    "Reads public proxy lists side by side, tries the proxies found against judges, and adds those that work, up " +
    "to `max_proxies`. Stops at the time limit (setting `validation.time_limit`) with what it has found. Which " +
    "lists are alive and how many of their proxies worked is remembered, and `recommended` follows it.",
  effect: "write",
  idempotent: false,
  openWorld: true,
  published: true,
  input: {
    sources: z.array(z.string().min(1).max(MAX_URL)).max(64).describe(
      "Names of lists, URLs, a protocol, all or recommended (default)",
    ).optional(),
    max_proxies: z.number().int().min(1).max(100_000).describe("Add at most; default 100").optional(),
    validate: z.boolean().describe("Try each before adding; default true").optional(),
  },
  output: {
    success: z.boolean().describe("Whether any list could be read"),
    fetched: count.describe("Proxies found"),
    added: count.describe("New proxies"),
    duplicates: count.describe("Known already"),
    rejected: count.describe("Not readable, or tried and not working"),
    pool_size: count.describe("Proxies in the pool now"),
    sources: z.array(source).describe("Each list"),
    message: z.string().describe("The same in words"),
    next_step: nextStep,
  },
  errors: [
    { code: 400, text: "Unknown source: <name>", when: "a name in `sources` is not in the catalog" },
    NO_JUDGE,
  ],
  example: {
    request: { action: "fetch", max_proxies: 50 },
    response: {
      success: true,
      fetched: 1200,
      added: 50,
      duplicates: 14,
      rejected: 310,
      pool_size: 60,
      sources: [{ name: "example-http", ok: true, count: 1200, error: null }],
      message: "Fetched 1200 proxies from 1 source; tried 360: 50 work. Added 50",
    },
  },
  cli: {
    positionals: ["sources"],
    help: {
      max_proxies: "Add at most so many; default 100",
      validate: "Try each before it is added; --no-validate takes them as they are",
    },
    short: { max_proxies: "n" },
    settings: [
      "sources.extra",
      "sources.allow_private",
      "validation.judges",
      "validation.concurrency",
      "validation.timeout",
      "region_files",
      "allow_private_targets",
    ],
    makesPool: true,
    examples: [
      { line: "fetch", says: "a hundred that work, from the best lists" },
      { line: "fetch socks5 -n 20", says: "from all lists of one protocol" },
      { line: "fetch https://lists.example/http.txt --no-validate", says: "another list, as it is" },
    ],
  },
};
