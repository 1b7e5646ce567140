/**
 * `session-persistence`: every request must name a session, and a session keeps its proxy.
 *
 * Keeping it is the rotator's work and happens under every strategy; this one only insists on a session,
 * so that a crawler that forgot to name one is told. Another strategy chooses for a new session.
 */

import { checkOptionNames, type StrategyOptions } from "./options.ts";
import type { Strategy } from "./strategy.ts";

const NAME = "session-persistence";

/** Makes the `session-persistence` strategy. Option: `strategy`, who chooses for new sessions; the rotator resolves it. */
export function sessionPersistenceStrategy(options: StrategyOptions, chooser: Strategy): Strategy {
  checkOptionNames(NAME, options, ["strategy"]);
  return {
    name: NAME,
    className: "SessionPersistenceStrategy",
    requiresSession: true,
    createSelector: () => chooser.createSelector(),
  };
}
