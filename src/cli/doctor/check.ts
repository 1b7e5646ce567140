/** One thing that the doctor has looked at. */

/** What was found. */
export interface Check {
  /** What it is about. */
  readonly area: "runtime" | "settings" | "database" | "network" | "clients";
  /** `warn` is no failure: it works, but not as well as it could. */
  readonly status: "ok" | "warn" | "fail";
  /** One sentence, without a full stop. */
  readonly message: string;
  /** What to do. */
  readonly next_step?: string;
}

/** A check of an area. */
export type Checked = Omit<Check, "area">;

/** Works. */
export function ok(message: string): Checked {
  return { status: "ok", message };
}

/** Works, but. */
export function warn(message: string, nextStep: string): Checked {
  return { status: "warn", message, next_step: nextStep };
}

/** Does not work. */
export function fail(message: string, nextStep: string): Checked {
  return { status: "fail", message, next_step: nextStep };
}

/** What an error says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
