/** A machine whose processes share one file and one wall clock, both in the hands of the test. */

import { ProxyRotator, type ProxyRotatorOptions } from "../../../src/core/mod.ts";
import { PoolSync, SqliteStore, type Store } from "../../../src/store/mod.ts";
import { TempDir } from "../../support/temp_dir.ts";

/** A running process. */
export interface RunningProcess {
  readonly rotator: ProxyRotator;
  readonly sync: PoolSync;
  readonly warnings: readonly string[];
}

/** Runs processes. */
export class Machine {
  readonly #folder: TempDir = new TempDir();
  readonly #clocks: { time: number }[] = [];
  /** Wall clock, epoch ms. */
  wallTime: number = Date.UTC(2026, 10, 22);

  /** The file that all processes share. */
  get path(): string {
    return this.#folder.join("pool.db");
  }

  /** Starts a process: its own clock begins somewhere, as clocks that never go back do. */
  async start(
    options: ProxyRotatorOptions & { readonly wrap?: (store: Store) => Store } = {},
  ): Promise<RunningProcess> {
    const { wrap = (store: Store) => store, ...others } = options;
    const clock = { time: 1000 + this.#clocks.length * 777_777.5, now: (): number => clock.time };
    this.#clocks.push(clock);
    const wallClock = { now: () => this.wallTime };
    const rotator = new ProxyRotator({ clock, wallClock, random: () => 0.5, ...others });
    const store = new SqliteStore(this.path, { wallClock: () => this.wallTime, waitMs: 30 });
    const warnings: string[] = [];
    const sync = new PoolSync({
      rotator,
      store: wrap(store),
      onWarning: (message) => warnings.push(message),
    });
    await sync.load();
    return { rotator, sync, warnings };
  }

  /** Lets time pass for everybody. */
  advance(ms: number): void {
    this.wallTime += ms;
    for (const clock of this.#clocks) clock.time += ms;
  }

  /** Sets the wall clock, as a person or a time server does. */
  jump(ms: number): void {
    this.wallTime += ms;
  }

  /** Removes the file. */
  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}
