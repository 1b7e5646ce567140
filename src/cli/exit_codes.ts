/** How the program ends. Documented in `--help`. */

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

  /**
   * Makes the error.
   *
   * @param message Sentence case, says what to do
   * @param exitCode What the shell sees
   */
  constructor(message: string, exitCode: ExitCode = EXIT.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The command line is wrong; `--help` of the command is offered. */
export class UsageError extends CliError {
  override name = "UsageError";

  /**
   * Makes the error.
   *
   * @param message Sentence case, names the argument and what is allowed
   */
  constructor(message: string) {
    super(message, EXIT.usage);
  }
}
