/** Actions whose engine is not part of this version. They stay out of the published tool. */
import { ActionError } from "../action_error.ts";

/** Answers 501. */
export function notAvailable(action: string, instead: string): Promise<never> {
  return Promise.reject(
    new ActionError(501, `${action} is not available in this version`, { nextStep: instead }),
  );
}
