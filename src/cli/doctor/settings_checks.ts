/** Are the settings as they should be? */
import { SETTINGS } from "../../../gen/settings.ts";
import { fileSystem } from "../../runtime/mod.ts";
import { textsSetting } from "../../service/list_setting.ts";
import type { LoadedSettings } from "../../service/mod.ts";
import { type Checked, fail, ok } from "./check.ts";

/** Everything that is wrong, or where they come from. */
export function checkSettings(
  { origins, settings }: LoadedSettings,
  problems: readonly string[],
): readonly Checked[] {
  if (problems.length > 0) {
    return problems.map((problem) => fail(problem, "See proxywhirl config show, and docs/settings.md."));
  }
  const missing = textsSetting(settings.regionFiles, "region_files").filter((path) =>
    !fileSystem().existsSync(path)
  );
  if (missing.length > 0) {
    return missing.map((path) =>
      fail(`There is no region file "${path}"`, "Fetch one with proxywhirl region-data, or leave it out.")
    );
  }
  const from = [...new Set(origins.values())].join(", ");
  if (from === "") return [ok("All have their defaults")];
  return [ok(`${origins.size} of ${SETTINGS.length} are not the default; they come from ${from}`)];
}
