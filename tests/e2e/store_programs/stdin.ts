/** Waiting for a word from the test that started the program. */

import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";

/** The next line on stdin. */
export async function nextLine(): Promise<string> {
  const lines = createInterface(process.stdin);
  const [line] = await once(lines, "line");
  lines.close();
  return String(line);
}
