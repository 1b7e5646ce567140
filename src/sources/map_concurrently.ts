/** Does something for many things, so many at a time, and yields each result as it comes. */

/** Terms of {@linkcode mapConcurrently}. */
export interface MapConcurrentlyOptions {
  /** How many at a time, ≥ 1. */
  readonly concurrency: number;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Maps things to results, which come in the order of completion. The first error ends it all, once the results that
 * are there have been taken; so does leaving the loop; what is under way is then aborted and waited for. Things are taken only as results are: a slow reader
 * slows the work down.
 *
 * Cost: O(1) for each thing, whatever the concurrency (`Promise.race` would be O(concurrency)).
 *
 * @param things What to work on
 * @param work What to do; heeds the signal
 * @param options How many at a time
 * @throws whatever `work` throws, and the reason of the signal
 */
export async function* mapConcurrently<T, R>(
  things: Iterable<T> | AsyncIterable<T>,
  work: (thing: T, signal: AbortSignal) => Promise<R>,
  options: MapConcurrentlyOptions,
): AsyncGenerator<R, void, undefined> {
  const { concurrency, signal } = options;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const results: R[] = [];
  const running = new Set<Promise<void>>();
  let failure: { readonly reason: unknown } | undefined;
  let wake = () => {};
  const fail = (reason: unknown) => {
    failure ??= { reason };
    wake();
  };
  const onAbort = () => fail(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const start = (thing: T) => {
    const task: Promise<void> = work(thing, controller.signal).then((result) => {
      results.push(result);
    }, fail).finally(() => {
      running.delete(task);
      wake();
    });
    running.add(task);
  };
  const source = Symbol.asyncIterator in things ? things[Symbol.asyncIterator]() : things[Symbol.iterator]();
  let isExhausted = false;
  try {
    for (;;) {
      while (
        !isExhausted && failure === undefined && running.size < concurrency && results.length < concurrency
      ) {
        const next = await source.next();
        if (next.done === true) isExhausted = true;
        else start(next.value);
      }
      // What is done is done, also when the rest is given up.
      const ready = results.splice(0);
      for (const result of ready) yield result;
      if (failure !== undefined) throw failure.reason;
      if (ready.length === 0) {
        if (running.size === 0 && isExhausted) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
          // Something may have happened since it was looked at.
          if (results.length > 0 || failure !== undefined || running.size === 0) resolve();
        });
      }
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    controller.abort(failure?.reason ?? new DOMException("Not wanted any more", "AbortError"));
    await Promise.allSettled(running);
    if (!isExhausted) await source.return?.();
  }
}
