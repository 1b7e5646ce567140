/** Completion scripts, made from the tables of the commands. */
import type { CommandSpec } from "../command.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { powershellScript } from "./powershell.ts";
import { type CommandWords, commandWords } from "./words.ts";
import { zshScript } from "./zsh.ts";

/** A shell that completes. */
export type Shell = "bash" | "zsh" | "fish" | "powershell";

/** The program as a script sees it. */
export interface ProgramWords {
  /** Without a command. */
  readonly root: CommandWords;
  /** With one. */
  readonly commands: readonly CommandWords[];
}

const SCRIPTS: Readonly<Record<Shell, (program: ProgramWords) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
};

/** The script of a shell; `root` is what runs without a command. */
export function completionScript(shell: Shell, commands: readonly CommandSpec[], root: CommandSpec): string {
  return SCRIPTS[shell]({
    root: commandWords(root, ""),
    commands: commands.map((command) => commandWords(command)),
  });
}
