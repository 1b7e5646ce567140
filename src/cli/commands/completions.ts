/** `completions`: scripts for shells, made from the tables of the commands. */
import { COMMANDS } from "../commands.ts";
import { completionScript, type Shell } from "../completion/mod.ts";
import { EXIT, type ExitCode } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { SERVE } from "../serve_command.ts";

/** Writes the script of a shell. */
export function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  // The parser has let only the shells through that there are.
  const shell = args.positionals[0] as Shell;
  io.out(completionScript(shell, COMMANDS, SERVE));
  return Promise.resolve(EXIT.ok);
}
