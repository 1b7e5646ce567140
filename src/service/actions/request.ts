/** `request`: not available in this version. */
import type { RequestInput, RequestOutput } from "../../../gen/models.ts";
import { notAvailable } from "./not_available.ts";

/** Answers 501. */
export function request(input: RequestInput): Promise<RequestOutput> {
  return notAvailable(
    input.action,
    "Call rotate, use the proxy yourself, and tell with report how it went.",
  );
}
