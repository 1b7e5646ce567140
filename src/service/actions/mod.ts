/** The handlers of all actions, bound to the generated contract: a missing or mistyped one does not compile. */
import type { ActionHandlers } from "../../../gen/handlers.ts";
import type { HandlerContext } from "../handler_context.ts";
import { add } from "./add.ts";
import { checkTarget } from "./check_target.ts";
import { explain } from "./explain.ts";
import { fetch } from "./fetch.ts";
import { health } from "./health.ts";
import { list } from "./list.ts";
import { recommend } from "./recommend.ts";
import { remove } from "./remove.ts";
import { report } from "./report.ts";
import { request } from "./request.ts";
import { resetCb } from "./reset_cb.ts";
import { rotate } from "./rotate.ts";
import { setStrategy } from "./set_strategy.ts";
import { status } from "./status.ts";
import { validate } from "./validate.ts";

/** One handler an action. */
export const HANDLERS: ActionHandlers<HandlerContext> = {
  list,
  rotate,
  status,
  recommend,
  health,
  reset_cb: resetCb,
  add,
  remove,
  fetch,
  validate,
  set_strategy: setStrategy,
  request,
  report,
  explain,
  check_target: checkTarget,
};
