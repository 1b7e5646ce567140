import { z } from "zod";
import { type ActionDefinition, named } from "../define.ts";
import { BAD_TARGET, EXAMPLE_ID, healthStatus, nextStep, proxyId, target } from "../models.ts";

const outcome = named("OutcomeName", "Outcomes that can be reported.", z.enum(["ok", "blocked", "dead"]));

/** `report`: tells how a request through a proxy went. */
export const action: ActionDefinition = {
  name: "report",
  position: 130,
  title: "Report an outcome",
  summary: "say how a leased proxy did",
  description:
    "Tells how a request through a proxy went, so that the pool learns: by the `lease_id` of `rotate`, or " +
    "by `proxy_id` and `target`. `blocked` is the site refusing the proxy, `dead` the proxy failing.",
  effect: "write",
  idempotent: false,
  openWorld: false,
  published: true,
  input: {
    lease_id: z.string().min(1).max(128).describe("Lease, as in rotate").optional(),
    proxy_id: proxyId.optional(),
    target: target.optional(),
    outcome: outcome.describe("blocked: site refused; dead: proxy failed"),
    latency_ms: z.number().min(0).max(3_600_000).describe("Of the request").optional(),
    status_code: z.number().int().min(100).max(599).describe("HTTP status").optional(),
  },
  rules: [{ anyOf: [["lease_id"], ["proxy_id", "target"]] }],
  output: {
    success: z.boolean().describe("Always true"),
    proxy_id: z.string().describe("UUID"),
    status: healthStatus.describe("Health of the proxy now"),
    message: z.string().describe("The same in words"),
    next_step: nextStep,
  },
  errors: [
    BAD_TARGET,
    {
      code: 400,
      text: "lease_id, or proxy_id and target, required for report action",
      when: "neither is complete",
    },
    { code: 404, text: "Lease not found: <lease_id>", when: "it never existed, ended or expired" },
    { code: 404, text: "Proxy not found: <proxy_id>", when: "no proxy has this id" },
    {
      code: 409,
      text: "Lease <lease_id> is not of proxy <proxy_id>",
      when: "both are given and do not agree",
    },
  ],
  example: {
    request: {
      action: "report",
      lease_id: "3f2b8c1e-7a54-4d0e-9b6a-1c9d5e8f7a20",
      outcome: "ok",
      latency_ms: 118.4,
      status_code: 200,
    },
    response: {
      success: true,
      proxy_id: EXAMPLE_ID,
      status: "healthy",
      message: `Outcome ok recorded for proxy ${EXAMPLE_ID}`,
    },
  },
  cli: {
    examples: [{
      line: "report --proxy-id 550e8400-e29b-41d4-a716-446655440000 --target shop.example --outcome blocked",
      says: "a site refused it",
    }],
  },
};
