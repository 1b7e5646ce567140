/** `set-strategy`: a strategy holds for one process, and a command is one; so it says how to make it last. */
import type { SetStrategyOutput } from "../../../gen/models.ts";
import { plainView } from "./plain_view.ts";
import type { View } from "./view.ts";

/** What was checked, and where to put it. */
export const view: View<SetStrategyOutput> = {
  text: plainView.text,
  remarks({ new_strategy: name }, paint, { options }) {
    const setting = options === undefined ? name : `'${JSON.stringify({ name, options })}'`;
    return paint(
      "yellow",
      `It held for this command only. To keep it, start the server with --strategy ${setting}, or put it into ` +
        `the file of --config as "strategy".`,
    ) + "\n";
  },
};
