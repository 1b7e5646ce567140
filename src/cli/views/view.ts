/** How the output of an action is shown to people. */
import type { ExitCode } from "../exit_codes.ts";
import type { Paint } from "../paint.ts";

/** How one action is shown. */
export interface View<Output extends object = object> {
  /** Input that a person wants when they do not say otherwise. */
  readonly input?: Readonly<Record<string, unknown>>;
  /** For standard output; ends with a line end. */
  text(output: Output, paint: Paint): string;
  /** For standard error, where it does not disturb who reads the other. */
  remarks?(output: Output, paint: Paint, input: Readonly<Record<string, unknown>>): string;
  /** What the shell sees. @default {0, or 1 when the output says that there was no success} */
  exitCode?(output: Output): ExitCode;
}
