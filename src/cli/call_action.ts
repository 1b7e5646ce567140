/** Calls an action for a command. The person at the command line needs no key: the database is theirs. */
import type { ActionName, ActionOutputs } from "../../gen/models.ts";
import type { CallContext, OpenedPool } from "../service/mod.ts";
import { CliError, exitCodeOf } from "./exit_codes.ts";

/**
 * The output of an action.
 *
 * @throws {CliError} The action answers with an error.
 */
export async function callAction<Name extends ActionName>(
  pool: OpenedPool,
  action: Name,
  input: Readonly<Record<string, unknown>> = {},
  context: Pick<CallContext, "signal" | "progress"> = {},
): Promise<ActionOutputs[Name]> {
  const result = await pool.service.handle({ ...input, action }, {
    ...context,
    authorized: true,
    origin: "local",
  });
  if (result.ok) return result.value as ActionOutputs[Name];
  const { error, code, next_step } = result.error;
  const text = next_step === undefined ? error : `${error}. ${next_step}`;
  throw new CliError(text, exitCodeOf(code), result.error);
}
