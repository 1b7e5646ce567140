/** All commands of the program: those made from actions, and those written by hand. */
import { COMMANDS as ACTIONS } from "../../gen/cli.ts";
import type { ActionName } from "../../gen/models.ts";
import { actionCommand } from "./action_commands.ts";
import type { CommandGroup, CommandSpec } from "./command.ts";
import { CRITERIA_OPTIONS } from "./criteria_options.ts";
import { LIST_COMMANDS } from "./list_commands.ts";
import { SERVE } from "./serve_command.ts";
import { SETUP_COMMANDS } from "./setup_commands.ts";

/** Where a command can do more than the action of its name. */
const MORE: { readonly [Name in ActionName]?: (command: CommandSpec) => CommandSpec } = {
  validate: (command) => ({
    ...command,
    details: [
      "Sends a small request through each proxy to judges, many at once. What that shows is kept: whether it works, " +
      "how fast, where it leaves from, and as tags what it tells of its user (transparent, anonymous, elite) and " +
      "whether it reaches https sites (https). Proxies never tried come first, then those tried longest ago. " +
      "There is no time limit: Ctrl+C ends it and keeps what was found.",
    ],
    arguments: [{
      name: "ID",
      help: "Proxies; all that match when left out",
      isVariadic: true,
      isOptional: true,
    }],
    options: [
      ...CRITERIA_OPTIONS.filter(({ name }) => name === "status"),
      ...command.options.filter(({ name }) => name !== "proxy-id").map((option) => {
        if (option.name !== "limit") return option;
        return { ...option, maximum: Infinity, help: "At most so many", defaultText: "all" };
      }),
    ],
    load: async () => (await import("./commands/validate.ts")).run,
  }),
  fetch: (command) => ({
    ...command,
    details: [
      "Reads public proxy lists side by side, tries what is new against judges, and adds what works. There is no " +
      "time limit: Ctrl+C ends it and keeps what was found. The database is made when there is none.",
    ],
  }),
};

/** The commands of these actions. */
export function actionCommands(actions: typeof ACTIONS = ACTIONS): readonly CommandSpec[] {
  return actions.map((action) => {
    const command = actionCommand(action);
    return MORE[action.action]?.(command) ?? command;
  });
}

/** What `--help` calls the groups, in its order. */
export const GROUPS: Readonly<Record<CommandGroup, string>> = {
  pool: "The pool",
  lists: "Lists",
  setup: "Set-up",
};

/** All commands, in the order of `--help`. */
export const COMMANDS: readonly CommandSpec[] = [
  ...actionCommands(),
  ...LIST_COMMANDS,
  SERVE,
  ...SETUP_COMMANDS,
];
