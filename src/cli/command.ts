/** What a command of the program is: data for the parser and for `--help`, and a function loaded when it runs. */
import type { CliIo } from "./io.ts";
import type { ParsedArguments } from "./parse_arguments.ts";
import type { ExitCode } from "./exit_codes.ts";

/** One `--option`. */
export interface OptionSpec {
  /** Without the dashes, for example `log-level`. */
  readonly name: string;
  /** One letter, without the dash. */
  readonly short?: string;
  /** A `boolean` takes no value (and may be negated: `--no-…`), the others take one. */
  readonly type: "boolean" | "string" | "integer" | "number";
  /** What the value is called in `--help`. @default {"VALUE"} */
  readonly placeholder?: string;
  /** The values allowed, if they can be listed; compared without regard to case. */
  readonly values?: readonly string[];
  /** May be given more than once. */
  readonly isRepeatable?: boolean;
  /** The command cannot do without it. */
  readonly isRequired?: boolean;
  /** Taken, but not shown: `--help` would be too long. */
  readonly isHidden?: boolean;
  /** Smallest number allowed. */
  readonly minimum?: number;
  /** Largest number allowed. */
  readonly maximum?: number;
  /** One line for `--help`. */
  readonly help: string;
  /** Shown in `--help`; applied by whoever uses the value. */
  readonly defaultText?: string;
}

/** One positional argument. */
export interface ArgumentSpec {
  /** What it is called in `--help`, for example `FILE`. */
  readonly name: string;
  /** One line for `--help`. */
  readonly help: string;
  /** Takes all that follow; must be the last. */
  readonly isVariadic?: boolean;
  /** May be left out. */
  readonly isOptional?: boolean;
  /** The values allowed, if they can be listed. */
  readonly values?: readonly string[];
  /** The option that says the same, and may stand in its place. */
  readonly option?: string;
}

/** What a command is about; `--help` shows the commands of a group together. */
export type CommandGroup = "pool" | "lists" | "setup";

/** A command, or the program itself (with an empty name). */
export interface CommandSpec {
  /** For example `import`; empty for the program without a command. */
  readonly name: string;
  /** Where the list of commands shows it. */
  readonly group: CommandGroup;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Further paragraphs for `--help` of the command. */
  readonly details?: readonly string[];
  /** Positional arguments. */
  readonly arguments: readonly ArgumentSpec[];
  /** Options, without `--help`, which every command has. */
  readonly options: readonly OptionSpec[];
  /** Command lines for `--help`, without the program's name. */
  readonly examples: readonly { readonly line: string; readonly says: string }[];
  /** Loads what the command needs, which the other commands then do not pay for. */
  readonly load: () => Promise<CommandRun>;
}

/** Does the work of a command. */
export type CommandRun = (args: ParsedArguments, io: CliIo) => Promise<ExitCode>;
