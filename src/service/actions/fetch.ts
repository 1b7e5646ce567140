/** `fetch`: not available in this version. */
import type { FetchInput, FetchOutput } from "../../../gen/models.ts";
import { notAvailable } from "./not_available.ts";

/** Answers 501. */
export function fetch(input: FetchInput): Promise<FetchOutput> {
  return notAvailable(
    input.action,
    "Add proxies with the add action, or import a list with the command `import FILE`.",
  );
}
