/** Small helpers to measure with. */

/** The middle value; the mean of both middle ones when their number is even. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** How often something is measured. */
export interface RepeatOptions {
  /** Measured runs, whose median counts. @default 5 */
  readonly rounds?: number;
  /** Runs before them that do not count. @default 1 */
  readonly warmups?: number;
}

/** Median duration of `run` in milliseconds. */
export async function medianMs(run: () => unknown, options: RepeatOptions = {}): Promise<number> {
  const { rounds = 5, warmups = 1 } = options;
  const durations: number[] = [];
  for (let i = -warmups; i < rounds; i++) {
    const start = performance.now();
    await run();
    if (i >= 0) durations.push(performance.now() - start);
  }
  return median(durations);
}

/** Median time of one call of the synchronous `call`, in microseconds, over rounds of `calls` calls each. */
export function medianUsPerCall(call: () => void, calls: number, options: RepeatOptions = {}): number {
  const [value = NaN] = mediansUsPerCall([call], calls, options);
  return value;
}

/** The same for several, a round of each in turn: what slows the machine for a while slows them all. */
export function mediansUsPerCall(
  candidates: readonly (() => void)[],
  calls: number,
  options: RepeatOptions = {},
): readonly number[] {
  const { rounds = 5, warmups = 1 } = options;
  const durations = candidates.map((): number[] => []);
  for (let i = -warmups; i < rounds; i++) {
    candidates.forEach((call, index) => {
      const start = performance.now();
      for (let j = 0; j < calls; j++) call();
      if (i >= 0) durations[index]?.push((performance.now() - start) * 1000 / calls);
    });
  }
  return durations.map(median);
}
