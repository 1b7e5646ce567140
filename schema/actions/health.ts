import type { ActionDefinition } from "../define.ts";
import { HEALTH_EXAMPLE, poolHealth } from "../models.ts";

/** `health`: overview of the pool. */
export const action: ActionDefinition = {
  name: "health",
  position: 50,
  title: "Pool health",
  summary: "pool overview",
  description:
    "Shows how many proxies are in which health, the success rate and the latency of the whole pool. " +
    "Needs no API key.",
  effect: "read",
  idempotent: true,
  openWorld: false,
  published: true,
  requiresKey: false,
  input: {},
  output: poolHealth,
  errors: [],
  example: { request: { action: "health" }, response: HEALTH_EXAMPLE },
};
