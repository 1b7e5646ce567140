/** `set_strategy`: changes how the next proxy is chosen. */
import type { SetStrategyInput, SetStrategyOutput, StrategyOptionsInput } from "../../../gen/models.ts";
import { type Strategy, UnknownStrategyError } from "../../core/mod.ts";
import { ActionError } from "../action_error.ts";
import type { HandlerContext } from "../handler_context.ts";
import { toStrategySpec } from "../strategy_spec.ts";

/** Changes the strategy of this process. */
export function setStrategy(input: SetStrategyInput, context: HandlerContext): Promise<SetStrategyOutput> {
  const { previous, current } = change(input, context);
  const words = wordsOf(input.options);
  const nextStep = nextStepOf(current, input.options);
  return Promise.resolve({
    success: true,
    previous_strategy: previous.name,
    new_strategy: current.name,
    message: previous.name === current.name
      ? `Strategy is ${current.name} ${words === "" ? "already" : `still, now${words}`}`
      : `Strategy changed from ${previous.name} to ${current.name}${words}`,
    ...(nextStep === undefined ? {} : { next_step: nextStep }),
  });
}

function change(
  { strategy, options }: SetStrategyInput,
  { rotator }: HandlerContext,
): { readonly previous: Strategy; readonly current: Strategy } {
  try {
    return rotator.setStrategy(toStrategySpec(strategy, options));
  } catch (cause) {
    if (cause instanceof UnknownStrategyError) {
      throw new ActionError(400, cause.message.replace(/^Unknown strategy "(.*?)"/, "Unknown strategy: $1"), {
        cause,
      });
    }
    if (cause instanceof RangeError) throw new ActionError(400, cause.message, { cause });
    throw cause;
  }
}

/** ` with regions DE, AT, fallback false`, or nothing. */
function wordsOf(options: StrategyOptionsInput = {}): string {
  const words = Object.entries(options).map(([name, value]) =>
    `${name} ${Array.isArray(value) ? value.join(", ") : value}`
  );
  return words.length === 0 ? "" : ` with ${words.join(", ")}`;
}

function nextStepOf(strategy: Strategy, options: StrategyOptionsInput = {}): string | undefined {
  if (strategy.requiresSession === true) {
    return "Pass a session name with every rotate: this strategy wants one.";
  }
  if (strategy.name === "geo-targeted" && options.regions === undefined) {
    return "No country is preferred yet: call set_strategy again with options.regions.";
  }
  return undefined;
}
