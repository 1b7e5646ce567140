/**
 * The program: finds the command, reads its arguments, runs it, and turns what goes wrong into one line on
 * stderr and an exit code.
 *
 * A client that starts the server waits for it, so the table of all commands is loaded only for another command,
 * for help, and when the command line is wrong.
 *
 * @module
 */
import { redactString } from "../service/boundary.ts";
import { SettingsError } from "../service/setting_value.ts";
import { suggestion } from "../service/suggestion.ts";
import { VERSION } from "../service/version.ts";
import type { CommandSpec } from "./command.ts";
import { CliError, EXIT, type ExitCode, UsageError } from "./exit_codes.ts";
import type { CliIo } from "./io.ts";
import { parseArguments, type ParsedArguments } from "./parse_arguments.ts";
import { SERVE } from "./serve_command.ts";
import { printable } from "./table.ts";

/** Name of the program. */
const PROGRAM = "proxywhirl";

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
    const message = redactString(error instanceof Error ? error.message : String(error));
    io.err(`${io.paintErr("red", `${PROGRAM}:`)} ${message.split("\n").map(printable).join("\n")}\n`);
    if (error instanceof UsageError || error instanceof SettingsError) {
      io.err(`${io.paintErr("dim", `Try: ${PROGRAM} ${await helpFor(args)}--help`)}\n`);
      return EXIT.usage;
    }
    return error instanceof CliError ? error.exitCode : EXIT.failed;
  }
}

async function dispatch(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const [first = "", ...rest] = args;
  if (first === "help") return await help(rest[0], io);
  if (first === "" || first.startsWith("-")) return await serve(args, io);
  const command = first === SERVE.name ? SERVE : await findCommand(first);
  const parsed = parseArguments(command, rest);
  if (parsed.isHelpWanted) return await help(command.name, io);
  return await run(command, parsed, io);
}

/** The program without a command. */
async function serve(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const parsed = await parse(args);
  if (parsed.isHelpWanted) return await help(undefined, io);
  return await run(SERVE, parsed, io);
}

/** `--db pool.db list` is a natural slip: the command comes first. */
async function parse(args: readonly string[]): Promise<ParsedArguments> {
  try {
    return parseArguments({ ...SERVE, name: "" }, args);
  } catch (error) {
    const { COMMANDS } = await import("./commands.ts");
    const misplaced = args.find((argument) => COMMANDS.some((command) => command.name === argument));
    if (misplaced === undefined) throw error;
    throw new UsageError(`Write the command first: ${PROGRAM} ${misplaced} …`);
  }
}

async function run(command: CommandSpec, args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  if (args.flag("version")) return show(`${PROGRAM} ${VERSION}\n`, io);
  try {
    return await (await command.load())(args, io);
  } catch (error) {
    if (args.flag("json")) io.out(JSON.stringify(jsonError(error), null, 2) + "\n");
    throw error;
  }
}

/** A program that asked for JSON gets JSON. */
function jsonError(error: unknown): object {
  const message = error instanceof Error ? error.message : String(error);
  const body = error instanceof CliError
    ? error.body
    : { error: message, code: error instanceof SettingsError ? 400 : 500 };
  return { ...body, error: redactString(body.error) };
}

async function help(name: string | undefined, io: CliIo): Promise<ExitCode> {
  const { commandHelp, programHelp } = await import("./help.ts");
  if (name === undefined) return show(programHelp(), io);
  return show(commandHelp(await findCommand(name)), io);
}

async function findCommand(name: string): Promise<CommandSpec> {
  const { COMMANDS } = await import("./commands.ts");
  // Names of actions are taken as they stand in the protocol, too.
  const command = COMMANDS.find((command) => command.name === name.replaceAll("_", "-"));
  if (command !== undefined) return command;
  const names = COMMANDS.map((command) => command.name);
  throw new UsageError(
    `Unknown command "${name}"${suggestion(name, names)}, allowed: ${names.join(", ")}`,
  );
}

/** The command whose help would help; that of the program when there is no such command. */
async function helpFor([first = ""]: readonly string[]): Promise<string> {
  const command = await findCommand(first).catch(() => undefined);
  return command === undefined ? "" : `${command.name} `;
}

function show(text: string, io: CliIo): ExitCode {
  io.out(text);
  return EXIT.ok;
}
