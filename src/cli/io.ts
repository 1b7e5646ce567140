/** The world as a command sees it, so that tests can hand in another one. */
import { readFile } from "node:fs/promises";
import process from "node:process";

/** What a command may touch besides the pool. */
export interface CliIo {
  /** Writes to standard output: results, and nothing else. */
  readonly out: (text: string) => void;
  /** Writes to standard error: remarks for a person. */
  readonly err: (text: string) => void;
  /** Reads standard input to its end. */
  readonly readStdin: () => Promise<string>;
  /** Reads a text file. */
  readonly readFile: (path: string) => Promise<string>;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person looks at standard input, which then is no MCP client. */
  readonly isInteractive: boolean;
}

/** The real world. */
export function processIo(): CliIo {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    readStdin: readAllStdin,
    readFile: (path) => readFile(path, "utf8"),
    env: process.env,
    isInteractive: process.stdin.isTTY === true,
  };
}

async function readAllStdin(): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return new TextDecoder().decode(await new Blob(chunks as BlobPart[]).arrayBuffer());
}
