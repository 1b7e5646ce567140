/** The world as a command sees it, so that tests can hand in another one. */
import process from "node:process";
import type { Settings } from "../../gen/settings.ts";
import { fileSystem, isTerminal, readEnvironment } from "../runtime/mod.ts";
import type { ProxyWhirlService } from "../service/mod.ts";

/** How {@linkcode Serve} serves. */
export interface ServeOptions {
  /** Settings of the program. */
  readonly settings: Settings;
  /** Called when clients can connect, with the address; not on standard input and output. */
  readonly onListening: (url: string) => void;
  /** Called once before the process exits: writes out what is only in memory. */
  readonly onClose: (reason: string) => Promise<void>;
  /** Hears of what goes wrong on the connection. */
  readonly onError: (error: Error) => void;
}

/**
 * Serves MCP as the settings say until the client goes or the process is told to end; then ends the process. Handed
 * in, because the command line knows nothing of MCP.
 */
export type Serve = (service: ProxyWhirlService, options: ServeOptions) => Promise<void>;

/** The wish of a person to end what is going on. */
export interface Interruption {
  /** Aborts when the wish is there. */
  readonly signal: AbortSignal;
  /** Stops listening: an interruption ends the program again. */
  stop(): void;
}

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
  /** Whether a person sees standard error, and may be shown a bar that moves. */
  readonly showsProgress: boolean;
  /** A signal that aborts when the person interrupts the program, which then does not end by itself. */
  readonly interruption: () => Interruption;
  /** Loads the server for a transport, which no other command or transport pays for. */
  readonly loadServer: (transport: Settings["transport"]) => Promise<Serve>;
}

/**
 * The real world.
 *
 * @param loadServer Loads the server
 */
export function processIo(loadServer: CliIo["loadServer"]): CliIo {
  process.stdout.on("error", endWhenNobodyReads);
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    readStdin: readAllStdin,
    readTextFile: (path) => fileSystem().promises.readFile(path, "utf8"),
    writeTextFile: (path, text) => fileSystem().promises.writeFile(path, text, { mode: 0o600 }),
    readEnvironment,
    isInteractive: isTerminal("stdin"),
    showsProgress: isTerminal("stderr"),
    interruption,
    loadServer,
  };
}

async function readAllStdin(): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of process.stdin) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** `proxywhirl export | head`: the reader has what it wants, which is no error. */
function endWhenNobodyReads(error: Error & { readonly code?: string }): void {
  if (error.code !== "EPIPE") throw error;
}

function interruption(): Interruption {
  const controller = new AbortController();
  const abort = () => controller.abort(new DOMException("Interrupted", "AbortError"));
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const name of signals) process.once(name, abort);
  return {
    signal: controller.signal,
    stop() {
      for (const name of signals) process.off(name, abort);
    },
  };
}
