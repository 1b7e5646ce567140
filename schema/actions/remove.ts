import { z } from "zod";
import type { ActionDefinition } from "../define.ts";
import { count, EXAMPLE_ID, nextStep, proxyId } from "../models.ts";

/** `remove`: takes a proxy out of the pool. */
export const action: ActionDefinition = {
  name: "remove",
  position: 80,
  title: "Remove a proxy",
  summary: "delete a proxy and its history",
  description: "Removes a proxy from the pool and from disk, with its counters.",
  effect: "destructive",
  idempotent: true,
  openWorld: false,
  published: true,
  input: { proxy_id: proxyId },
  output: {
    success: z.boolean().describe("Whether it was removed; false when the user was asked and did not agree"),
    proxy_id: z.string().describe("UUID"),
    message: z.string().describe("The same in words"),
    pool_size: count.describe("Proxies in the pool now"),
    next_step: nextStep,
  },
  errors: [
    { code: 400, text: "proxy_id required for remove action", when: "`proxy_id` is missing" },
    { code: 400, text: "Invalid proxy_id format: <proxy_id>", when: "`proxy_id` is not a UUID" },
    { code: 404, text: "Proxy not found: <proxy_id>", when: "no proxy has this id" },
  ],
  example: {
    request: { action: "remove", proxy_id: EXAMPLE_ID },
    response: {
      success: true,
      proxy_id: EXAMPLE_ID,
      message: `Proxy ${EXAMPLE_ID} removed successfully`,
      pool_size: 9,
    },
  },
  cli: { positionals: ["proxy_id"] },
};
