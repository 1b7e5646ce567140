/** A child process that a test talks to line by line and can end by its id. */

import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import process from "node:process";
import type { Readable, Writable } from "node:stream";

/** How a child is started. */
export interface ChildOptions {
  /** Environment variables beside those of this process; `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Its working folder; that of this process by default. */
  readonly cwd?: string;
}

/** How a child ended. */
export interface ChildExit {
  /** Exit code, or null when a signal ended it. */
  readonly code: number | null;
  /** The signal that ended it, or null. */
  readonly signal: string | null;
}

/**
 * A running child process.
 *
 * ```ts ignore
 * await using child = new Child("deno", ["run", "-A", "mod.ts"]);
 * child.writeLine(JSON.stringify(request));
 * const answer = JSON.parse(await child.nextLine());
 * ```
 */
export class Child {
  /** Resolves when the process has ended and its output is read to the end; rejects when it could not start. */
  readonly exited: Promise<ChildExit>;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: string[] = [];
  readonly #waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
  #rest = "";
  #stdout = "";
  #stderr = "";
  readonly #stderrListeners = new Set<() => void>();
  #exit: ChildExit | undefined;

  /** Starts `command`. */
  constructor(command: string, args: readonly string[], options: ChildOptions = {}) {
    const env: Record<string, string> = {};
    for (const [key, value] of Object.entries({ ...process.env, ...options.env })) {
      if (value !== undefined) env[key] = value;
    }
    this.#process = spawn(command, args, {
      env,
      stdio: ["pipe", "pipe", "pipe"],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    this.#process.stdout.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    this.#process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
      for (const listener of this.#stderrListeners) listener();
    });
    this.#process.stdin.on("error", () => {}); // EPIPE: the child has ended; `exited` tells
    this.exited = new Promise((resolve, reject) => {
      this.#process.once("error", reject);
      this.#process.once("close", (code, signal) => {
        this.#exit = { code, signal };
        resolve(this.#exit);
        for (const { reject } of this.#waiting.splice(0)) reject(this.#noMoreLines());
        for (const listener of this.#stderrListeners) listener();
      });
    });
    this.exited.catch((error: Error) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  /** Its process id; -1 when it could not start. */
  get pid(): number {
    return this.#process.pid ?? -1;
  }

  /** All that it has written to stdout so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** All that it has written to stderr so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Writes to its stdin. */
  write(text: string): void {
    this.#process.stdin.write(text);
  }

  /** Writes a line to its stdin. */
  writeLine(line: string): void {
    this.write(`${line}\n`);
  }

  /** Ends its stdin. */
  endInput(): void {
    this.#process.stdin.end();
  }

  /** The next line of its stdout, without the line break; rejects when there will be none. */
  nextLine(): Promise<string> {
    const line = this.#lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#exit !== undefined) return Promise.reject(this.#noMoreLines());
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Resolves when its stderr matches, with the match; rejects when it ends without. */
  stderrMatch(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(this.#stderr);
        if (match === null && this.#exit === undefined) return;
        this.#stderrListeners.delete(look);
        if (match === null) reject(this.#noMoreLines());
        else resolve(match);
      };
      this.#stderrListeners.add(look);
      look();
    });
  }

  /** Sends it a signal (SIGTERM by default) and resolves when it has ended. */
  kill(signal: "SIGTERM" | "SIGINT" | "SIGKILL" = "SIGTERM"): Promise<ChildExit> {
    // Not `ChildProcess.kill`: Deno's closes stdin first, and then reports the signal as the end, whatever it was.
    if (this.#exit === undefined && this.pid !== -1) sendSignal(this.pid, signal);
    return this.exited;
  }

  /** Kills it when it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill("SIGKILL").catch(() => {});
  }

  #read(text: string): void {
    this.#stdout += text;
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#lines.push(line);
      else waiting.resolve(line);
    }
  }

  #noMoreLines(): Error {
    const { code, signal } = this.#exit ?? { code: null, signal: null };
    return new Error(
      `The child ended (code ${code}, signal ${signal}) without what was waited for; stderr: ${this.#stderr}`,
    );
  }
}

function sendSignal(pid: number, signal: string): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended on its own in this very moment.
  }
}

/** Runs a command to its end. */
export async function run(
  command: string,
  args: readonly string[],
  options: ChildOptions & { readonly input?: string } = {},
): Promise<ChildExit & { readonly stdout: string; readonly stderr: string }> {
  await using child = new Child(command, args, options);
  if (options.input !== undefined) child.write(options.input);
  child.endInput();
  return { ...await child.exited, stdout: child.stdout, stderr: child.stderr };
}
