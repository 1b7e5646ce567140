/** `check_target`: not available in this version. */
import type { CheckTargetInput, CheckTargetOutput } from "../../../gen/models.ts";
import { notAvailable } from "./not_available.ts";

/** Answers 501. */
export function checkTarget(input: CheckTargetInput): Promise<CheckTargetOutput> {
  return notAvailable(
    input.action,
    "Use proxies on the target through rotate and tell with report how each did.",
  );
}
