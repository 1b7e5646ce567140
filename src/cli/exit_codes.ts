/** How the program ends. Documented in `--help`. */
import type { ActionErrorBody } from "../../gen/models.ts";

/** Exit codes of the program. */
export const EXIT = {
  /** Done. */
  ok: 0,
  /** The work failed. */
  failed: 1,
  /** The command line or a setting is wrong. */
  usage: 2,
  /** Something named on the command line does not exist. */
  notFound: 3,
  /** The pool has nothing that fits. */
  nothingAvailable: 4,
} as const;

/** One of {@linkcode EXIT}. */
export type ExitCode = typeof EXIT[keyof typeof EXIT];

/** A command that cannot be done; the message goes to stderr, the code to the shell. */
export class CliError extends Error {
  override name = "CliError";
  /** Exit code of the program. */
  readonly exitCode: ExitCode;
  /** What `--json` shows. */
  readonly body: ActionErrorBody;

  /**
   * Makes the error.
   *
   * @param message Sentence case, says what to do
   * @param exitCode What the shell sees
   * @param body What `--json` shows; made of the others when left out
   */
  constructor(message: string, exitCode: ExitCode = EXIT.failed, body?: ActionErrorBody) {
    super(message);
    this.exitCode = exitCode;
    this.body = body ?? { error: message, code: CODES[exitCode] };
  }
}

/** The codes that the protocol has for the same. */
const CODES: Readonly<Record<ExitCode, number>> = { 0: 200, 1: 500, 2: 400, 3: 404, 4: 503 };

/** The exit code for an error of an action. */
export function exitCodeOf(code: number): ExitCode {
  switch (code) {
    case 400:
      return EXIT.usage;
    case 404:
      return EXIT.notFound;
    case 429:
    case 503:
      return EXIT.nothingAvailable;
    default:
      return EXIT.failed;
  }
}

/** The command line is wrong; `--help` of the command is offered. */
export class UsageError extends CliError {
  override name = "UsageError";

  /**
   * Makes the error.
   *
   * @param message Sentence case, names the argument and what is allowed
   * @param body What `--json` shows
   */
  constructor(message: string, body?: ActionErrorBody) {
    super(message, EXIT.usage, body);
  }
}
