/** Runs the program in this process with its input and output caught. */
import { readFile, writeFile } from "node:fs/promises";
import { main } from "../../../src/cli/main.ts";
import type { CliIo, Serve } from "../../../src/cli/io.ts";
import { coloured, plain } from "../../../src/cli/paint.ts";

/** What a run of the program left behind. */
export interface RunResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the program to its end. */
export async function runCli(
  args: readonly string[],
  world: {
    readonly stdin?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly isInteractive?: boolean;
    readonly serve?: Serve;
    readonly showsProgress?: boolean;
    readonly hasColours?: boolean;
    readonly signal?: AbortSignal;
    readonly onOut?: (text: string) => void;
  } = {},
): Promise<RunResult> {
  let out = "";
  let err = "";
  const io: CliIo = {
    out(text) {
      out += text;
      world.onOut?.(text);
    },
    err: (text) => void (err += text),
    readStdin: () => Promise.resolve(new TextEncoder().encode(world.stdin ?? "")),
    readTextFile: (path) => readFile(path, "utf8"),
    readBytes: (path) => readFile(path),
    writeTextFile: (path, text) => writeFile(path, text, { mode: 0o600 }),
    readEnvironment: (names) =>
      Object.fromEntries(Object.entries(world.env ?? {}).filter(([name]) => names.includes(name))),
    environmentNames: (prefix) => Object.keys(world.env ?? {}).filter((name) => name.startsWith(prefix)),
    paint: world.hasColours === true ? coloured : plain,
    paintErr: world.hasColours === true ? coloured : plain,
    columns: 100,
    isInteractive: world.isInteractive ?? false,
    showsProgress: world.showsProgress ?? false,
    interruption: () => ({ signal: world.signal ?? new AbortController().signal, stop: () => {} }),
    loadServer: () =>
      Promise.resolve(world.serve ?? (() => Promise.reject(new Error("this test serves nothing")))),
  };
  const code = await main(args, io);
  return { code, out, err };
}
