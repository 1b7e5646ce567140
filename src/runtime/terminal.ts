/** Whether a person sits at the other end of a standard stream. */

import process from "node:process";

/** One of the three standard streams. */
export type StandardStream = "stdin" | "stdout" | "stderr";

/** Whether the stream is a terminal, and not a pipe, a file or a client program. */
export function isTerminal(stream: StandardStream): boolean {
  return process[stream].isTTY === true;
}
