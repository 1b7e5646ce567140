/** Opens the database of a command. */
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
  const settings = await settingsOf(args, io);
  if (options.mayBeNew !== true && !await databaseExists(settings.db)) {
    throw new CliError(
      `There is no database at "${settings.db}": make one with import, or name another with --db`,
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
