/**
 * A simulated world to try strategies in: the real rotator, in simulated time.
 *
 * @example How much does pacing save where use burns proxies?
 * ```ts
 * import { simulate } from "@proxywhirl/mcp/simulation";
 * import assert from "node:assert/strict";
 *
 * const world = { seed: 7, requests: 3000, sites: [{ name: "shop.example", banAbovePerMinute: 20 }] };
 * const unpaced = simulate({ ...world, strategy: "adaptive" });
 * const paced = simulate({ ...world, strategy: "adaptive", pacing: "15/min" });
 *
 * assert.equal(paced.bans, 0);
 * assert.ok(unpaced.bans > 100);
 * ```
 *
 * @module
 */

export type * from "../core/mod.ts";
export { simulate, type SimulationOptions, type SimulationResult } from "./simulate.ts";
export { seededRandom } from "./seeded_random.ts";
export { type SiteOptions, World, type WorldOptions, type WorldOutcome } from "./world.ts";
export { type NamedWorld, worldNamed, WORLDS } from "./worlds.ts";
