import { z } from "zod";
import { type ActionDefinition, named, secret } from "../define.ts";
import { count, criteria, EXAMPLE_ID, nextStep, session, timeoutS, url, verdict } from "../models.ts";

const attempt = named(
  "RequestAttempt",
  "One try through one proxy.",
  z.object({
    proxy_id: z.string().describe("UUID"),
    verdict: verdict.describe("What happened"),
    latency_ms: z.number().min(0).nullable().describe("Time it took; null when there was no answer"),
    rule: z.string().describe("Verdict rule that decided, or the kind of failure, for example `forbidden`"),
    reason: z.string().describe("The same in a few words"),
  }),
);

const method = named(
  "MethodName",
  "Methods that `request` sends.",
  z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
);

/** `request`: sends an HTTP request through the pool. */
export const action: ActionDefinition = {
  name: "request",
  position: 120,
  title: "Request through the pool",
  summary: "HTTP request through the pool, with failover",
  description:
    "Sends an HTTP request through a proxy of the pool, tries others when one fails, and records how " +
    "each did. A chosen proxy is never bypassed.",
  effect: "use",
  idempotent: false,
  openWorld: true,
  published: true,
  input: {
    url,
    method: method.describe("Default GET")
      .optional(),
    headers: z.record(z.string().min(1).max(256), secret(z.string().max(8192))).refine((fields) =>
      Object.keys(fields).length <= 64
    ).meta({ maxProperties: 64 })
      .describe("Names to values").optional(),
    body: secret(z.string().max(1_048_576).describe("As text")).optional(),
    criteria: criteria.optional(),
    session: session.optional(),
    max_bytes: z.number().int().min(1).max(1_048_576).describe("Of the body; default 20000").optional(),
    format: z.enum(["raw", "text", "markdown"]).describe("Of HTML; default raw")
      .optional(),
    timeout_s: timeoutS.optional(),
  },
  output: {
    status: z.number().int().nullable().describe("HTTP status; null when no attempt got an answer"),
    verdict: verdict.describe("What happened"),
    headers: z.record(z.string(), z.string()).describe(
      "Header fields of the answer, names in lower case; cookies a line each",
    ),
    body: z.string().describe("Body as text, cut at `max_bytes`"),
    truncated: z.boolean().describe("Whether the body was cut"),
    bytes: count.describe("Size of the whole body"),
    proxy_id: z.string().nullable().describe("Proxy that answered; null when none did"),
    attempts: z.array(attempt).describe("Every try, in order"),
    next_step: nextStep,
  },
  errors: [
    { code: 400, text: "url required for request action", when: "`url` is missing" },
    {
      code: 429,
      text: "All matching proxies are paced",
      when: "each has used up its rate; see `retry_after_s`",
    },
    { code: 503, text: "No proxy available", when: "the pool is empty, or no proxy can be selected now" },
    { code: 504, text: "Every attempt failed", when: "no proxy could carry the request" },
    { code: 504, text: "The answer broke off", when: "the connection ended in the middle of the body" },
  ],
  example: {
    request: { action: "request", url: "https://shop.example/item/1" },
    response: {
      status: 200,
      verdict: "ok",
      headers: { "content-type": "text/html" },
      body: "<!doctype html><title>Item 1</title>",
      truncated: false,
      bytes: 36,
      proxy_id: EXAMPLE_ID,
      attempts: [
        { proxy_id: EXAMPLE_ID, verdict: "ok", latency_ms: 320.5, rule: "status", reason: "status 200" },
      ],
    },
  },
  cli: {
    positionals: ["url"],
    help: {
      method: "Method; default GET",
      body: "Body to send",
      format: "HTML as it is, as text or as Markdown; default raw",
      headers: "Header field, also in the form 'Name: value'",
      timeout_s: "Time limit of the whole request",
      max_bytes: "Cut the body here; default all that is allowed",
    },
    settings: [
      "strategy",
      "allow_private_targets",
      "timeout",
      "verify_ssl",
      "follow_redirects",
      "retry_policy.max_attempts",
      "retry_policy.hedge_after",
      "verdict_rules",
    ],
    examples: [
      { line: "request https://shop.example/item/1 > page.html", says: "the body, and nothing else" },
      { line: "request https://shop.example/ --format markdown --region DE", says: "a page to read" },
      {
        line: "request https://api.example/ --method POST --headers 'Content-Type: text/plain' --body hi",
        says: "send something",
      },
    ],
  },
};
