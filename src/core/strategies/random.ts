/** `random`: each eligible proxy with the same probability. One draw, whatever the size of the pool. */

import { drawUniform, type Strategy } from "./strategy.ts";

/** The `random` strategy. */
export const randomStrategy: Strategy = {
  name: "random",
  className: "RandomStrategy",
  createSelector: () => ({ select: drawUniform }),
};
