/** Runs a tool on which a script depends. */

import { basename } from "node:path";

/**
 * What a command prints on stdout.
 *
 * @param env Variables beside those of this process.
 * @throws {Error} With the command's own words when it fails.
 */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<string> {
  const process = new Deno.Command(command, {
    args: [...args],
    cwd: options.cwd,
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await process.output();
  const text = new TextDecoder();
  if (!success) {
    throw new Error(`Cannot run "${basename(command)} ${args[0]}": ${text.decode(stderr).trim()}`);
  }
  return text.decode(stdout);
}
