/** `explain`: who can be chosen, and why not the others. */
import type { ExplainOutput } from "../../../gen/models.ts";
import { EXIT } from "../exit_codes.ts";
import { plainView } from "./plain_view.ts";
import type { View } from "./view.ts";

/** As it is; nobody to choose is nothing available. */
export const view: View<ExplainOutput> = {
  text: plainView.text,
  exitCode: ({ eligible }) => eligible === 0 ? EXIT.nothingAvailable : EXIT.ok,
};
