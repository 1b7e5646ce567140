/** Are the settings as they should be? */
import { SETTINGS } from "../../../gen/settings.ts";
import type { LoadedSettings } from "../../service/mod.ts";
import { type Checked, fail, ok } from "./check.ts";

/** Everything that is wrong, or where they come from. */
export function checkSettings({ origins }: LoadedSettings, problems: readonly string[]): readonly Checked[] {
  if (problems.length > 0) {
    return problems.map((problem) => fail(problem, "See proxywhirl config show, and docs/settings.md."));
  }
  const from = [...new Set(origins.values())].join(", ");
  if (from === "") return [ok("All have their defaults")];
  return [ok(`${origins.size} of ${SETTINGS.length} are not the default; they come from ${from}`)];
}
