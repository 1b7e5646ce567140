/** Errors of lists and judges, as actions answer them. Names classes by their codes: who only starts loads none. */
import { ProxyWhirlError } from "../core/errors.ts";
import { ActionError } from "./action_error.ts";

/** The error that a caller gets; errors that are nobody's fault in particular stay as they are. */
export function supplyError(cause: unknown): unknown {
  if (!(cause instanceof ProxyWhirlError)) return cause;
  switch (cause.code) {
    case "JUDGES_UNAVAILABLE":
      return new ActionError(503, cause.message, {
        cause,
        nextStep:
          "No proxy was blamed. Check this machine's connection, or ask the user to configure judges " +
          "(setting validation.judges); the command `judge` runs one.",
      });
    case "UNKNOWN_SOURCE":
      return new ActionError(400, cause.message, {
        cause,
        nextStep: "Leave sources out for the recommended ones.",
      });
    case "INVALID_SOURCE":
      return new ActionError(400, cause.message, { cause });
    default:
      return cause;
  }
}
