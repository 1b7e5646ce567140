/** Opens the pool of a command that reads lists or tries proxies, shows how it goes, and heeds Ctrl+C. */
import { ActionError, type CallProgress, type OpenedPool } from "../service/mod.ts";
import { supplyError } from "../service/supply_error.ts";
import type { Supply } from "../service/supply/supply.ts";
import { CliError, type ExitCode, exitCodeOf } from "./exit_codes.ts";
import type { CliIo } from "./io.ts";
import type { ParsedArguments } from "./parse_arguments.ts";
import { progressBar } from "./progress_bar.ts";
import { withPool, type WithPoolOptions } from "./with_pool.ts";

/** What a command works with. */
export interface SupplyWork {
  /** Lists and trials. */
  readonly supply: Supply;
  /** The pool. */
  readonly pool: OpenedPool;
  /** Aborts when the person has had enough. */
  readonly signal: AbortSignal;
  /** Shows progress; absent when nobody would see it. */
  readonly progress: ((progress: CallProgress) => void) | undefined;
}

/**
 * Calls `use` with the supply of the pool, and shows what it answers when the bar is gone.
 *
 * @throws {CliError} There is no such database, a list is unknown, or no judge answers.
 */
export function withSupply(
  args: ParsedArguments,
  io: CliIo,
  use: (work: SupplyWork) => Promise<{ readonly text: string; readonly code: ExitCode }>,
  options: WithPoolOptions = {},
): Promise<ExitCode> {
  return withPool(args, io, async (pool) => {
    const interruption = io.interruption();
    const bar = progressBar(io);
    try {
      const supply = await pool.service.supply();
      const done = await use({ supply, pool, signal: interruption.signal, progress: bar.report });
      bar.clear();
      io.out(done.text);
      return done.code;
    } catch (error) {
      bar.clear();
      throw toCliError(error);
    } finally {
      interruption.stop();
    }
  }, options);
}

function toCliError(error: unknown): unknown {
  const known = supplyError(error);
  if (!(known instanceof ActionError)) return known;
  const { message, nextStep, status } = known;
  const text = nextStep === undefined ? message : `${message}. ${nextStep}`;
  return new CliError(text, exitCodeOf(status), known.toBody());
}
