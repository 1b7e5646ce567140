/**
 * The program: finds the command, reads its arguments, runs it, and turns what goes wrong into one line on
 * stderr and an exit code.
 *
 * @module
 */
import { redactString } from "../service/boundary.ts";
import { SettingsError } from "../service/setting_value.ts";
import { suggestion } from "../service/suggestion.ts";
import { VERSION } from "../service/version.ts";
import type { CommandSpec } from "./command.ts";
import { COMMANDS, SERVE } from "./commands.ts";
import { CliError, EXIT, type ExitCode, UsageError } from "./exit_codes.ts";
import { commandHelp, PROGRAM, programHelp } from "./help.ts";
import type { CliIo } from "./io.ts";
import { parseArguments, type ParsedArguments } from "./parse_arguments.ts";

/**
 * Runs the program.
 *
 * @param args Without the runtime and the script.
 * @param io The world: `processIo`, or that of a test.
 * @returns The exit code.
 */
export async function main(args: readonly string[], io: CliIo): Promise<ExitCode> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    io.err(`${PROGRAM}: ${redactString(message)}\n`);
    if (error instanceof UsageError || error instanceof SettingsError) {
      io.err(`Try: ${PROGRAM} --help\n`);
      return EXIT.usage;
    }
    return error instanceof CliError ? error.exitCode : EXIT.failed;
  }
}

async function dispatch(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const [first = "", ...rest] = args;
  if (first === "help") return help(rest[0], io);
  if (first === "" || first.startsWith("-")) return await serve(args, io);
  if (first === "serve") return await serve(rest, io);
  const command = findCommand(first);
  const parsed = parseArguments(command, rest);
  if (parsed.isHelpWanted) return show(commandHelp(command), io);
  return await run(command, parsed, io);
}

async function serve(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const misplaced = args.find((argument) => COMMANDS.some((command) => command.name === argument));
  const parsed = parse(SERVE, args, misplaced);
  if (parsed.isHelpWanted) return show(programHelp(SERVE, COMMANDS), io);
  if (parsed.flag("version")) return show(`${PROGRAM} ${VERSION}\n`, io);
  return await run(SERVE, parsed, io);
}

/** `--db pool.db list` is a natural slip: the command comes first. */
function parse(spec: CommandSpec, args: readonly string[], misplaced: string | undefined): ParsedArguments {
  try {
    return parseArguments(spec, args);
  } catch (error) {
    if (misplaced === undefined) throw error;
    throw new UsageError(`Write the command first: ${PROGRAM} ${misplaced} …`);
  }
}

async function run(command: CommandSpec, args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  return await (await command.load())(args, io);
}

function help(name: string | undefined, io: CliIo): ExitCode {
  return show(name === undefined ? programHelp(SERVE, COMMANDS) : commandHelp(findCommand(name)), io);
}

function findCommand(name: string): CommandSpec {
  const command = COMMANDS.find((command) => command.name === name);
  if (command !== undefined) return command;
  const names = COMMANDS.map((command) => command.name);
  throw new UsageError(
    `Unknown command "${name}"${suggestion(name, names)}, allowed: ${names.join(", ")}`,
  );
}

function show(text: string, io: CliIo): ExitCode {
  io.out(text);
  return EXIT.ok;
}
