/** Remembers that a store fails, and tells a person once when it begins and once when it is over. */

import { type StoreError, toStoreError } from "./store_error.ts";

/** What is wrong with one store, if anything. */
export class Trouble {
  readonly #location: string;
  readonly #warn: (message: string) => void;
  #current: StoreError | undefined;

  /**
   * Nothing is wrong at first.
   *
   * @param location Where the store is, for people
   * @param warn Is told
   */
  constructor(location: string, warn: (message: string) => void) {
    this.#location = location;
    this.#warn = warn;
  }

  /** The latest failure, until the store works again. */
  get current(): StoreError | undefined {
    return this.#current;
  }

  /** The store failed. */
  note(error: unknown): void {
    const failure = toStoreError(error, this.#location);
    if (this.#current?.code !== failure.code) {
      const ending = failure.isTransient
        ? "changes are kept in memory and written as soon as it works again"
        : "changes are kept in memory only";
      this.#warn(`${failure.message}; ${ending}`);
    }
    this.#current = failure;
  }

  /** The store works. */
  end(): void {
    if (!this.#current) return;
    this.#current = undefined;
    this.#warn(`Database "${this.#location}" works again; nothing was lost`);
  }
}
