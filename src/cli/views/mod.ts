/** Which action is shown how. An action without a view of its own is shown as it is. */
import type { ActionName, ActionOutputs } from "../../../gen/models.ts";
import { plainView } from "./plain_view.ts";
import type { View } from "./view.ts";

type Views = { readonly [Name in ActionName]?: () => Promise<View<ActionOutputs[Name]>> };

const VIEWS: Views = {
  list: async () => (await import("./list.ts")).view,
  health: async () => (await import("./health.ts")).view,
  rotate: async () => (await import("./rotate.ts")).view,
  request: async () => (await import("./request.ts")).view,
  explain: async () => (await import("./explain.ts")).view,
  fetch: async () => (await import("./fetch.ts")).view,
  check_target: async () => (await import("./check_target.ts")).view,
  set_strategy: async () => (await import("./set_strategy.ts")).view,
};

/** The view of an action. */
export async function loadView(action: string): Promise<View> {
  const load = Object.hasOwn(VIEWS, action) ? VIEWS[action as ActionName] : undefined;
  // The key chooses the view that fits the output of the same action; the compiler cannot see that.
  return load === undefined ? plainView : await load() as View;
}
