/** The help of the program and of every command, one after the other. */
import { COMMANDS } from "../../src/cli/commands.ts";
import { commandHelp, programHelp } from "../../src/cli/help.ts";

/** Makes the text. */
export function cliHelp(): string {
  const parts = [
    ["proxywhirl --help", programHelp()],
    ...COMMANDS.map((command) => [`proxywhirl ${command.name} --help`, commandHelp(command)]),
  ];
  return parts.map(([line, text]) => `$ ${line}\n\n${text}\n`).join("");
}
