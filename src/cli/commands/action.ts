/** Runs the command of an action: reads its input, calls it, shows its output. */
import type { ActionName } from "../../../gen/models.ts";
import type { Settings } from "../../../gen/settings.ts";
import type { CommandSpec as ActionCommandSpec } from "../../contract/spec.ts";
import { CHOOSING, COMMAND_STRATEGY } from "../action_commands.ts";
import { actionInput, inOptions } from "../action_input.ts";
import { callAction } from "../call_action.ts";
import type { CommandRun } from "../command.ts";
import { CliError, EXIT, UsageError } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { progressBar } from "../progress_bar.ts";
import { loadedSettingsOf } from "../setting_options.ts";
import { loadView } from "../views/mod.ts";
import { withPool } from "../with_pool.ts";

/** The longest that a timer can wait, s: at the command line, who has had enough presses Ctrl+C. */
const NO_LIMIT_S = 2_000_000;

/** Does what the action does. */
export function actionRun(action: ActionCommandSpec): CommandRun {
  return async (args, io) => {
    const settings = await commandSettings(action, args, io);
    const view = await loadView(action.action);
    const input = { ...view.input, ...actionInput(action, args) };
    return await withPool(args, io, async (pool) => {
      const output = await watched(action, io, (context) =>
        // The table and the names are of one contract; that of a test has other names.
        callAction(pool, action.action as ActionName, input, context));
      if (args.flag("json")) io.out(JSON.stringify(output, null, 2) + "\n");
      else {
        io.out(view.text(output, io.paint));
        const remarks = view.remarks?.(output, io.paintErr, input) ?? "";
        if (remarks !== "") io.err(remarks);
      }
      return view.exitCode?.(output) ?? (isFailure(output) ? EXIT.failed : EXIT.ok);
    }, { settings, mayBeNew: action.makesPool });
  };
}

/** Those of the arguments; a command of a person waits as long as they do, and may write. */
async function commandSettings(
  action: ActionCommandSpec,
  args: ParsedArguments,
  io: CliIo,
): Promise<Settings> {
  const { origins, settings } = await loadedSettingsOf(args, io, action.options.map(({ name }) => name));
  const isLimited = origins.has("validation.time_limit");
  return {
    ...settings,
    strategy: CHOOSING.includes(action.name) && !origins.has("strategy")
      ? COMMAND_STRATEGY
      : settings.strategy,
    readOnly: settings.readOnly && args.has("read-only"),
    validation: isLimited ? settings.validation : { ...settings.validation, timeLimitS: NO_LIMIT_S },
  };
}

type Watch = Parameters<typeof callAction>[3];

/** With a bar and Ctrl+C for what may take long. */
async function watched<T>(
  action: ActionCommandSpec,
  io: CliIo,
  call: (context: Watch) => Promise<T>,
): Promise<T> {
  if (!action.openWorld) return await call({}).catch((error) => Promise.reject(reworded(error, action)));
  const interruption = io.interruption();
  const bar = progressBar(io);
  try {
    const { signal } = interruption;
    return await call({ signal, ...(bar.report === undefined ? {} : { progress: bar.report }) });
  } catch (error) {
    throw reworded(error, action);
  } finally {
    bar.clear();
    interruption.stop();
  }
}

function reworded(error: unknown, action: ActionCommandSpec): unknown {
  if (!(error instanceof CliError) || error.body.code !== 400) return error;
  return new UsageError(inOptions(error.message, action), {
    ...error.body,
    error: inOptions(error.body.error, action),
  });
}

function isFailure(output: object): boolean {
  return "success" in output && output.success === false;
}
