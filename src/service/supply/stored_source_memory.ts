/**
 * What is remembered of sources, kept with the pool. It is read anew before each use and only what has changed is
 * written, so that several servers on one database seldom forget what another has learned.
 */
import { InMemorySourceMemory, type SourceMemory, type SourceRecord } from "../../sources/mod.ts";
import type { Notes } from "./notes.ts";

const PREFIX = "source:";

/** Remembers sources in the notes of a store. */
export class StoredSourceMemory implements SourceMemory {
  readonly #notes: Notes;
  readonly #onError: (error: unknown) => void;
  readonly #changed = new Set<string>();
  #records = new InMemorySourceMemory();

  /**
   * Makes a memory that knows nothing until it is refreshed.
   *
   * @param notes Where it is kept
   * @param onError Hears when that place fails; what was learned then lasts as long as the process
   */
  constructor(notes: Notes, onError: (error: unknown) => void) {
    this.#notes = notes;
    this.#onError = onError;
  }

  /** What is remembered of a source. */
  get(name: string): SourceRecord | undefined {
    return this.#records.get(name);
  }

  /** Remembers it as it is now; written by {@linkcode StoredSourceMemory.save}. */
  set(record: SourceRecord): void {
    this.#records.set(record);
    this.#changed.add(record.name);
  }

  /** Reads what has been kept, by whomever. */
  async refresh(): Promise<void> {
    try {
      const notes = await this.#notes.loadNotes(PREFIX);
      const records = new InMemorySourceMemory([...notes.values()].map(parse));
      for (const record of this.#records.snapshot()) {
        if (this.#changed.has(record.name)) records.set(record);
      }
      this.#records = records;
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Writes what has changed. */
  async save(): Promise<void> {
    const names = [...this.#changed];
    const notes = names.map((name): [string, string] => [PREFIX + name, JSON.stringify(this.get(name))]);
    try {
      if (notes.length > 0) await this.#notes.saveNotes(new Map(notes));
      for (const name of names) this.#changed.delete(name);
    } catch (error) {
      this.#onError(error);
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
