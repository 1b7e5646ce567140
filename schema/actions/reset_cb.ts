import { z } from "zod";
import type { ActionDefinition } from "../define.ts";
import { anyProxyId, circuitState, EXAMPLE_ID, nextStep } from "../models.ts";

/** `reset_cb`: closes the circuit breaker of a proxy. */
export const action: ActionDefinition = {
  name: "reset_cb",
  position: 60,
  title: "Reset circuit breaker",
  summary: "close a proxy's circuit breaker",
  description: "Closes a proxy's circuit breaker, so that it can be selected again at once.",
  effect: "write",
  idempotent: true,
  openWorld: false,
  published: true,
  input: { proxy_id: anyProxyId },
  output: {
    success: z.boolean().describe("Always true"),
    proxy_id: z.string().describe("UUID"),
    previous_state: circuitState.describe("State before"),
    new_state: circuitState.describe("State now: closed"),
    message: z.string().describe("The same in words"),
    next_step: nextStep,
  },
  errors: [
    { code: 400, text: "proxy_id required for reset_cb action", when: "`proxy_id` is missing" },
    { code: 404, text: "Proxy not found: <proxy_id>", when: "no proxy has this id" },
  ],
  example: {
    request: { action: "reset_cb", proxy_id: EXAMPLE_ID },
    response: {
      success: true,
      proxy_id: EXAMPLE_ID,
      previous_state: "open",
      new_state: "closed",
      message: `Circuit breaker reset successfully for proxy ${EXAMPLE_ID}`,
    },
  },
  cli: { positionals: ["proxy_id"] },
};
