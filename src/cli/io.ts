/** The world as a command sees it, so that tests can hand in another one. */
import process from "node:process";
import type { Settings } from "../../gen/settings.ts";
import {
  environmentNames,
  fileSystem,
  isTerminal,
  readEnvironment,
  type StandardStream,
} from "../runtime/mod.ts";
import type { ProxyWhirlService } from "../service/mod.ts";
import { MAX_LIST_BYTES, tooLarge } from "./lists/list_text.ts";
import { COLOUR_VARIABLES, coloured, type Paint, plain, wantsColours } from "./paint.ts";

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
  readonly readStdin: () => Promise<Uint8Array>;
  /** Reads a text file. */
  readonly readTextFile: (path: string) => Promise<string>;
  /** Reads a list, whatever it is written in; fails when it is too large for one. */
  readonly readBytes: (path: string) => Promise<Uint8Array>;
  /** Writes a text file that only its owner may read. */
  readonly writeTextFile: (path: string, text: string) => Promise<void>;
  /** Values of those of the named environment variables that are set. */
  readonly readEnvironment: (names: readonly string[]) => Readonly<Record<string, string>>;
  /** Names of the environment variables that begin so, as far as they may be known. */
  readonly environmentNames: (prefix: string) => readonly string[];
  /** Colours of standard output, where somebody sees them. */
  readonly paint: Paint;
  /** The same for standard error. */
  readonly paintErr: Paint;
  /** Width of the terminal at standard error, characters. */
  readonly columns: number;
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
    readStdin: () => readAll(process.stdin),
    readTextFile: (path) => fileSystem().promises.readFile(path, "utf8"),
    readBytes: (path) => readAll(fileSystem().createReadStream(path)),
    writeTextFile: (path, text) => fileSystem().promises.writeFile(path, text, { mode: 0o600 }),
    readEnvironment,
    environmentNames,
    paint: paintFor("stdout"),
    paintErr: paintFor("stderr"),
    columns: process.stderr.columns ?? 80,
    isInteractive: isTerminal("stdin"),
    showsProgress: isTerminal("stderr"),
    interruption,
    loadServer,
  };
}

function paintFor(stream: StandardStream): Paint {
  return wantsColours(readEnvironment(COLOUR_VARIABLES), isTerminal(stream)) ? coloured : plain;
}

/** Piece by piece, since a device or a pipe does not tell its size. */
async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of stream) {
    size += piece.length;
    if (size > MAX_LIST_BYTES) throw tooLarge();
    pieces.push(piece);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
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
