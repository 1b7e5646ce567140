import { z } from "zod";
import { type ActionDefinition, named, secret } from "../define.ts";
import { count, EXAMPLE_ID, MAX_URL, nextStep, proxySummary, region } from "../models.ts";

const rejected = named(
  "RejectedInput",
  "An entry that was not taken.",
  z.object({
    input: z.string().describe("The entry, shortened, without credentials"),
    reason: z.string().describe("What is wrong with it"),
  }),
);

/** `add`: puts proxies into the pool. */
export const action: ActionDefinition = {
  name: "add",
  position: 70,
  title: "Add proxies",
  summary: "put proxies into the pool",
  description:
    "Adds one proxy or many to the pool and keeps them on disk. A bad entry stops nothing: it is listed " +
    "with its reason. Adding a known proxy again updates its region and tags and keeps its id. Proxies on private " +
    "addresses are refused unless the server allows them.",
  effect: "write",
  idempotent: true,
  openWorld: false,
  published: true,
  input: {
    proxy_url: secret(z.string().min(1).max(MAX_URL).describe("host:port, URL or host:port:user:password"))
      .optional(),
    proxy_urls: z.array(secret(z.string().max(MAX_URL))).max(10_000).describe("The same for up to 10000")
      .optional(),
    region: region.optional(),
    tags: z.array(z.string().min(1).max(64)).max(32).describe("Labels").optional(),
  },
  rules: [{ anyOf: [["proxy_url"], ["proxy_urls"]] }, { atMostOne: ["proxy_url", "proxy_urls"] }],
  output: {
    success: z.boolean().describe("Whether every entry is in the pool now"),
    added: count.describe("New proxies"),
    duplicates: count.describe("Entries that were there already, or given twice"),
    rejected: z.array(rejected).describe("Entries not taken, at most 100"),
    proxy: proxySummary.optional().describe("The proxy, when `proxy_url` was given"),
    pool_size: count.describe("Proxies in the pool now"),
    message: z.string().optional().describe("The same in words"),
    next_step: nextStep,
  },
  errors: [
    { code: 400, text: "proxy_url or proxy_urls required for add action", when: "neither is given" },
    { code: 400, text: "Invalid proxy URL: <reason>", when: "`proxy_url` cannot be read" },
  ],
  example: {
    request: { action: "add", proxy_url: "http://proxy1.example.com:8080", region: "US" },
    response: {
      success: true,
      added: 1,
      duplicates: 0,
      rejected: [],
      proxy: {
        id: EXAMPLE_ID,
        url: "http://proxy1.example.com:8080",
        status: "unknown",
        success_rate: 0,
        avg_latency_ms: 0,
        region: "US",
      },
      pool_size: 1,
    },
  },
  cli: {
    positionals: ["proxy_urls"],
    help: {
      proxy_urls: "Proxies: host:port, URLs or host:port:user:password",
      proxy_url: "The same for one",
      tags: "Label of all of them",
      region: "Country of all of them, for example US",
    },
    settings: ["allow_private_targets"],
    makesPool: true,
    examples: [{
      line: "add 203.0.113.7:8080 socks5://203.0.113.8:1080 --tags mine",
      says: "several at once",
    }],
  },
};
