/** `validate`: not available in this version. */
import type { ValidateInput, ValidateOutput } from "../../../gen/models.ts";
import { notAvailable } from "./not_available.ts";

/** Answers 501. */
export function validate(input: ValidateInput): Promise<ValidateOutput> {
  return notAvailable(
    input.action,
    "Use proxies through rotate and tell with report how each did.",
  );
}
