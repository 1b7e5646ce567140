/** Calls an action for a command. The person at the command line needs no key: the database is theirs. */
import type { ActionName, ActionOutputs } from "../../gen/models.ts";
import type { OpenedPool } from "../service/mod.ts";
import { CliError } from "./exit_codes.ts";
import { exitCodeOf } from "./with_pool.ts";

/**
 * The output of an action.
 *
 * @throws {CliError} The action answers with an error.
 */
export async function callAction<Name extends ActionName>(
  pool: OpenedPool,
  action: Name,
  input: Readonly<Record<string, unknown>> = {},
): Promise<ActionOutputs[Name]> {
  const result = await pool.service.handle({ action, ...input }, { authorized: true, origin: "local" });
  if (result.ok) return result.value as ActionOutputs[Name];
  const { error, code, next_step } = result.error;
  throw new CliError(next_step === undefined ? error : `${error}. ${next_step}`, exitCodeOf(code));
}
