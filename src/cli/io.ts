/** The world as a command sees it, so that tests can hand in another one. */
import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { isTerminal, readEnvironment } from "../runtime/mod.ts";

/** What a command may touch besides the pool. */
export interface CliIo {
  /** Writes to standard output: results, and nothing else. */
  readonly out: (text: string) => void;
  /** Writes to standard error: remarks for a person. */
  readonly err: (text: string) => void;
  /** Reads standard input to its end. */
  readonly readStdin: () => Promise<string>;
  /** Reads a text file. */
  readonly readTextFile: (path: string) => Promise<string>;
  /** Writes a text file that only its owner may read. */
  readonly writeTextFile: (path: string, text: string) => Promise<void>;
  /** Values of those of the named environment variables that are set. */
  readonly readEnvironment: (names: readonly string[]) => Readonly<Record<string, string>>;
  /** Whether a person sits at standard input, which then is no MCP client. */
  readonly isInteractive: boolean;
}

/** The real world. */
export function processIo(): CliIo {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    readStdin: readAllStdin,
    readTextFile: (path) => readFile(path, "utf8"),
    writeTextFile: (path, text) => writeFile(path, text, { mode: 0o600 }),
    readEnvironment,
    isInteractive: isTerminal("stdin"),
  };
}

async function readAllStdin(): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of process.stdin) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
