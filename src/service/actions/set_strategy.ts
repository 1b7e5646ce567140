/** `set_strategy`: changes how the next proxy is chosen. */
import type { SetStrategyInput, SetStrategyOutput } from "../../../gen/models.ts";
import { UnknownStrategyError } from "../../core/mod.ts";
import { ActionError } from "../action_error.ts";
import type { HandlerContext } from "../handler_context.ts";

/** Changes the strategy of this process. */
export function setStrategy(input: SetStrategyInput, context: HandlerContext): Promise<SetStrategyOutput> {
  const { previous, current } = change(input.strategy, context);
  return Promise.resolve({
    success: true,
    previous_strategy: previous,
    new_strategy: current,
    message: previous === current
      ? `Strategy is ${current} already`
      : `Strategy changed from ${previous} to ${current}`,
  });
}

function change(name: string, { rotator }: HandlerContext): { previous: string; current: string } {
  try {
    const { previous, current } = rotator.setStrategy(name);
    return { previous: previous.name, current: current.name };
  } catch (cause) {
    if (cause instanceof UnknownStrategyError) {
      throw new ActionError(400, cause.message.replace(/^Unknown strategy "(.*?)"/, "Unknown strategy: $1"), {
        cause,
      });
    }
    throw cause;
  }
}
