/** What can be completed where: the tables of the commands, as a completion script wants them. */
import type { CommandSpec, OptionSpec } from "../command.ts";

/** An option on the command line. */
export interface OptionWords {
  /** `--db`. */
  readonly long: string;
  /** `-f`. */
  readonly short: string | undefined;
  /** Whether a value follows. */
  readonly takesValue: boolean;
  /** Values to choose from. */
  readonly values: readonly string[];
  /** Whether the value is the path of a file or folder. */
  readonly isPath: boolean;
  /** One line. */
  readonly help: string;
}

/** A command with all that can follow it. */
export interface CommandWords {
  /** Its name; empty for the program without a command. */
  readonly name: string;
  /** One line. */
  readonly help: string;
  /** Options, `--help` among them. */
  readonly options: readonly OptionWords[];
  /** Values of the positional argument. */
  readonly values: readonly string[];
  /** Whether a positional argument is a path. */
  readonly takesPaths: boolean;
}

const PATHS: readonly string[] = ["FILE", "DIR", "PATH", "PATHS", "FILES"];
const HELP: OptionSpec = { name: "help", short: "h", type: "boolean", help: "Show this help" };

/** The words of a command. */
export function commandWords(command: CommandSpec, name: string = command.name): CommandWords {
  return {
    name,
    help: command.summary,
    options: [...command.options.filter(({ isHidden }) => isHidden !== true), HELP].flatMap(optionWords),
    values: command.arguments[0]?.values ?? [],
    takesPaths: command.arguments.some((argument) => PATHS.includes(argument.name)),
  };
}

/** An option that is on by default is worth completing only in its negative form. */
function optionWords(option: OptionSpec): readonly OptionWords[] {
  const { help, name, placeholder = "", short, type, values = [] } = option;
  const takesValue = type !== "boolean";
  const words: OptionWords = {
    long: `--${name}`,
    short: short === undefined ? undefined : `-${short}`,
    takesValue,
    values,
    isPath: takesValue && PATHS.includes(placeholder),
    help,
  };
  if (takesValue || option.defaultText !== "on") return [words];
  return [words, { ...words, long: `--no-${name}`, short: undefined, help: `Not: ${help}` }];
}
