/** Opens the database of a command. */
import type { Settings } from "../../gen/settings.ts";
import { createLogger } from "../service/mod.ts";
import { databaseExists, type OpenedPool, openPool } from "../service/open_pool.ts";
import { CliError, EXIT, type ExitCode } from "./exit_codes.ts";
import type { CliIo } from "./io.ts";
import type { ParsedArguments } from "./parse_arguments.ts";
import { settingsOf } from "./setting_options.ts";

/** Options of {@linkcode withPool}. */
export interface WithPoolOptions {
  /** Whether the command may begin without a database; it is made on the first write. @default {false} */
  readonly mayBeNew?: boolean;
  /** Instead of those that the arguments name. */
  readonly settings?: Settings;
}

/**
 * Calls `use` with the pool that the arguments name, and closes it afterwards.
 *
 * @throws {CliError} There is no such database.
 */
export async function withPool(
  args: ParsedArguments,
  io: CliIo,
  use: (pool: OpenedPool) => Promise<ExitCode>,
  options: WithPoolOptions = {},
): Promise<ExitCode> {
  const settings = options.settings ?? await settingsOf(args, io);
  if (settings.db !== ":memory:" && options.mayBeNew !== true && !await databaseExists(settings.db)) {
    throw new CliError(
      `There is no database at "${settings.db}": make one with import, add or fetch, or name another with --db`,
      EXIT.notFound,
    );
  }
  const logger = createLogger({ level: "WARNING", format: "text", write: io.err });
  const pool = await openPool({ settings, logger });
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}
